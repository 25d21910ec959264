/*
 * The rules that a tree obeys at the end of every operation, checked by looking at each node.
 */
#pragma once

#include "model.h"

/*
 * True, or else false and the first rule found broken in words. Order, no overlap (guards included), everything inside
 * the tree's range, black root, no red node with a red child, equal black heights, gaps and largest gaps as they are
 * stored equal to what they are. `*culprit` is a region at fault, or NULL. O(regions).
 */
bool rules_hold(const struct model_tree *tree, const struct model_region **culprit, char *words, size_t room);
