/*
 * Page faults of programs. If a region allows the access, the page is made ready for it; if not, the verdict says what
 * is wrong. A page gets its frame when it is touched for the first time ("demand paging").
 *
 * A stack grows when an address below it is touched, so that the address lies in it. The guard below keeps its size and
 * moves down, too. There is no growth beyond 8 MiB, and none where the stack or its guard would meet another region. So
 * a function may touch its local variables in any order, however large they are.
 *
 * Faults of the kernel itself do not come here: those are panics.
 */
#pragma once

#include "mm/address_space.h"

/* A copy of what describes a region: the region itself may have been freed since. */
struct region_seen {
        struct vrange range;            /* empty: no region at all */
        enum protection protection;
        char name[REGION_NAME_SIZE];
};

struct page_fault {
        uintptr_t address;
        enum access access;
        enum fault_verdict verdict;
        struct region_seen region;      /* the one that contains the address, or whose guard does; else the nearest */
};

/* Whether the access can be tried again. */
static inline bool page_fault_is_resolved(const struct page_fault *fault)
{
        return fault->verdict <= FAULT_DONE;
}

/*
 * Decides how a fault ends, and resolves it if it is allowed. Takes the space's lock. Traced. O(log n), for n regions.
 */
struct page_fault page_fault_resolve(struct address_space *space, uintptr_t address, enum access access);
