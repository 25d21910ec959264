/*
 * The regions of the program itself, for programs that map and unmap what a script says: they must not unmap their own.
 */
#pragma once

#include "user/lib/user.h"

/* To be called before anything else is mapped. False if there are too many regions to remember. */
bool own_regions_find(void);

/* The region of ours that a range meets; NULL if none. */
const struct vrange *own_region_in(struct vrange range);
