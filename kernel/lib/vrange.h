/*
 * A range of virtual addresses: every byte from `base` up to, not including, `end`.
 *
 * This is the only place where ends are computed and overflow is checked. A range made by vrange_make() is well formed:
 * base <= end. Because `end` is an address too, the very last page of the 64-bit space belongs to no range
 * (its end would be 2^64): the constructor refuses it, as it refuses everything that wraps round.
 */
#pragma once

#include "lib/types.h"

#define PAGE_SIZE ((size_t)4096)
#define PAGE_SHIFT 12

struct vrange {
        uintptr_t base;
        uintptr_t end;
};

[[nodiscard]] static inline bool vrange_make(struct vrange *out, uintptr_t base, size_t size)
{
        out->base = base;
        return !__builtin_add_overflow(base, size, &out->end);
}

/*
 * Widens a range by `before` bytes below and `after` bytes above: a region together with its guards. False on overflow.
 */
[[nodiscard]] static inline bool vrange_widen(struct vrange *out, struct vrange range, size_t before, size_t after)
{
        return !__builtin_sub_overflow(range.base, before, &out->base) &&
               !__builtin_add_overflow(range.end, after, &out->end);
}

/* Rounds up to a whole number of pages; false if the result does not fit 64 bits. */
[[nodiscard]] static inline bool vrange_round_up(size_t *out, size_t size)
{
        const bool overflow = __builtin_add_overflow(size, PAGE_SIZE - 1, out);
        *out &= ~(PAGE_SIZE - 1);
        return !overflow;
}

static inline size_t vrange_size(struct vrange range)
{
        return range.end - range.base;
}

static inline bool vrange_is_empty(struct vrange range)
{
        return range.base >= range.end;
}

static inline bool vrange_is_page_aligned(struct vrange range)
{
        return !((range.base | range.end) & (PAGE_SIZE - 1));
}

static inline bool vrange_contains(struct vrange range, uintptr_t address)
{
        return range.base <= address && address < range.end;
}

static inline bool vrange_contains_range(struct vrange outer, struct vrange inner)
{
        return outer.base <= inner.base && inner.end <= outer.end;
}

static inline bool vrange_overlaps(struct vrange a, struct vrange b)
{
        return a.base < b.end && b.base < a.end;
}

static inline bool vrange_equals(struct vrange a, struct vrange b)
{
        return a.base == b.base && a.end == b.end;
}

/* The intersection of two ranges; empty (base >= end) if they do not overlap. */
static inline struct vrange vrange_intersection(struct vrange a, struct vrange b)
{
        return (struct vrange){ a.base > b.base ? a.base : b.base, a.end < b.end ? a.end : b.end };
}
