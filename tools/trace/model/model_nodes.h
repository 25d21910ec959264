/*
 * The regions of a saved model in few bytes: first the trees, whose nodes come each before its children, and left
 * before right; then the regions that are in no tree.
 *
 *      regions, trees,  then for each tree  its id, its nodes, ...,  then the regions in no tree, ...
 *
 *      a region:  flags [, rare flags], name [, its text], id, base, size [, guards], gap [, largest gaps], changed by
 *
 * Ids, addresses and event numbers are differences to the region before. Names are numbered from 0, and the text
 * stands where a name is used first. A largest gap is left out if it is that of the child's subtree.
 *
 * model_nodes_save.c writes this, model_nodes_load.c reads it. No other file includes this.
 */
#pragma once

#include "model/model_bytes.h"

/* Flags, so that most regions need one byte of them. The protection follows them, its lowest bits at first. */
enum {
        IS_RED = 1,
        HAS_LEFT = 2,
        HAS_RIGHT = 4,
        IS_RARE = 8,                            /* more flags follow */
        PROTECTION_SHIFT = 4,
        PROTECTION_MASK = 7,

        IN_BYTES = 1,                           /* base and size are not in pages, or there are guards */
        MAX_LEFT = 2,                           /* the largest gap is given */
        MAX_RIGHT = 4,
        RARE_PROTECTION_SHIFT = 3,

        NODE_MOST = 14 * VARINT_MAX,            /* bytes, without the name */
        NODE_LEAST = 7,
};

/* What the next region is a difference to. */
struct before {
        uint64_t id, base, changed_by;
};

/*
 * The difference of two numbers. Small ones to either side are small numbers: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
 */
static inline uint64_t zigzag(uint64_t to, uint64_t from)
{
        const uint64_t difference = to - from;

        return difference << 1 ^ -(difference >> 63);
}

/* The other way: `to`. */
static inline uint64_t unzigzag(uint64_t from, uint64_t difference)
{
        return from + (difference >> 1 ^ -(difference & 1));
}

/* The largest gap in the subtree of a child, if there is one. */
static inline uint64_t gap_below(const struct model_region *child)
{
        return child ? model_subtree_gap(child) : 0;
}
