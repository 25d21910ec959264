/*
 * What the files of the address space share: address_space.c has its life and the short operations, address_space_map.c
 * makes regions, address_space_unmap.c takes them away, address_space_protect.c splits and joins them,
 * address_space_clone.c copies them, address_space_list.c only looks; mm/page_fault.c lets them grow. For them alone.
 */
#pragma once

#include "mm/address_space.h"
#include "mm/region_backing.h"
#include "trace/trace.h"

/* What is asked of a space, and what came of it: told to the trace with the lock held. */
static inline void tell_begin(struct address_space *space, enum space_operation kind, uintptr_t base, size_t size,
                              enum protection protection) REQUIRES(space->lock)
{
        space->guarded_.tree.cause = ++space->guarded_.operations;
        trace_space_begin(space->watched.id, space->guarded_.operations, kind, base, size, protection);
}

static inline struct error tell_end(struct address_space *space, struct error error, uintptr_t base)
        REQUIRES(space->lock)
{
        trace_space_end(space->watched.id, space->guarded_.operations, (enum error_code)error.code,
                        error.code ? 0 : base);
        space->guarded_.tree.cause = 0;
        return error;
}

/* Every operation begins and ends with these. */
static inline void operation_begin(struct address_space *space, enum space_operation kind, uintptr_t base, size_t size,
                                   enum protection protection) ACQUIRES(space->lock)
{
        spinlock_acquire(&space->lock);
        tell_begin(space, kind, base, size, protection);
}

static inline struct error operation_end(struct address_space *space, struct error error, uintptr_t base)
        RELEASES(space->lock)
{
        error_ignore(tell_end(space, error, base));
        spinlock_release(&space->lock);
        return error;
}

static inline struct error check_range(struct vrange range)
{
        return vrange_is_empty(range) || !vrange_is_page_aligned(range) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

/* What is left of a region when `range` is taken out of it. */
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

/* Frees a region in no tree, and lets go of its backing. NULL is fine. */
void region_release(struct region *region);

/* Finds the first and last region of a range that must be mapped without a hole: NOT_FOUND if it is not. */
struct error find_mapped(struct region_tree *tree, struct vrange range, struct region **first, struct region **last);

struct error unmap_locked(struct address_space *space, struct vrange range) REQUIRES(space->lock);
