/*
 * Where a program itself lives, for those that map and unmap on somebody else's word and had better leave themselves
 * alone.
 */
#pragma once

#include "user/lib/user.h"

/* To be called before anything else is mapped. False if there are too many regions to remember. */
bool own_regions_find(void);

/* The region of ours that a range meets; NULL if none. */
const struct vrange *own_region_in(struct vrange range);
