/*
 * The nodes of the region tree, and the calls that change them. A node is a member of its region, so linking it takes
 * no memory and cannot fail. Nodes change through these calls alone; each emits an event, from which the tools build
 * the tree again.
 *
 *      rbtree_reset(node)                      makes a node that is in no tree as new: red, without children
 *      rbtree_link(tree, node, parent, side)   makes it the child `side` of `parent`; without a parent, the root
 *      rbtree_rotate(tree, node, side)         the node sinks to `side`, its child on the other side rises
 *      rbtree_set_colour(tree, node, colour)   RED or BLACK
 *      rbtree_exchange(tree, node, successor)  a node with two children and its successor trade places and colours
 *      rbtree_unlink(tree, node)               takes out a node with at most one child, which moves up into its place
 *
 * And to look: tree->root, node->child[LEFT], node->child[RIGHT], rbtree_parent(node), rbtree_colour(node),
 * rbtree_side(parent, node), which says which child of `parent` the node is, and rbtree_is_red(node). A missing node
 * is NULL, and rbtree_is_red(NULL) is false.
 */
#pragma once

#include "mm/region_tree_internal.h"

static inline struct region_tree *tree_of(struct rbtree *nodes)
{
        return (struct region_tree *)nodes;     /* the nodes are a tree's first member */
}

/* --- the hooks of lib/rbtree.h ---------------------------------------------------------------------------- */

static inline void rbtree_linked(struct rbtree *nodes, struct rbtree_node *node, struct rbtree_node *parent, enum side side)
{
        trace_tree_link(tree_of(nodes)->id, region_of(node)->id, parent ? region_of(parent)->id : 0, side);
}

static inline void rbtree_unlinked(struct rbtree *nodes, struct rbtree_node *node, struct rbtree_node *, enum side)
{
        trace_tree_unlink(tree_of(nodes)->id, region_of(node)->id);
}

static inline void rbtree_exchanged(struct rbtree *nodes, struct rbtree_node *node, struct rbtree_node *successor)
{
        trace_tree_exchange(tree_of(nodes)->id, region_of(node)->id, region_of(successor)->id);
}

static inline void rbtree_rotated(struct rbtree *nodes, struct rbtree_node *sunk, struct rbtree_node *, enum side side)
{
        trace_tree_rotate(tree_of(nodes)->id, region_of(sunk)->id, side);
}

static inline void rbtree_coloured(struct rbtree *nodes, struct rbtree_node *node)
{
        trace_tree_colour(tree_of(nodes)->id, region_of(node)->id, rbtree_colour(node));
}

#include "lib/rbtree.h"
