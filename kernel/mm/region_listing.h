/* One region, as the system call `regions` tells of it: programs include this too. */
#pragma once

#include "mm/region.h"

struct region_listing {
        uint64_t base, end;
        uint32_t protection;
        uint16_t depth;                         /* in the tree; the root's is 0 */
        uint16_t colour;
        uint32_t sharing;
        uint32_t pages;                         /* that have a frame */
        char name[REGION_NAME_SIZE];
};
