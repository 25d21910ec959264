#include "test/validate.h"
#include "mm/region_list.h"

static const char *check_region(const struct region *region, uintptr_t hole_base, struct vrange range)
{
        if (region->base >= region->end)
                return "a region is empty";
        if (!region->in_tree)
                return "a region in the list says that it is in none";
        if (!vrange_contains_range(range, (struct vrange){ region->base, region->end }))
                return "a region lies outside the list's range";
        if (region->base < hole_base)
                return "a region is out of order, or overlaps the one below it";
        return NULL;
}

/* A node and its region point to each other, and the node before it to the node. */
static const char *check_links(const struct region_list_node *node, const struct list_node *previous)
{
        if (!node->region || node->region->links.node != node)
                return "a node and its region do not point to each other";
        if (node->node.previous != previous)
                return "a node does not point back to the node before it";
        return NULL;
}

const char *region_tree_validate(const struct region_tree *tree)
{
        uintptr_t reached = tree->range.base;
        const struct list_node *previous = NULL;
        size_t count = 0;

        for (const struct list_node *at = tree->nodes.first; at; at = at->next) {
                const struct region_list_node *node = container_of(at, struct region_list_node, node);
                const char *broken = check_links(node, previous);

                if (!broken)
                        broken = check_region(node->region, reached, tree->range);
                if (broken)
                        return broken;
                if (++count > tree->count)
                        return "the list holds more regions than it says, or its links run in a circle";
                reached = node->region->end;
                previous = at;
        }
        if (tree->nodes.last != previous)
                return "the list's last node is not the one that it names";
        return count == tree->count ? NULL : "the list does not hold as many regions as it says";
}
