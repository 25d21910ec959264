/*
 * The direct map: all of physical memory from DIRECT_MAP_BASE on, readable and writable, never executable, in pages of
 * 2 MiB. The kernel's code and constants are mapped there too, but read-only: the direct map gives no right to write
 * that the image does not give.
 */
#pragma once

#include "mm/layout.h"

/* What the loader left lies below this address, and direct_map_begin() maps all up to it. */
#define DIRECT_MAP_AT_BOOT ((uint64_t)1 << 30)

/* Maps the first GiB, memory or not: enough to read what the loader left and to set up the frames. O(1). */
void direct_map_begin(void);

/*
 * Maps every 2 MiB that hold some of the `count` ranges of memory, and removes the rest. NO_MEMORY if there is no frame
 * for a table. To be called once, while one processor runs. O(count) for each 2 MiB of the highest address.
 */
struct error direct_map_complete(const struct vrange *memory, size_t count);

/*
 * The address of `size` bytes of physical memory that a loader or the firmware has named; NULL unless their first byte
 * and their last are in the direct map. O(1).
 */
const void *direct_map_find(uintptr_t physical, size_t size);

/* The address at which physical memory is mapped, and back. O(1). */
static inline void *direct_map(uintptr_t physical)
{
        return (void *)(DIRECT_MAP_BASE + physical);
}

static inline uintptr_t direct_map_physical(const void *address)
{
        return (uintptr_t)address - DIRECT_MAP_BASE;
}
