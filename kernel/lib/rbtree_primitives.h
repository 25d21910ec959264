/*
 * The primitives of a red-black tree: link, unlink, exchange, rotate, set colour. Nodes change through these alone, and
 * each calls its hook when the change is made. Insertion and removal are built from them.
 */
#pragma once

#include "lib/rbtree_node.h"

static inline bool rbtree_is_red(const struct rbtree_node *node)
{
        return node && rbtree_colour(node) == RED;
}

static inline void rbtree_set_parent(struct rbtree_node *node, struct rbtree_node *parent)
{
        node->parent_and_colour = (uintptr_t)parent | (node->parent_and_colour & 1);
}

/* Makes `node`, which may be NULL, the child `side` of `parent`; without a parent, the root. */
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

/* Puts `other` in the place of `node`, below the same parent. */
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

/* Links a new red leaf, where there is no child yet. */
static inline void rbtree_link(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *parent,
                               enum side side)
{
        *node = (struct rbtree_node){ .parent_and_colour = RED };
        rbtree_set_child(tree, parent, side, node);
        rbtree_linked(tree, node, parent, side);
}

/*
 * Unlinks a node with at most one child, which moves up into its place.
 *
 *      parent                parent
 *        |                     |
 *       node       ->        child
 *        |
 *      child
 */
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
static inline void rbtree_rotate(struct rbtree *tree, struct rbtree_node *node, enum side side)
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
static inline void rbtree_exchange(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *successor)
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
