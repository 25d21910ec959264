/*
 * Removal from a binary search tree. It does not balance.
 */
#pragma once

#include "lib/rbtree_primitives.h"

/*
 * Unlinks a node, which keeps what it has. `successor` is the node after it, NULL for none. The child that moves up turns black,
 * so no red node has a red parent (rule 4) if none had; but rule 5 may break. O(1).
 */
static inline void rbtree_remove(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *successor)
{
        if (node->child[LEFT] && node->child[RIGHT])
                rbtree_exchange(tree, node, successor);
        struct rbtree_node *child = node->child[LEFT] ? node->child[LEFT] : node->child[RIGHT];
        rbtree_unlink(tree, node);
        if (child)
                rbtree_set_colour(tree, child, BLACK);
}
