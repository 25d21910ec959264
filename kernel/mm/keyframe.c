#include "mm/keyframe.h"
#include "mm/region_tree_keyframe.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

/* A piece of a tree is sent with its lock held once; at the last attempt, all of the tree is. */
enum { REGIONS_A_PIECE = 64, LAST_ATTEMPT = 3 };

static struct spinlock watched_lock = SPINLOCK(LOCK_WATCHED);
static struct list watched GUARDED_BY(watched_lock);           /* the newest first */
static size_t watched_count GUARDED_BY(watched_lock);
static uint64_t newest_space GUARDED_BY(watched_lock);

/* Held while a space is shown that others may change: it is not forgotten, and so not freed, meanwhile. */
static struct spinlock shown_lock = SPINLOCK(LOCK_SHOWN);

void keyframe_watch(struct watched_space *space)
{
        spinlock_acquire(&watched_lock);
        space->id = ++newest_space;
        list_insert_after(&watched, NULL, &space->node);
        watched_count++;
        trace_space_created(space->id, space->tree->id, space->name);
        spinlock_release(&watched_lock);
}

static void forget_locked(struct watched_space *space) REQUIRES(shown_lock, watched_lock)
{
        list_remove(&watched, &space->node);
        watched_count--;
        trace_space_destroyed(space->id);
}

void keyframe_forget(struct watched_space *space)
{
        spinlock_acquire(&shown_lock);
        spinlock_acquire(&watched_lock);
        forget_locked(space);
        spinlock_release(&watched_lock);
        spinlock_release(&shown_lock);
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

static size_t show_changing_locked(struct watched_space *space) REQUIRES(shown_lock, *space->lock)
{
        show_space(space);
        for (unsigned attempt = 1; attempt < LAST_ATTEMPT && !space->tree->cause; attempt++)
                if (show_in_pieces(space, attempt))
                        return space->tree->count;
        return show_at_once(space);
}

/* --- all of them ------------------------------------------------------------------------------------------ */

/* The newest space of a lower id, NULL if there is none. O(spaces). */
static struct watched_space *space_below_locked(uint64_t id) REQUIRES(watched_lock)
{
        for (struct list_node *at = watched.first; at; at = at->next) {
                struct watched_space *space = container_of(at, struct watched_space, node);

                if (space->id < id)
                        return space;
        }
        return NULL;
}

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

/* Shows the next space; false if there was none. It is kept by shown_lock, not by the list's lock. */
static bool show_next(uint64_t *id, size_t *regions)
{
        spinlock_acquire(&shown_lock);
        struct watched_space *space = WITH_LOCK(&watched_lock, space_below_locked(*id));
        if (space) {
                *id = space->id;
                *regions += WITH_LOCK(space->lock, show_changing_locked(space));
        }
        spinlock_release(&shown_lock);
        return space;
}

size_t keyframe_send_running(void (*show_the_rest)(void))
{
        uint64_t id = UINT64_MAX;
        size_t regions = 0;

        spinlock_acquire(&watched_lock);
        trace_keyframe_begin(watched_count);
        spinlock_release(&watched_lock);
        show_the_rest();
        while (show_next(&id, &regions))
                continue;
        trace_keyframe_end(regions);
        return regions;
}
