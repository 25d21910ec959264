/*
 * Red-black trees: binary search trees that stay balanced. This file only balances; where a node belongs is the
 * includer's business, and so is what the nodes mean.
 *
 *      1. Every node is red or black.
 *      2. The root is black.
 *      3. A missing child counts as black.
 *      4. A red node has no red child.
 *      5. Every way from a node down to a missing child passes the same number of black nodes.
 *
 * By 4 and 5 the longest way from the root is at most twice the shortest: a tree of n nodes is at most
 * 2 log2(n + 1) high.
 *
 * Nodes change only through the five primitives below. Each calls a hook, which the includer defines before including
 * this file: to tell the trace, and to keep up whatever the nodes know about their subtrees. The hooks are called when
 * the change is made, and compiled in, so this is a header of static functions.
 *
 *      static void rbtree_linked(struct rbtree *, struct rbtree_node *node, struct rbtree_node *parent, enum side);
 *      static void rbtree_unlinked(struct rbtree *, struct rbtree_node *node, struct rbtree_node *parent, enum side);
 *      static void rbtree_exchanged(struct rbtree *, struct rbtree_node *node, struct rbtree_node *successor);
 *      static void rbtree_rotated(struct rbtree *, struct rbtree_node *sunk, struct rbtree_node *risen, enum side);
 *      static void rbtree_coloured(struct rbtree *, struct rbtree_node *node);
 *
 * In the pictures capitals are black, small letters red, and a dot may be either. They show side == LEFT; every case
 * is written once, for `side` and `!side`.
 */
#pragma once

#include "lib/rbtree_node.h"

static inline bool rbtree_is_red(const struct rbtree_node *node)
{
        return node && rbtree_colour(node) == RED;
}

/* --- the primitives --------------------------------------------------------------------------------------- */

static inline void rbtree_set_parent(struct rbtree_node *node, struct rbtree_node *parent)
{
        node->parent_and_colour = (uintptr_t)parent | (node->parent_and_colour & 1);
}

/* Hangs `node`, which may be NULL, where `parent` has its child `side`; no parent means the root. */
static inline void rbtree_set_child(struct rbtree *tree, struct rbtree_node *parent, enum side side,
                                    struct rbtree_node *node)
{
        if (parent)
                parent->child[side] = node;
        else
                tree->root = node;
        if (node)
                rbtree_set_parent(node, parent);
}

/* Puts `other` where `node` hangs. */
static inline void rbtree_replace(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *other)
{
        struct rbtree_node *parent = rbtree_parent(node);
        rbtree_set_child(tree, parent, parent ? rbtree_side(parent, node) : LEFT, other);
}

static inline void rbtree_set_colour(struct rbtree *tree, struct rbtree_node *node, enum colour colour)
{
        if (rbtree_colour(node) == colour)
                return;
        node->parent_and_colour ^= 1;
        rbtree_coloured(tree, node);
}

/* A new red leaf, where nothing hangs yet. */
static inline void rbtree_link(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *parent,
                               enum side side)
{
        *node = (struct rbtree_node){ .parent_and_colour = RED };
        rbtree_set_child(tree, parent, side, node);
        rbtree_linked(tree, node, parent, side);
}

/* Takes out a node with at most one child, which moves up into its place. */
static inline void rbtree_unlink(struct rbtree *tree, struct rbtree_node *node)
{
        struct rbtree_node *parent = rbtree_parent(node);
        enum side side = parent ? rbtree_side(parent, node) : LEFT;
        rbtree_set_child(tree, parent, side, node->child[LEFT] ? node->child[LEFT] : node->child[RIGHT]);
        *node = (struct rbtree_node){ 0 };
        rbtree_unlinked(tree, node, parent, side);
}

/*
 * `node` sinks to `side`, its other child rises; the order of keys stays.
 *
 *        node                      risen
 *       /    \                    /     \
 *      a     risen     ->      node      c
 *           /     \           /    \
 *          b       c         a      b
 */
static void rbtree_rotate(struct rbtree *tree, struct rbtree_node *node, enum side side)
{
        struct rbtree_node *risen = node->child[!side];
        rbtree_replace(tree, node, risen);
        rbtree_set_child(tree, node, !side, risen->child[side]);
        rbtree_set_child(tree, risen, side, node);
        rbtree_rotated(tree, node, risen, side);
}

/*
 * `node`, which has two children, and its successor trade places and colours. The node then has no left child, so that
 * it can be unlinked; until it is, the two are out of order.
 *
 *          node                 succ
 *         /    \               /    \
 *        a      c      ->     a      c
 *              / \                  / \
 *          succ   d             node   d
 *              \                    \
 *               b                    b
 */
static void rbtree_exchange(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *successor)
{
        struct rbtree_node node_was = *node, successor_was = *successor;
        struct rbtree_node *successor_parent = rbtree_parent(successor);
        rbtree_replace(tree, node, successor);
        successor->parent_and_colour = node_was.parent_and_colour;
        rbtree_set_child(tree, successor, LEFT, node_was.child[LEFT]);
        if (successor_parent == node) {
                rbtree_set_child(tree, successor, RIGHT, node);
        } else {
                rbtree_set_child(tree, successor, RIGHT, node_was.child[RIGHT]);
                rbtree_set_child(tree, successor_parent, LEFT, node);
        }
        node->parent_and_colour = (uintptr_t)rbtree_parent(node) | (successor_was.parent_and_colour & 1);
        rbtree_set_child(tree, node, LEFT, NULL);
        rbtree_set_child(tree, node, RIGHT, successor_was.child[RIGHT]);
        rbtree_exchanged(tree, node, successor);
}

/* --- insertion -------------------------------------------------------------------------------------------- */

/*
 * Links a node and restores the rules. It comes in red, so only rule 4 can be broken: by it and a red parent.
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
                         * Case 1: the uncle is red. The grandparent gives its black to both; it is red now and may
                         * have a red parent itself: go on there.
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

/* --- removal ---------------------------------------------------------------------------------------------- */

/* The subtree that is `parent`'s child `side` is one black node short: restores rule 5. At most three rotations. */
static void rbtree_make_up_for_black(struct rbtree *tree, struct rbtree_node *parent, enum side side)
{
        while (parent) {
                struct rbtree_node *sibling = parent->child[!side];     /* there is one: it has the black we lack */
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
                         * one short. A red parent makes up for it; a black one passes the want upwards.
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
                        side = parent && rbtree_side(parent, node) == RIGHT ? RIGHT : LEFT;
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
                 * Case 4: the sibling's far child is red. One rotation brings a black node to our side and ends it.
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
                rbtree_make_up_for_black(tree, parent, side);
}
