/*
 * The rules that a tree obeys at the end of every operation, checked by looking at each node.
 */
#pragma once

#include "model/model.h"

/*
 * True if the tree obeys all rules; else false, with the first broken rule in words. Order, no overlap (guards
 * included), everything inside the tree's range, black root, no red node with a red child, equal black heights, correct
 * gaps and largest gaps. `*culprit` is a region that breaks the rule, or NULL. O(regions).
 */
bool rules_hold(const struct model_tree *tree, const struct model_region **culprit, char *words, size_t room);
