/*
 * Removal from a red-black tree: the rules are in lib/rbtree.h. Taking out a black node breaks rule 5, since the
 * paths through its place are one black node short.
 */
#pragma once

#include "lib/rbtree_primitives.h"

/*
 * Restores rule 5 where the subtree that is `parent`'s child `side` is one black node short: textbooks call the node
 * there double black. At most three rotations.
 */
static void rbtree_fix_double_black(struct rbtree *tree, struct rbtree_node *parent, enum side side)
{
        while (parent) {
                struct rbtree_node *sibling = parent->child[!side];     /* never NULL: its side has a black node more */
                if (rbtree_is_red(sibling)) {
                        /*
                         * Case 1: the sibling is red. Rotate, so that the new sibling is black; go on below.
                         *
                         *          P                 S
                         *        N   s    ->       p   D
                         *           C D          N   C
                         */
                        rbtree_set_colour(tree, sibling, BLACK);
                        rbtree_set_colour(tree, parent, RED);
                        rbtree_rotate(tree, parent, side);
                        sibling = parent->child[!side];
                }
                if (!rbtree_is_red(sibling->child[LEFT]) && !rbtree_is_red(sibling->child[RIGHT])) {
                        /*
                         * Case 2: the sibling and its children are black. The sibling turns red, so both sides are
                         * one short. A red parent turns black, which ends it; below a black parent the deficit
                         * propagates: the parent's whole subtree is one short.
                         *
                         *          .                 .
                         *        N   S    ->       N   s
                         *           C D               C D
                         */
                        rbtree_set_colour(tree, sibling, RED);
                        if (rbtree_is_red(parent)) {
                                rbtree_set_colour(tree, parent, BLACK);
                                return;
                        }
                        const struct rbtree_node *node = parent;
                        parent = rbtree_parent(node);
                        if (parent)
                                side = rbtree_side(parent, node);
                        continue;
                }
                if (!rbtree_is_red(sibling->child[!side])) {
                        /*
                         * Case 3: of the sibling's children only the near one is red. Rotate it up: case 4.
                         *
                         *          .                 .
                         *        N   S    ->       N   C
                         *           c D                 s
                         *                                 D
                         */
                        rbtree_set_colour(tree, sibling->child[side], BLACK);
                        rbtree_set_colour(tree, sibling, RED);
                        rbtree_rotate(tree, sibling, !side);
                        sibling = parent->child[!side];
                }
                /*
                 * Case 4: the sibling's far child is red. One rotation adds a black node on the short side and ends it.
                 *
                 *          .                 .            (the top keeps its colour)
                 *        N   S    ->       P   D
                 *           . d          N   .
                 */
                rbtree_set_colour(tree, sibling, rbtree_colour(parent));
                rbtree_set_colour(tree, parent, BLACK);
                rbtree_set_colour(tree, sibling->child[!side], BLACK);
                rbtree_rotate(tree, parent, side);
                return;
        }
}

/* Unlinks a node and restores the rules. `successor` is the node after it, NULL for none. O(log n). */
static void rbtree_remove(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *successor)
{
        if (node->child[LEFT] && node->child[RIGHT])
                rbtree_exchange(tree, node, successor);
        struct rbtree_node *parent = rbtree_parent(node);
        struct rbtree_node *child = node->child[LEFT] ? node->child[LEFT] : node->child[RIGHT];
        enum side side = parent ? rbtree_side(parent, node) : LEFT;
        enum colour colour = rbtree_colour(node);
        rbtree_unlink(tree, node);
        if (child)
                rbtree_set_colour(tree, child, BLACK);  /* by rule 5 an only child is red, and its parent was black */
        else if (colour == BLACK)
                rbtree_fix_double_black(tree, parent, side);
}
