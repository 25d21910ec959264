#include "mm/region_tree_insert.h"
#include "mm/region_tree_nodes.h"

enum promise region_tree_insert_promises(void)
{
        return PROMISE_BALANCE;
}

/* A new node is red, so only rule 4 can be broken: by it and a red parent. Capitals are black, small letters red. */
void region_tree_insert(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *parent, enum side side)
{
        rbtree_reset(node);
        rbtree_link(tree, node, parent, side);
        while (rbtree_is_red(parent = rbtree_parent(node))) {
                struct rbtree_node *grandparent = rbtree_parent(parent);        /* there is one: the root is black */
                struct rbtree_node *uncle;

                side = rbtree_side(grandparent, parent);
                uncle = grandparent->child[!side];
                /*
                 * Case 1: the uncle is red.           G                 g
                 *                                   p   u    ->       P   U      go on at g
                 *                                 n                 n
                 */
                if (rbtree_is_red(uncle)) {
                        rbtree_set_colour(tree, parent, BLACK);
                        rbtree_set_colour(tree, uncle, BLACK);
                        rbtree_set_colour(tree, grandparent, RED);
                        node = grandparent;
                        continue;
                }
                /*
                 * Case 2: the inner grandchild.       G                 G
                 *                                   p   U    ->       n   U      this is case 3
                 *                                    n              p
                 */
                if (rbtree_side(parent, node) != side) {
                        rbtree_rotate(tree, parent, side);
                        parent = node;
                }
                /*
                 * Case 3: the outer grandchild.       G                 P
                 *                                   p   U    ->       n   g
                 *                                 n                         U
                 */
                rbtree_set_colour(tree, parent, BLACK);
                rbtree_set_colour(tree, grandparent, RED);
                rbtree_rotate(tree, grandparent, !side);
                break;
        }
        rbtree_set_colour(tree, tree->root, BLACK);
}
