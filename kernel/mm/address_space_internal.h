/*
 * What the files of the address space share:
 *
 *      address_space.c         creates and destroys spaces, and looks at them; operations and their steps
 *      address_space_place.c   where a new region goes
 *      address_space_map.c     makes regions, takes them away, resizes them
 *      address_space_unmap.c   what an unmapping does to each region of its range
 *      address_space_protect.c changes what they allow, which splits and joins them
 *      address_space_clone.c   copies them all, for a fork
 *      page_fault.c            lets stacks grow
 *
 * No other file of the kernel includes this header; test/space_find.c does.
 *
 * An operation may concern any number of regions and pages. So it is done in steps of bounded time, and the space's
 * lock is given back between them. Meanwhile the space is marked as in progress: every thread that is about to change
 * it, page faults too, waits for the end of the operation, and those who only look (at the listing, for a keyframe) see
 * what has been done so far. So an operation may keep pointers to regions from one step to the next. What says nothing
 * of its cost is O(1), besides the pauses.
 *
 *      operation_begin(space, UNMAP, ...);             waits until no other operation is in progress
 *      for (each region in the range) {
 *              ... work on it ...
 *              operation_did(space, range);            a pause, if that was enough work for one step
 *      }
 *      return operation_end(space, SUCCESS, base);
 */
#pragma once

#include "mm/address_space.h"
#include "mm/region_backing.h"
#include "mm/tlb.h"
#include "trace/trace.h"

/* Acquires the lock of a space that no operation is in progress on; waits, with pauses, while one is. */
void address_space_lock(struct address_space *space) ACQUIRES(space->lock);

/* Marks a space as in progress, and traces what is asked for. */
void operation_begin(struct address_space *space, enum space_operation kind, uintptr_t base, size_t size,
                     enum protection protection) ACQUIRES(space->lock);

/* Traces the result, and lets others in. Yields `error`. */
struct error operation_end(struct address_space *space, struct error error, uintptr_t base) RELEASES(space->lock);

/* Gives back the lock between two steps, and takes it again. */
void operation_pause(struct address_space *space) REQUIRES(space->lock);

/* Counts work on one region, with the pages of `range`; pauses when a step has been long enough. */
void operation_did(struct address_space *space, struct vrange range) REQUIRES(space->lock);

/* Gives back all frames of a range, in steps: O(its pages). */
void drop_pages(struct address_space *space, struct vrange range) REQUIRES(space->lock);

/*
 * Lets the pages of a region allow what the region does, in steps. Yields whether processors may cache what is not
 * allowed any more. O(its pages).
 */
bool protect_pages(struct address_space *space, const struct region *region) REQUIRES(space->lock);

/* Takes a region out of the tree and frees it. It has no pages any more. O(log n), and steps for its object. */
void remove_region(struct address_space *space, struct region *region) REQUIRES(space->lock);

/* BAD_ARGUMENT unless a range is whole pages, at least one. */
struct error check_range(struct vrange range);

/* Whether something is left of a region on either side when `range` is taken out of it. */
static inline bool remains_below(const struct region *region, struct vrange range)
{
        return region_range(region).base < range.base;
}

static inline bool remains_above(const struct region *region, struct vrange range)
{
        return region_range(region).end > range.end;
}

/* A new region, in no tree, with the name, protection and backing of another. NO_MEMORY. */
struct error region_like(const struct region *other, struct region **out);

/* Frees a region in no tree, and its share of its backing. NULL is fine. */
void region_release(struct region *region);

/*
 * Finds the first and last region of a range that must be mapped without a hole: NOT_FOUND if it is not. In steps:
 * O(k + log n) for k regions.
 */
struct error find_mapped(struct address_space *space, struct vrange range, struct region **first,
                         struct region **last) REQUIRES(space->lock);

/* Unmaps a range, as address_space_unmap(). In steps; only before the first of them it may fail. */
struct error unmap_locked(struct address_space *space, struct vrange range) REQUIRES(space->lock);

/* Links a new region where the mapping says (address_space_place.c). Errors as address_space_map(). */
struct error place_region(struct address_space *space, struct region *region, const struct mapping *mapping)
        REQUIRES(space->lock);
