/*
 * The direct map: all of physical memory from DIRECT_MAP_BASE on, readable and writable, never executable, in pages of
 * 2 MiB. The kernel's code and constants show there too, but read-only, so that it is no way around their rights.
 */
#pragma once

#include "mm/layout.h"

/* What the loader left is found within this much, which direct_map_begin() shows. */
#define DIRECT_MAP_AT_BOOT ((uint64_t)1 << 30)

/* Shows the first GiB, memory or not: enough to read what the loader left and to set up the frames. */
void direct_map_begin(void);

/*
 * From now on shows every 2 MiB that hold some of the `count` ranges of memory, and nothing else. NO_MEMORY if there
 * is no frame for a table.
 */
struct error direct_map_complete(const struct vrange *memory, size_t count);

/* Where a physical address shows, and back. */
static inline void *direct_map(uintptr_t physical)
{
        return (void *)(DIRECT_MAP_BASE + physical);
}

static inline uintptr_t direct_map_physical(const void *address)
{
        return (uintptr_t)address - DIRECT_MAP_BASE;
}
