#include "mm/region_tree_lookup.h"

struct region *region_tree_next(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->links.node, RIGHT));
}

struct region *region_tree_previous(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->links.node, LEFT));
}

struct region *region_tree_first(const struct region_tree *tree)
{
        return region_of(rbtree_outermost(tree->nodes.root, LEFT));
}

uint16_t region_tree_depth(const struct region *region)
{
        uint16_t depth = 0;
        for (const struct rbtree_node *node = &region->links.node; (node = rbtree_parent(node));)
                depth++;
        return depth;
}

enum colour region_tree_colour(const struct region *region)
{
        return rbtree_colour(&region->links.node);
}

/* The lowest region that ends above the range's base is the one, if it also begins below the range's end. */
struct region *region_tree_find_intersecting(struct region_tree *tree, struct vrange range)
{
        struct insertion_point point;

        begin_find(tree, range);
        insertion_point_at(tree, range.base, &point);

        struct region *found = point.above;

        if (found && region_range(found).end <= range.base)
                found = region_tree_next(found);        /* only its guard lies above */
        if (found && region_range(found).base >= range.end)
                found = NULL;
        if (found)
                trace_tree_visit(tree->id, found->id, FOUND, SKIPPED_NONE);
        return end_find(tree, found);
}
