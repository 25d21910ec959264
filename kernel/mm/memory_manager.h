/*
 * The memory manager: the kernel's own memory, beyond its image and the direct map. The same region tree that serves
 * processes says where regions are; here each page of a region has a frame of its own. A call that fails has changed
 * nothing.
 */
#pragma once

#include "mm/region_tree.h"
#include "sync/spinlock.h"

enum guards { WITHOUT_GUARDS, WITH_GUARDS };

/* To be called once, when kmalloc and the direct map work. */
void memory_manager_init(void);

/*
 * A region of `size` bytes, rounded up to whole pages, zeroed, in the lowest hole that fits; with guards, the page
 * on either side is kept free of anything. NO_MEMORY if there is no hole or not enough frames; BAD_ARGUMENT if the
 * size is 0 or if both writing and executing are to be allowed.
 */
struct error memory_manager_allocate(const char *name, size_t size, enum protection protection, enum guards guards,
                                     struct region **out);

/* Likewise, but only the addresses: no page has a frame. */
struct error memory_manager_reserve(const char *name, size_t size, struct region **out);

/* Gives back the addresses, the frames and the region itself. */
void memory_manager_free(struct region *region);

/* Where the regions are: to look at only. */
extern struct spinlock memory_manager_lock;
const struct region_tree *memory_manager_tree(void) REQUIRES(memory_manager_lock);

/* For a panic: the region that has an address, also as a guard, or NULL. Not traced; takes no lock. O(regions). */
const struct region *memory_manager_occupant(uintptr_t address);
