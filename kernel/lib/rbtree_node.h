/*
 * A red-black tree's links, to be embedded as a member of whatever the tree is made of. A node's colour is the low bit
 * of its parent pointer, so nodes are aligned to at least 2 bytes. Only lib/rbtree_primitives.h changes these fields.
 */
#pragma once

#include "lib/types.h"
#include "lib/vocabulary/rbtree.h"

struct rbtree_node {
        struct rbtree_node *child[2];
        uintptr_t parent_and_colour;
};

struct rbtree {
        struct rbtree_node *root;
};

static inline struct rbtree_node *rbtree_parent(const struct rbtree_node *node)
{
        return (struct rbtree_node *)(node->parent_and_colour & ~(uintptr_t)1);
}

static inline enum colour rbtree_colour(const struct rbtree_node *node)
{
        return node->parent_and_colour & 1 ? RED : BLACK;
}

/* Which child of `parent` the node is. */
static inline enum side rbtree_side(const struct rbtree_node *parent, const struct rbtree_node *node)
{
        return node == parent->child[RIGHT] ? RIGHT : LEFT;
}

/* Fetches both children into the cache, to be called before it is decided which one is visited next. */
static inline void rbtree_prefetch_children(const struct rbtree_node *node)
{
        __builtin_prefetch(node->child[LEFT]);
        __builtin_prefetch(node->child[RIGHT]);
}

/*
 * `first ? a : b` without a branch: which child a descent goes to is as good as random, so a processor that predicts
 * the branch is wrong half the time. The empty asm() makes the compiler load both pointers first; without it, it would
 * compile this to a branch.
 */
static inline struct rbtree_node *rbtree_choose(bool first, struct rbtree_node *a, struct rbtree_node *b)
{
        __asm__("" : "+r"(a), "+r"(b));
        return first ? a : b;
}

/* The first (LEFT) or last (RIGHT) node of the subtree below `node`; NULL for none. O(log n). */
static inline struct rbtree_node *rbtree_outermost(struct rbtree_node *node, enum side side)
{
        while (node && node->child[side])
                node = node->child[side];
        return node;
}

/* The next node in order (RIGHT), or the one before (LEFT); NULL at the end. O(log n), O(1) on average over a walk. */
static inline struct rbtree_node *rbtree_neighbour(const struct rbtree_node *node, enum side side)
{
        if (node->child[side])
                return rbtree_outermost(node->child[side], !side);
        struct rbtree_node *parent;
        while ((parent = rbtree_parent(node)) && rbtree_side(parent, node) == side)
                node = parent;
        return parent;
}
