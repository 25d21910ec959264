/*
 * What a region tree keeps in each region: its node, the gap below it, and the largest gap of each child's subtree.
 *
 * A gap is a size in bytes, a whole number of pages, with one thing more in its lowest bit, which a size never uses:
 * whether a large page, 2 MiB at a multiple of 2 MiB, lies in the hole.
 *
 *      2 MiB        4 MiB        6 MiB
 *        |  [=======]--|----------| [===]           the bit is set: 4 MiB to 6 MiB is free
 *        |[===]--------|---------[====]             the hole is nearly as large, and the bit is not set
 *
 * The largest gap of a subtree has the size of its largest hole, and the bit if any of its holes has it. A search for
 * an aligned 2 MiB leaves out every subtree without the bit. Comparing a gap with a size needs no masking: the bit is
 * less than a page.
 */
#pragma once

#include "arch/page_entry.h"
#include "lib/rbtree_node.h"
#include "lib/vrange.h"

/* Only the files of the region tree change these. */
struct region_links {
        struct rbtree_node node;
        size_t gap;                     /* of the hole just below the region */
        size_t max_gap[2];              /* the largest gap in each child's subtree; 0 without a child */
};

#define GAP_HOLDS_LARGE_PAGE ((size_t)1)

/* Most holes are smaller than a large page, so the compiler is told to keep this out of the way. */
static __attribute__((noinline, cold)) bool hole_holds_large_page(struct vrange hole)
{
        uintptr_t base, end;

        return !__builtin_add_overflow(hole.base, LARGE_PAGE_SIZE - 1, &base) &&
               !__builtin_add_overflow(base & ~(LARGE_PAGE_SIZE - 1), LARGE_PAGE_SIZE, &end) && end <= hole.end;
}

/* The gap of a hole, which is page aligned and may be empty. O(1), as all here. */
static inline size_t gap_of(struct vrange hole)
{
        const size_t size = vrange_size(hole);

        if (__builtin_expect(size < LARGE_PAGE_SIZE, true) || !hole_holds_large_page(hole))
                return size;
        return size | GAP_HOLDS_LARGE_PAGE;
}

/* In bytes. */
static inline size_t gap_size(size_t gap)
{
        return gap & ~GAP_HOLDS_LARGE_PAGE;
}

/* The larger size, and the bit if either has it. */
static inline size_t gap_larger(size_t a, size_t b)
{
        return (a > b ? a : b) | ((a | b) & GAP_HOLDS_LARGE_PAGE);
}
