/*
 * Region trees built by hand, for tests of what is drawn: as balanced as can be, the lowest level red, every gap and
 * max right.
 */
#pragma once

#include "moment/shown_operation.h"

enum { BUILT_REGIONS_MAX = 3000 };

struct built_tree {
        struct model_tree tree;
        struct model_region region[BUILT_REGIONS_MAX];
        char name[BUILT_REGIONS_MAX][32];
        struct model_visit visit[3 * BUILT_REGIONS_MAX + 1];
};

/* A region for each pair of `pages`: how many are free below it, how many it has. Ids from 1 in address order. */
void build_tree(struct built_tree *built, struct vrange range, const uint64_t (*pages)[2], size_t regions);

/* The tree of the example used throughout: ten regions between 0x10000 and 0x41000, the largest hole 5 pages. */
void build_example(struct built_tree *built);

/* `regions` regions of a page in a space of 47 bits, in clusters with huge holes between them. */
void build_sparse(struct built_tree *built, size_t regions);

/* A search for a hole of `pages` in the tree as it is: what the kernel's search would visit, and decide. */
void build_search(struct shown_operation *shown, struct built_tree *built, uint64_t pages);
