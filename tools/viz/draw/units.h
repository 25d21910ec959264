/*
 * Sizes and addresses in the words a picture uses: pages in a small space ("gap 5"), and KiB, MiB, ... in a large one
 * ("gap 64K"). All sizes are given in pages. Results stay valid for the next fifteen calls.
 */
#pragma once

#include "lib/vrange.h"

#include <stdbool.h>

enum units { UNITS_PAGES, UNITS_BYTES };

enum units units_for(struct vrange range);

/* For where there is little room: "5" or "64K", "1.5M", "128T" (which may be rounded). */
const char *units_short(enum units units, uint64_t pages);
/* "5 pages" or "64 KiB", "127 TiB" (rounded). */
const char *units_long(enum units units, uint64_t pages);
/* Two sizes that are compared, as in "1 < 4": short ones, unless rounding would make different sizes look alike. */
const char *units_compared(enum units units, uint64_t left, const char *sign, uint64_t right);

/* "2e000", "7f7268851000" */
const char *units_address(uint64_t address);
/* "2e000–32000" */
const char *units_range(struct vrange range);
