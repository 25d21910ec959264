/*
 * Whether one visit is right about its node: a gap that is called too small is too small, a subtree that is skipped has
 * no hole that fits. What a visit says is recomputed from the values that the node has at that moment.
 */
#pragma once

#include "check/check_walk.h"

/* The visit that is checked. */
struct visit {
        const struct visit_walk *walk;
        const struct model_tree *tree;
        const struct model_operation *operation;
        const struct model_region *region;      /* NULL: the tail gap */
        enum decision decision;
        enum skip skipped;
        bool is_whole;                          /* the walk that it belongs to is followed */
};

/* What is wrong with a visit, in words; NULL: nothing. O(1); where a subtree is skipped as misaligned O(subtree). */
const char *visit_is_wrong(const struct visit *visit);

/* Likewise of a recording without marks of linking, or a tree that is searched in other ways: by itself. */
const char *visit_alone_is_wrong(const struct visit *visit);
