/*
 * The kernel's own page tables, from the first instruction on. Nothing in them is ever writable and executable.
 */
#pragma once

#include "arch/page_entry.h"

/* The table of level 4 that the machine begins with, and keeps. */
extern page_entry kernel_pml4[PAGE_TABLE_ENTRIES];

/* Its one entry for the direct map leads here; mm/direct_map.c fills it. */
extern page_entry direct_pdpt[PAGE_TABLE_ENTRIES];

/* Takes the identity map away, which has served once the processor runs at high addresses. */
void drop_identity_map(void);
