/*
 * The heap: the pages that kmalloc's blocks lie in.
 *
 * The heap is one region of kernel memory, reserved once: 512 MiB of addresses without frames. It grows by one page
 * that gets a frame, and shrinks by one that loses it. A region for each page would not do: a struct region is a block
 * of kmalloc's, so growing would need what it is to provide.
 *
 * The caller holds the lock of kmalloc for every call but the first. Takes the lock of kernel memory. O(1).
 */
#pragma once

#include "lib/error.h"

/* Reserves the heap's addresses. To be called once, when the memory manager works. */
struct error heap_init(void);

/*
 * Backs a page of the heap that has no frame with one of zeros: the page that lost its frame last, or else the lowest
 * that never had one. NO_MEMORY if there is no frame, or no page.
 */
struct error heap_grow(uintptr_t *page);

/* Gives back the frame of a page. */
void heap_shrink(uintptr_t page);
