/*
 * Red-black trees: binary search trees that stay balanced. These files only balance. Where a new node is inserted is
 * for the includer to find, and what the nodes mean makes no difference here.
 *
 *      1. Every node is red or black.
 *      2. The root is black.
 *      3. A missing child counts as black.
 *      4. A red node has no red child.
 *      5. Every path from a node down to a missing child passes the same number of black nodes.
 *
 * By 4 and 5 the longest path from the root is at most twice the shortest: a tree of n nodes is at most
 * 2 log2(n + 1) high.
 *
 * Nodes change only through five primitives (lib/rbtree_primitives.h). Each calls a hook, which the includer defines
 * before including this file: to emit a trace event, and to update what the nodes store about their subtrees. A hook is
 * called when the change is made. Hooks are compiled in, without function pointers, so these are headers of static
 * functions.
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

#include "lib/rbtree_insert.h"
#include "lib/rbtree_remove.h"
