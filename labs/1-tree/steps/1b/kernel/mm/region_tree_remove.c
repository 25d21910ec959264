#include "mm/region_tree_nodes.h"
#include "mm/region_tree_remove.h"

/* Nothing balances here. The child that moves up turns black, so no red node has a red parent; but rule 5 may break. */
void region_tree_take_out(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *successor)
{
        struct rbtree_node *child;

        if (node->child[LEFT] && node->child[RIGHT])
                rbtree_exchange(tree, node, successor);
        child = node->child[LEFT] ? node->child[LEFT] : node->child[RIGHT];
        rbtree_unlink(tree, node);
        if (child)
                rbtree_set_colour(tree, child, BLACK);
}
