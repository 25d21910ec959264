/*
 * Page faults of programs: where a region allows what was tried, the page is made ready for it; where not, it is said
 * what is wrong. Nothing is put behind a region before it is touched ("demand-zero").
 *
 * A stack grows down when the guard before it is touched, so that the address lies inside and the guard, as large as
 * before, below; until it has 8 MiB or the guard would meet another region.
 *
 * The kernel's own faults are not for here: those are panics.
 */
#pragma once

#include "lib/vocabulary/address_space.h"
#include "lib/vocabulary/protection.h"
#include "mm/address_space.h"

/* A region as it was seen: it may be gone by now. */
struct region_seen {
        struct vrange range;            /* empty: no region at all */
        enum protection protection;
        char name[REGION_NAME_SIZE];
};

struct page_fault {
        uintptr_t address;
        enum access access;
        enum fault_verdict verdict;
        struct region_seen region;      /* the one it struck, or whose guard it did; else the nearest */
};

/* Whether the access can be tried again. */
static inline bool page_fault_is_resolved(const struct page_fault *fault)
{
        return fault->verdict <= FAULT_DONE;
}

/* Decides what a fault comes to, and does it if it is allowed. Takes the space's lock. Traced. O(log n). */
struct page_fault page_fault_resolve(struct address_space *space, uintptr_t address, enum access access);

/* The region an address lies in, or in whose guard, or else the nearest. Takes the space's lock. Not traced. O(log n). */
struct region_seen page_fault_neighbour(struct address_space *space, uintptr_t address);
