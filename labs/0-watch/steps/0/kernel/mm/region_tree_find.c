#include "mm/region_list.h"
#include "mm/region_tree_lookup.h"

static struct region *region_of(const struct list_node *node)
{
        return node ? container_of(node, const struct region_list_node, node)->region : NULL;
}

struct region *region_tree_next(const struct region *region)
{
        return region_of(region->links.node->node.next);
}

struct region *region_tree_previous(const struct region *region)
{
        return region_of(region->links.node->node.previous);
}

struct region *region_tree_first(const struct region_tree *tree)
{
        return region_of(tree->nodes.first);
}

uint16_t region_tree_depth(const struct region *)
{
        return 0;
}

enum colour region_tree_colour(const struct region *)
{
        return BLACK;
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
                trace_list_visit(tree->id, found->id, FOUND);
        return end_find(tree, found);
}
