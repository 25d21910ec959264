#include "mm/region_tree_internal.h"

struct region *region_tree_next(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->node, RIGHT));
}

struct region *region_tree_previous(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->node, LEFT));
}

struct region *region_tree_first(const struct region_tree *tree)
{
        return region_of(rbtree_outermost(tree->nodes.root, LEFT));
}

struct region *region_tree_find_containing(struct region_tree *tree, uintptr_t address)
{
        struct rbtree_node *node = tree->nodes.root;
        struct region *found = NULL;

        operation_begin(tree, FIND, NULL, &(struct placement){ .size = 1, .alignment = 1, .window = tree->range }, address);
        while (node && !found) {
                struct vrange range = region_range(region_of(node));
                enum side side = address < range.base ? LEFT : RIGHT;

                if (vrange_contains(range, address))
                        found = region_of(node);
                trace_tree_visit(tree->id, region_of(node)->id, found ? FOUND : side == LEFT ? GO_LEFT : GO_RIGHT);
                node = node->child[side];
        }
        operation_end(tree, found ? ERROR_OK : ERROR_NOT_FOUND, found);
        return found;
}

/* The lowest region that ends above the range's base is the one, if it also begins below the range's end. */
struct region *region_tree_find_intersecting(struct region_tree *tree, struct vrange range)
{
        struct rbtree_node *node = tree->nodes.root;
        struct region *found = NULL;

        operation_begin(tree, FIND, NULL, &(struct placement){ .size = vrange_size(range), .alignment = 1, .window = tree->range },
              range.base);
        while (node) {
                enum side side = region_range(region_of(node)).end > range.base ? LEFT : RIGHT;

                if (side == LEFT)
                        found = region_of(node);
                trace_tree_visit(tree->id, region_of(node)->id, side == LEFT ? GO_LEFT : GO_RIGHT);
                node = node->child[side];
        }
        if (found && region_range(found).base >= range.end)
                found = NULL;
        if (found)
                trace_tree_visit(tree->id, found->id, FOUND);
        operation_end(tree, found ? ERROR_OK : ERROR_NOT_FOUND, found);
        return found;
}
