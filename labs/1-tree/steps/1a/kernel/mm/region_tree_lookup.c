#include "mm/region_tree_lookup.h"

struct region *region_tree_above(const struct region_tree *tree, uintptr_t address, struct region **below)
{
        struct region *above = NULL;

        *below = NULL;
        for (const struct rbtree_node *node = tree->nodes.root; node;) {
                if (address < region_of(node)->end) {
                        above = region_of(node);
                        node = node->child[LEFT];
                } else {
                        *below = region_of(node);
                        node = node->child[RIGHT];
                }
        }
        return above;
}

void insertion_point_at(const struct region_tree *tree, uintptr_t address, struct insertion_point *point)
{
        struct rbtree_node *node = tree->nodes.root;

        *point = (struct insertion_point){ .side = LEFT };
        while (node) {
                struct region *region = region_of(node);

                point->parent = node;
                point->side = address < region->end ? LEFT : RIGHT;
                if (point->side == LEFT)
                        point->above = region;
                if (address >= region->base && address < region->end)
                        return;                 /* the address is taken */
                trace_tree_visit(tree->id, region->id, point->side == LEFT ? ADDRESS_LEFT : ADDRESS_RIGHT, SKIPPED_NONE);
                node = node->child[point->side];
        }
}

struct region *region_tree_find_containing(struct region_tree *tree, uintptr_t address)
{
        struct rbtree_node *node = tree->nodes.root;

        begin_find(tree, (struct vrange){ address, address + 1 });
        while (node) {
                const struct region *region = region_of(node);
                const enum side side = address < region->end ? LEFT : RIGHT;

                if (address >= region->base && address < region->end)
                        break;
                trace_tree_visit(tree->id, region->id, side == LEFT ? ADDRESS_LEFT : ADDRESS_RIGHT, SKIPPED_NONE);
                node = node->child[side];
        }

        struct region *found = node && vrange_contains(region_range(region_of(node)), address) ? region_of(node) : NULL;

        if (found)
                trace_tree_visit(tree->id, found->id, FOUND, SKIPPED_NONE);
        return end_find(tree, found);
}
