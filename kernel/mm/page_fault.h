/*
 * Page faults of programs: where a region allows what was tried, the page is filled with a zeroed frame; where not,
 * it is said what is wrong. Nothing is put behind a region before it is touched ("demand-zero").
 *
 * The kernel's own faults are not for here: those are panics.
 */
#pragma once

#include "mm/address_space.h"

struct page_fault {
        uintptr_t address;
        enum access access;
        enum fault_verdict verdict;
        const struct region *region;    /* the one it struck, or whose guard it did; else the nearest; NULL if none */
};

/*
 * Decides what a fault comes to, and does it if it is allowed: then the access can be tried again. Traced.
 * O(log n); O(n) for an address in no region, about which only a program that is to be killed asks.
 */
struct page_fault page_fault_resolve(struct address_space *space, uintptr_t address, enum access access);

/*
 * The region that an address lies in, or in whose guard, or else the nearest; NULL if there is none. Not traced. O(n).
 */
const struct region *page_fault_neighbour(const struct address_space *space, uintptr_t address);
