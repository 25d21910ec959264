/*
 * Insertion into a binary search tree. It does not balance: the nodes have colours, but the rules do not hold.
 */
#pragma once

#include "lib/rbtree_primitives.h"

/* Links a node. O(1): where to is for the includer to find, in O(height of the tree). */
static inline void rbtree_insert(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *parent, enum side side)
{
        rbtree_reset(node);
        rbtree_link(tree, node, parent, side);
}
