#include "mm/region_tree_insert.h"
#include "mm/region_tree_nodes.h"

enum promise region_tree_insert_promises(void)
{
        return PROMISE_ORDER;
}

void region_tree_insert(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *parent, enum side side)
{
        rbtree_reset(node);
        rbtree_link(tree, node, parent, side);
}
