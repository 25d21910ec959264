/*
 * A tree as memory has it, node for node, sent as the events of a keyframe. The caller holds the lock that guards the
 * tree.
 *
 *      const struct region *next = region_tree_show(tree, 1);
 *
 *      while ((next = region_tree_show_regions(tree, next, 64)))
 *              ... there are more: the lock may be given back if nothing changes meanwhile ...
 */
#pragma once

#include "mm/region_tree.h"

/* Sends the tree itself, and which attempt to show it this is. Yields the first region to show, NULL for none. O(1). */
const struct region *region_tree_show(const struct region_tree *tree, unsigned attempt);

/*
 * Sends up to `most` regions from this one on, parents before their children. Yields the next one, NULL after the last.
 * The tree must not have changed since region_tree_show(). O(most).
 */
const struct region *region_tree_show_regions(const struct region_tree *tree, const struct region *region, size_t most);
