/*
 * A region: one stretch of addresses with one protection, and its place in a region tree.
 *
 *                base                                        end
 *      --- gap -->|<- guard ->[========= range =========]<- guard ->|
 *
 * A region occupies its range and its guards: pages on either side that nothing may take. All that a descent
 * through the tree reads lies in the first cache line; names, ids and the rest are in the next.
 *
 * A region belongs to whoever created it. A tree only links it, and it must be out of its tree to be freed. Its backing
 * is used by its address space alone.
 */
#pragma once

#include "lib/error.h"
#include "lib/rbtree_node.h"
#include "lib/vocabulary/protection.h"
#include "lib/vrange.h"

enum { REGION_NAME_SIZE = 24 };

enum sharing { MAP_PRIVATE, MAP_SHARED };

struct region {
        struct rbtree_node node;
        uintptr_t base, end;            /* what it occupies, guards included */
        size_t gap;                     /* of the hole just below base: mm/gap.h */
        size_t max_gap[2];              /* the largest gap in each child's subtree; 0 without a child */

        uint64_t id;                    /* never reused */
        size_t guard_before, guard_after;
        enum protection protection;
        bool in_tree;
        struct region_backing *backing; /* mm/region_backing.h; NULL: private memory, zeros when first touched */
        char name[REGION_NAME_SIZE];
} __attribute__((aligned(64)));
_Static_assert(sizeof(struct region) == 128, "two cache lines: what a descent reads, and the rest");

/* Makes a region with a fresh id, in no tree, of no size. The name is cut to fit. */
void region_init(struct region *region, const char *name, enum protection protection);

/* Likewise a new one. NO_MEMORY if kmalloc fails. */
struct error region_create(const char *name, enum protection protection, struct region **out);

/* Whether that changes anything. Traced, like everything that changes a region. */
bool region_set_protection(struct region *region, enum protection protection);

/* The region must be in no tree. NULL is fine. */
void region_free(struct region *region);

/* The region's own addresses, without its guards. */
static inline struct vrange region_range(const struct region *region)
{
        return (struct vrange){ region->base + region->guard_before, region->end - region->guard_after };
}
