/*
 * A region: one stretch of addresses with one protection, and its place in a region tree.
 *
 *                base                                        end
 *      --- gap -->|<- guard ->[========= range =========]<- guard ->|
 *
 * A region occupies its range and its guards: pages on either side that nothing may take. All that a descent
 * through the tree reads lies in the first cache line; names, ids and the rest are in the next.
 *
 * The caller that created a region owns it. A tree only links it, and it must be removed from its tree before it is
 * freed. Only its address space uses its backing.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/protection.h"
#include "mm/region_links.h"

enum { REGION_NAME_SIZE = 24 };

enum sharing { MAP_PRIVATE, MAP_SHARED };

struct region {
        struct region_links links;      /* its place in the tree */
        uintptr_t base, end;            /* what it occupies, guards included */

        uint64_t id;                    /* never reused */
        size_t guard_before, guard_after;
        enum protection protection;
        bool in_tree;
        struct region_backing *backing; /* mm/region_backing.h; NULL: private memory, zeros when first touched */
        char name[REGION_NAME_SIZE];
} __attribute__((aligned(64)));
_Static_assert(sizeof(struct region) == 128, "two cache lines: what a descent reads, and the rest");

/* Makes a region with a fresh id, in no tree, of no size. The name is cut to fit. O(1). */
void region_init(struct region *region, const char *name, enum protection protection);

/* The same for a new region, which the caller owns. NO_MEMORY if kmalloc fails. O(1). */
struct error region_create(const char *name, enum protection protection, struct region **out);

/*
 * Sets what may be done with the region. Returns whether that changed anything. Traced, like everything that changes a
 * region. The caller must hold the lock that guards the region's tree. O(1).
 */
bool region_set_protection(struct region *region, enum protection protection);

/* Frees a region that is in no tree. Does nothing for NULL. O(1). */
void region_free(struct region *region);

/* One region, as the system call `regions` lists it. */
struct region_listing {
        uint64_t base, end;
        uint32_t protection, sharing;
        uint32_t depth;                         /* in the tree; the root's is 0 */
        uint32_t colour;
        char name[REGION_NAME_SIZE];
};

/* The region's own addresses, without its guards. */
static inline struct vrange region_range(const struct region *region)
{
        return (struct vrange){ region->base + region->guard_before, region->end - region->guard_after };
}
