/*
 * Insertion into the region tree.
 */
#pragma once

#include "lib/rbtree_node.h"
#include "lib/vocabulary/collection.h"

/*
 * What is kept true of the tree: PROMISE_ORDER; PROMISE_BALANCE_AT_FIRST if insertion also keeps the rules of a
 * red-black tree, until a node is removed; PROMISE_BALANCE if removal keeps them, too. The trace records it when a
 * tree is created, and the checks of the trace rely on it.
 */
enum promise region_tree_insert_promises(void);

/*
 * Links a node as the child `side` of `parent`, where there is no child yet; as the root, if there is no parent. The
 * node is in no tree. It may have been in one before: then it still has the children and the colour that it had there.
 * O(log n) if the tree is balanced, at most two rotations.
 */
void region_tree_insert(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *parent, enum side side);
