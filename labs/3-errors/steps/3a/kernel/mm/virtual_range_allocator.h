/*
 * A virtual range allocator keeps the free addresses of one address space: a list of free ranges, in address order, no
 * two of which touch. It is the second record of what is free. The first is the region tree beside it: what no region
 * has is free. The tree decides, and the allocator is told. A change that is made to one of them only, and the two
 * disagree.
 *
 *      allocator:      [ free ]          [    free    ]       [ free ]
 *      tree:                   [ region ]              [region]
 *
 * Each free range is a block of kmalloc's. So taking addresses out of the middle of a free range needs memory, and so
 * does giving addresses back: both can fail for want of it.
 *
 * The allocator has a lock of its own, which it holds while it calls kmalloc. Every call takes it. Every call emits which
 * question was asked and the answer, and what became of the free ranges. O(free ranges), all of them.
 */
#pragma once

#include "lib/list.h"
#include "mm/region_tree.h"
#include "sync/spinlock.h"

struct virtual_range_allocator {
        struct spinlock lock;
        struct { struct list guarded_; } free;  /* of struct free_range */
        struct vrange range;                    /* all addresses that it gives out */
        uint64_t id;                            /* never reused */
        uint64_t tree;                          /* the id of the tree beside it */
};

/* An allocator for the addresses of a tree, all of them free. NO_MEMORY. */
struct error virtual_range_allocator_create(const struct region_tree *tree, struct virtual_range_allocator **out);

/* Frees the allocator and its free ranges. */
void virtual_range_allocator_destroy(struct virtual_range_allocator *allocator);

/* Takes addresses, guards included. OVERLAP if not all of them are free, NO_MEMORY. An empty range is fine. */
struct error virtual_range_allocator_take(struct virtual_range_allocator *allocator, struct vrange range);

/* Gives addresses back. OVERLAP if any of them is free already, NO_MEMORY. An empty range is fine. */
struct error virtual_range_allocator_release(struct virtual_range_allocator *allocator, struct vrange range);
