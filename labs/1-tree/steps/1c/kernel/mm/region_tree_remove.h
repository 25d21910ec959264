/*
 * Removal from the region tree.
 */
#pragma once

#include "lib/rbtree_node.h"

/*
 * Takes a node out of the tree. `successor` is the node after it in the order of addresses, NULL if there is none. The
 * node keeps the children and the colour that it had last: insertion makes it as new. From step 1c on the rules of a
 * red-black tree hold before and after it. O(log n) if the tree is balanced, at most three rotations.
 */
void region_tree_take_out(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *successor);
