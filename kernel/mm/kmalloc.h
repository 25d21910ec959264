/*
 * Small blocks of kernel memory, from the heap. Anything larger comes from the memory manager (mm/memory_manager.h).
 *
 * Blocks are aligned to 64 bytes if they are at least that large, else to 16. Every call is traced with its size and
 * purpose. Every call takes the lock of kmalloc, which comes after all but those of kernel memory, frames and
 * shootdowns, and is O(1). In the host build the same two functions call malloc() and free().
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/purpose.h"

/* Reserves the heap's addresses. NO_MEMORY. To be called once, when the memory manager works. */
struct error kmalloc_init(void);

enum { KMALLOC_MOST = 1984 };

/* A block of at least `size` bytes, zeroed; NULL if there is no memory, or for more than KMALLOC_MOST. */
[[nodiscard]] void *kmalloc(size_t size, enum purpose purpose);

/* For tests: asked at each kmalloc() whether it is to fail (test/fault_injection.h). NULL: it is not. */
extern bool (*kmalloc_request_hook)(void);

/* Gives a block back. NULL is fine; anything that is not a live block is a panic. */
void kfree(void *block);

/*
 * Gives back the spare pages, at most one for each size of blocks, and returns how many. It is called when memory runs
 * out, and before free memory is counted.
 */
size_t kmalloc_trim(void);

/* Blocks that are live now, and the bytes they take. */
struct kmalloc_count {
        size_t blocks, bytes;
};
struct kmalloc_count kmalloc_live(void);
