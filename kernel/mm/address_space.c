#include "lib/string.h"
#include "mm/address_space_internal.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/pause.h"

/* --- operations and their steps --------------------------------------------------------------------------- */

/*
 * How much one step does: a region counts 1, and so do each four of its pages, up to the 64 that one step over pages
 * deals with. Each unit takes up to some 2,000 instructions.
 */
enum { WORK_PER_STEP = 12, PAGES_PER_UNIT = 4 };

void address_space_lock(struct address_space *space)
{
        for (;;) {
                spinlock_acquire(&space->lock);
                if (!address_space_state(space)->in_progress)
                        return;
                spinlock_release(&space->lock);
                pause_between_steps();
        }
}

void operation_begin(struct address_space *space, enum space_operation kind, uintptr_t base, size_t size,
                     enum protection protection)
{
        address_space_lock(space);
        address_space_state(space)->in_progress = true;
        address_space_state(space)->work = 0;
        watched_operation_begin(&space->watched, kind, base, size, protection);
}

struct error operation_end(struct address_space *space, struct error error, uintptr_t base)
{
        watched_operation_end(&space->watched, error, base);
        address_space_state(space)->in_progress = false;
        spinlock_release(&space->lock);
        return error;
}

void operation_pause(struct address_space *space)
{
        address_space_state(space)->work = 0;
        spinlock_release(&space->lock);
        pause_between_steps();
        spinlock_acquire(&space->lock);
}

void operation_did(struct address_space *space, struct vrange range)
{
        const size_t pages = vrange_size(range) / PAGE_SIZE, done = pages < PAGE_BATCH_SIZE ? pages : PAGE_BATCH_SIZE;
        address_space_state(space)->work += 1 + (unsigned)done / PAGES_PER_UNIT;
        if (address_space_state(space)->work >= WORK_PER_STEP)
                operation_pause(space);
}

/* --- regions ---------------------------------------------------------------------------------------------- */

struct error check_range(struct vrange range)
{
        return vrange_is_empty(range) || !vrange_is_page_aligned(range) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

struct error region_like(const struct region *other, struct region **out)
{
        TRY(region_create(other->name, other->protection, out));
        (*out)->backing = other->backing;
        region_backing_hold(other->backing);
        return SUCCESS;
}

void region_release(struct region *region)
{
        if (region)
                region_backing_release(region->backing);
        region_free(region);
}

void drop_pages(struct address_space *space, struct vrange range)
{
        struct vrange rest = range;
        while (!vrange_is_empty(rest)) {
                const struct vrange before = rest;
                user_pages_drop_step(address_space_pages(space), &rest);
                operation_did(space, before);
        }
}

bool protect_pages(struct address_space *space, const struct region *region)
{
        struct vrange rest = region_range(region);
        bool any = false;
        while (!vrange_is_empty(rest)) {
                const struct vrange before = rest;
                any |= user_pages_protect_step(address_space_pages(space), region, &rest);
                operation_did(space, before);
        }
        return any;
}

/* With the last region that shows an object its pages go, which may be many: the lock is given back meanwhile. */
void remove_region(struct address_space *space, struct region *region)
{
        error_ignore(region_tree_remove(address_space_tree(space), region));
        if (!region_object(region)) {
                region_release(region);
                return;
        }
        spinlock_release(&space->lock);
        region_release(region);
        spinlock_acquire(&space->lock);
}

struct error find_mapped(struct address_space *space, struct vrange range, struct region **first,
                         struct region **last)
{
        enum { REGIONS_PER_STEP = 64 };
        struct region *region = region_tree_find_intersecting(address_space_tree(space), range);
        if (!region || region_range(region).base > range.base)
                return FAIL(NOT_FOUND);
        *first = region;
        for (size_t seen = 1; region_range(region).end < range.end; seen++) {
                struct region *next = region_tree_next(region);
                if (!next || region_range(next).base != region_range(region).end)
                        return FAIL(NOT_FOUND);
                region = next;
                if (seen % REGIONS_PER_STEP == 0)
                        operation_pause(space);
        }
        *last = region;
        return SUCCESS;
}

/* --- beginning and end ------------------------------------------------------------------------------------ */

struct error address_space_create(const char *name, struct vrange range, uint64_t seed, struct address_space **out)
{
        TRY(check_range(range));
        struct address_space *space = kmalloc(sizeof *space, PURPOSE_SPACE);
        if (!space)
                return FAIL(NO_MEMORY);
        TRY_OR(user_pages_create(&space->state.guarded_.pages), kfree(space));
        memcpy(space->name, name, strnlen(name, ADDRESS_SPACE_NAME_SIZE - 1));
        space->lock.class = LOCK_ADDRESS_SPACE;
        rng_seed(&space->state.guarded_.rng, seed);
        region_tree_init(&space->state.guarded_.tree, range);
        space->watched = (struct watched_space){ .name = space->name, .tree = &space->state.guarded_.tree,
                                                 .lock = &space->lock };
        keyframe_watch(&space->watched);
        space->state.guarded_.pages.space = space->watched.id;
        *out = space;
        return SUCCESS;
}

void address_space_destroy(struct address_space *space)
{
        struct region *region;
        spinlock_acquire(&space->lock);
        address_space_state(space)->in_progress = true;
        struct region_tree *tree = address_space_tree(space);
        while ((region = region_tree_first(tree))) {
                drop_pages(space, region_range(region));
                remove_region(space, region);
        }
        frame_free(address_space_root(space));
        spinlock_release(&space->lock);
        keyframe_unwatch(&space->watched);
        region_tree_destroy(tree);
        kfree(space);
}

/* --- looking ---------------------------------------------------------------------------------------------- */

static struct region_listing listing_of(const struct region *region)
{
        const struct vrange range = region_range(region);
        struct region_listing listing = {
                .base = range.base,
                .end = range.end,
                .protection = region->protection,
                .colour = region_tree_colour(region),
                .depth = region_tree_depth(region),
                .sharing = region_sharing(region),
        };

        memcpy(listing.name, region->name, sizeof listing.name);
        return listing;
}

size_t address_space_list(struct address_space *space, uintptr_t from, struct region_listing *out, size_t most)
{
        size_t count = 0;
        spinlock_acquire(&space->lock);
        struct region *below, *region = region_tree_above(address_space_tree(space), from, &below);
        if (region && region_range(region).end <= from)
                region = region_tree_next(region);      /* only its guard lies above */
        for (; region && count < most; region = region_tree_next(region))
                out[count++] = listing_of(region);
        spinlock_release(&space->lock);
        return count;
}

struct address_space_totals address_space_totals(struct address_space *space)
{
        struct address_space_totals totals;
        spinlock_acquire(&space->lock);
        totals.regions = address_space_tree(space)->count;
        totals.pages = address_space_pages(space)->pages;
        spinlock_release(&space->lock);
        return totals;
}
