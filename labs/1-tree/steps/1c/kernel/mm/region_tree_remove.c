#include "mm/region_tree_nodes.h"
#include "mm/region_tree_remove.h"

/*
 * The subtree that is `parent`'s child `side` is one black node short: all ways through it break rule 5. Textbooks
 * call the node there double black. Four cases; capitals are black, small letters red, a dot is either. N is the short
 * side, S its sibling, which is never missing: its side has a black node more.
 */
static void fix_double_black(struct rbtree *tree, struct rbtree_node *parent, enum side side)
{
        while (parent) {
                struct rbtree_node *sibling = parent->child[!side];

                /*
                 * Case 1: the sibling is red.              P                 S
                 * The new sibling, C, is black.          N   s    ->       p   D      go on with case 2, 3 or 4
                 *                                           C D          N   C
                 */
                if (rbtree_is_red(sibling)) {
                        rbtree_set_colour(tree, sibling, BLACK);
                        rbtree_set_colour(tree, parent, RED);
                        rbtree_rotate(tree, parent, side);
                        sibling = parent->child[!side];
                }
                /*
                 * Case 2: no red children.                 .                 .        a red parent turns black: that is all.
                 * Both sides are one short now.          N   S    ->       N   s      A black one: its whole subtree is
                 *                                           C D               C D     one short, so go on there
                 */
                if (!rbtree_is_red(sibling->child[LEFT]) && !rbtree_is_red(sibling->child[RIGHT])) {
                        const struct rbtree_node *node = parent;

                        rbtree_set_colour(tree, sibling, RED);
                        if (rbtree_is_red(parent)) {
                                rbtree_set_colour(tree, parent, BLACK);
                                return;
                        }
                        parent = rbtree_parent(node);
                        if (parent)
                                side = rbtree_side(parent, node);
                        continue;
                }
                /*
                 * Case 3: only the near child is red.      .                 .
                 *                                        N   S    ->       N   C      this is case 4
                 *                                           c D                 s
                 *                                                                D
                 */
                if (!rbtree_is_red(sibling->child[!side])) {
                        rbtree_set_colour(tree, sibling->child[side], BLACK);
                        rbtree_set_colour(tree, sibling, RED);
                        rbtree_rotate(tree, sibling, !side);
                        sibling = parent->child[!side];
                }
                /*
                 * Case 4: the far child is red.            .                 .        the top keeps its colour
                 *                                        N   S    ->       P   D
                 *                                           . d          N   .
                 */
                rbtree_set_colour(tree, sibling, rbtree_colour(parent));
                rbtree_set_colour(tree, parent, BLACK);
                rbtree_set_colour(tree, sibling->child[!side], BLACK);
                rbtree_rotate(tree, parent, side);
                return;
        }
}

void region_tree_take_out(struct rbtree *tree, struct rbtree_node *node, struct rbtree_node *successor)
{
        struct rbtree_node *parent, *child;
        enum colour colour;
        enum side side;

        /* A node with two children changes places, and colours, with its successor, which has no left child. */
        if (node->child[LEFT] && node->child[RIGHT])
                rbtree_exchange(tree, node, successor);
        parent = rbtree_parent(node);
        child = node->child[LEFT] ? node->child[LEFT] : node->child[RIGHT];
        side = parent ? rbtree_side(parent, node) : LEFT;
        colour = rbtree_colour(node);
        rbtree_unlink(tree, node);
        if (child)
                rbtree_set_colour(tree, child, BLACK);  /* by rule 5 an only child is red, and its parent was black */
        else if (colour == BLACK)
                fix_double_black(tree, parent, side);
}
