/* Layouts to measure with, the same for the same seed. */
#pragma once

#include "lib/rng.h"
#include "peer.h"

/* Regions are of 1 to LARGEST pages. */
enum { LARGEST = 64 };

/*
 * An address space after a long life: regions placed first fit, then for 4 times the count one more placed and one
 * chosen at random removed. What is left of holes is what first fit could not use: 30 to 40 % of regions have one
 * below. The range goes on far above the last region. False if memory ran out.
 */
[[nodiscard]] bool layout_make_aged(struct layout *layout, size_t count, struct rng *rng);

/*
 * Small holes only, but for `IN_VAIN` holes of almost 4 MiB that lie so that no aligned 2 MiB fit, and above them,
 * at four fifths of the way, one that is exactly an aligned 2 MiB. No tail gap. False if memory ran out.
 */
enum { IN_VAIN = 16 };
[[nodiscard]] bool layout_make_huge(struct layout *layout, size_t count, struct rng *rng);

/* The regions in address order: slots, `count` of them, to be freed. NULL if memory ran out. */
size_t *layout_order(const struct layout *layout);

void layout_free(struct layout *layout);
