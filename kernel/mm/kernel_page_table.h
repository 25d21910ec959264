/* The kernel's own page tables, from the first instruction on. Nothing in them is ever writable and executable. */
#pragma once

#include "arch/page_entry.h"

/* The table of level 4 that the machine begins with, and keeps. */
extern page_entry kernel_pml4[PAGE_TABLE_ENTRIES];

/* Its one entry for the direct map leads here; mm/direct_map.c fills it. */
extern page_entry direct_pdpt[PAGE_TABLE_ENTRIES];

/* The identity map is for a processor until it runs at high addresses. Turned off, it is forgotten by all. O(1). */
enum identity { IDENTITY_OFF, IDENTITY_ON };
void identity_map(enum identity wanted);

/*
 * Where the registers of a device show, with the rest of the 2 MiB that they lie in. There is room for four such
 * pieces; asked for one that shows already, it returns that. NULL if there is no room. O(1). To be called while one
 * processor runs.
 */
void *device_map(uintptr_t physical);
