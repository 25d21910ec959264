/*
 * The memory manager: the kernel's own memory, beyond its image and the direct map. The same region tree that serves
 * processes says where regions are; here each page of a region has a frame of its own. A call that fails has changed
 * nothing. Every call takes memory_manager_lock itself, unless it says otherwise; that lock comes after kmalloc's and
 * before that of frames. In the costs below n is the number of regions.
 */
#pragma once

#include "mm/region_tree.h"
#include "sync/spinlock.h"

enum guards { WITHOUT_GUARDS, WITH_GUARDS };

/* To be called once, when the direct map is complete. Regions can be had after kmalloc_init(). */
void memory_manager_init(void);

/*
 * A region of `size` bytes, rounded up to whole pages, zeroed, in the lowest hole that fits; with guards, the page
 * on either side is kept free of anything. NO_MEMORY if there is no hole or not enough frames; BAD_ARGUMENT if the
 * size is 0 or if both writing and executing are to be allowed. O(log n + pages).
 */
struct error memory_manager_allocate(const char *name, size_t size, enum protection protection, enum guards guards,
                                     struct region **out);

/* Likewise, for a region of the caller's, but only the addresses: no page has a frame. O(log n). */
struct error memory_manager_reserve(struct region *region, size_t size);

/*
 * Backs one page of a reserved region with a frame of zeros. OVERLAP if it has one, OUT_OF_RANGE if the page is not the
 * region's, NO_MEMORY. Takes no memory but frames, so that the heap can grow by it. O(1).
 */
struct error memory_manager_back(const struct region *reserved, uintptr_t page);

/* Gives the frame of such a page back; the addresses stay reserved. O(1), and a shootdown. */
void memory_manager_unback(uintptr_t page);

/* Gives back the addresses, the frames and the region itself, which region_create() made. O(log n + pages). */
void memory_manager_free(struct region *region);

extern struct spinlock memory_manager_lock;

/*
 * Where a new region goes (memory_manager_place.c): the lowest hole for `size` bytes, rounded up to whole pages, and a
 * page of guard on either side if it has guards. For memory_manager.c alone. NO_MEMORY, BAD_ARGUMENT as above. O(log
 * n).
 */
struct error memory_manager_place(struct region_tree *tree, struct region *region, size_t size, enum guards guards)
        REQUIRES(memory_manager_lock);

/* Where the regions are: to look at only. O(1). */
const struct region_tree *memory_manager_tree(void) REQUIRES(memory_manager_lock);

/* For a panic: the region that has an address, also as a guard, or NULL. Not traced; takes no lock. O(log n). */
const struct region *memory_manager_occupant(uintptr_t address);
