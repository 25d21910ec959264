/*
 * Insertion into a red-black tree: the rules are in lib/rbtree.h.
 */
#pragma once

#include "lib/rbtree_primitives.h"

/*
 * Links a node and restores the rules. A new node is red, so only rule 4 can be broken: by it and a red parent.
 * O(log n), at most two rotations.
 */
static void rbtree_insert(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *parent, enum side side)
{
        rbtree_link(tree, node, parent, side);
        while (rbtree_is_red(parent = rbtree_parent(node))) {
                struct rbtree_node *grandparent = rbtree_parent(parent);        /* there is one: the root is black */
                side = rbtree_side(grandparent, parent);
                struct rbtree_node *uncle = grandparent->child[!side];
                if (rbtree_is_red(uncle)) {
                        /*
                         * Case 1: the uncle is red. Both turn black and the grandparent turns red. It may have a red
                         * parent itself: go on there.
                         *
                         *          G                 g
                         *        p   u    ->       P   U
                         *      n                 n
                         */
                        rbtree_set_colour(tree, parent, BLACK);
                        rbtree_set_colour(tree, uncle, BLACK);
                        rbtree_set_colour(tree, grandparent, RED);
                        node = grandparent;
                        continue;
                }
                if (rbtree_side(parent, node) != side) {
                        /*
                         * Case 2: the uncle is black and the node is the inner grandchild. One rotation makes it
                         * case 3, with node and parent in each other's roles.
                         *
                         *          G                 G
                         *        p   U    ->       n   U
                         *         n              p
                         */
                        rbtree_rotate(tree, parent, side);
                        parent = node;
                }
                /*
                 * Case 3: the uncle is black and the red node below the parent is the outer grandchild. One rotation
                 * ends it.
                 *
                 *          G                 P
                 *        p   U    ->       n   g
                 *      n                         U
                 */
                rbtree_set_colour(tree, parent, BLACK);
                rbtree_set_colour(tree, grandparent, RED);
                rbtree_rotate(tree, grandparent, !side);
                break;
        }
        rbtree_set_colour(tree, tree->root, BLACK);
}
