#include "mm/keyframe.h"
#include "mm/pause.h"
#include "mm/region_tree_keyframe.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

/* A piece of a tree is sent with its lock held once; at the last attempt, all of the tree is. */
enum { REGIONS_A_PIECE = 64, LAST_ATTEMPT = 3 };

static struct spinlock watched_lock = SPINLOCK(LOCK_WATCHED);
static struct list watched GUARDED_BY(watched_lock);           /* the newest first */
static size_t watched_count GUARDED_BY(watched_lock);
static uint64_t newest_space GUARDED_BY(watched_lock);

/* The space that is shown while others may change it: it stays watched, and so is not freed, meanwhile. NULL: none. */
static const struct watched_space *shown GUARDED_BY(watched_lock);

void keyframe_watch(struct watched_space *space)
{
        spinlock_acquire(&watched_lock);
        space->id = ++newest_space;
        list_insert_after(&watched, NULL, &space->node);
        watched_count++;
        trace_space_created(space->id, space->tree->id, space->name);
        spinlock_release(&watched_lock);
}

static bool unwatch_locked(struct watched_space *space) REQUIRES(watched_lock)
{
        if (shown == space)
                return false;
        list_remove(&watched, &space->node);
        watched_count--;
        trace_space_destroyed(space->id);
        return true;
}

void keyframe_unwatch(struct watched_space *space)
{
        while (!WITH_LOCK(&watched_lock, unwatch_locked(space)))
                pause_between_steps();
}

/* --- operations ------------------------------------------------------------------------------------------- */

void watched_operation_begin(struct watched_space *space, enum space_operation kind, uintptr_t base, size_t size,
                             enum protection protection)
{
        space->tree->cause = ++space->operations;
        trace_space_begin(space->id, space->operations, kind, base, size, protection);
}

void watched_operation_end(struct watched_space *space, struct error error, uintptr_t base)
{
        trace_space_end(space->id, space->operations, (enum error_code)error.code, error.code ? 0 : base);
        space->tree->cause = 0;
}

/* --- one space -------------------------------------------------------------------------------------------- */

static void show_space(const struct watched_space *space)
{
        trace_keyframe_space(space->id, space->tree->id, space->operations, space->tree->cause != 0, space->name);
}

static size_t show_at_once(const struct watched_space *space)
{
        const struct region_tree *tree = space->tree;

        region_tree_show_regions(tree, region_tree_show(tree, LAST_ATTEMPT), SIZE_MAX);
        trace_keyframe_tree_end(tree->id, tree->operations, tree->count);
        return tree->count;
}

/* Shows the tree of a space in pieces, and lets others have its lock between them. False if they changed something. */
static bool show_in_pieces(struct watched_space *space, unsigned attempt) REQUIRES(*space->lock)
{
        const struct region_tree *tree = space->tree;
        const uint64_t tree_operations = tree->operations, space_operations = space->operations;
        const struct region *next = region_tree_show(tree, attempt);

        while ((next = region_tree_show_regions(tree, next, REGIONS_A_PIECE))) {
                spinlock_release(space->lock);
                spinlock_acquire(space->lock);
                if (tree->operations != tree_operations || space->operations != space_operations)
                        return false;
        }
        trace_keyframe_tree_end(tree->id, tree->operations, tree->count);
        return true;
}

static size_t show_changing_locked(struct watched_space *space) REQUIRES(*space->lock)
{
        show_space(space);
        for (unsigned attempt = 1; attempt < LAST_ATTEMPT && !space->tree->cause; attempt++)
                if (show_in_pieces(space, attempt))
                        return space->tree->count;
        return show_at_once(space);
}

/* --- all of them ------------------------------------------------------------------------------------------ */

size_t keyframe_send(void)
{
        size_t regions = 0;
        spinlock_acquire(&watched_lock);
        trace_keyframe_begin(watched_count);
        for (struct list_node *at = watched.first; at; at = at->next) {
                const struct watched_space *space = container_of(at, struct watched_space, node);

                show_space(space);
                regions += show_at_once(space);
        }
        trace_keyframe_end(regions);
        spinlock_release(&watched_lock);
        return regions;
}

/* The newest space of a lower id, which is shown next; NULL if there is none. O(spaces). */
static struct watched_space *next_to_show_locked(uint64_t id) REQUIRES(watched_lock)
{
        for (struct list_node *at = watched.first; at; at = at->next) {
                struct watched_space *space = container_of(at, struct watched_space, node);

                if (space->id < id) {
                        shown = space;
                        return space;
                }
        }
        shown = NULL;
        return NULL;
}

size_t keyframe_send_running(void (*show_the_rest)(void))
{
        struct watched_space *space;
        uint64_t id = UINT64_MAX;
        size_t regions = 0;

        spinlock_acquire(&watched_lock);
        trace_keyframe_begin(watched_count);
        spinlock_release(&watched_lock);
        show_the_rest();
        while ((space = WITH_LOCK(&watched_lock, next_to_show_locked(id)))) {
                id = space->id;
                regions += WITH_LOCK(space->lock, show_changing_locked(space));
        }
        trace_keyframe_end(regions);
        return regions;
}
