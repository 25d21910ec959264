/*
 * A red-black tree's links, to be embedded in whatever the tree is made of. A node's colour hides in the low bit of
 * its parent pointer, so nodes are aligned to at least 2 bytes. Only lib/rbtree.h changes these fields.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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

/* Has both children come from memory while it is still being decided which way to go. */
static inline void rbtree_prefetch_children(const struct rbtree_node *node)
{
        __builtin_prefetch(node->child[LEFT]);
        __builtin_prefetch(node->child[RIGHT]);
}

/*
 * One of two ways down, where which is the toss of a coin, and a processor that guesses is wrong every second time: so
 * it is chosen without a branch. The empty asm() has both at hand first, or a compiler would make it a branch again; so
 * it would if the choice came after the decision whether to go on.
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
