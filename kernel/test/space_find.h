/* Looking an address up in a space: what `find` of an op script does, and test cases. */
#pragma once

#include "mm/address_space.h"

/* The range of the region that holds the address. Traced as an operation on the space. NOT_FOUND. O(log n). */
struct error address_space_find(struct address_space *space, uintptr_t address, struct vrange *range);
