#include "mm/lookup_cache.h"
#include "mm/region_tree_lookup.h"

/*
 * The tree is searched as the list was that it replaces: from the lowest region on, one region after the other. Right, but
 * slow. Each function looks at the root and goes down instead, when you are done.
 */

/* The lowest region that ends above an address, and the one before it. Tells the trace which regions it passed. */
static struct region *pass_regions(const struct region_tree *tree, uintptr_t address, struct region **below)
{
        struct region *region = region_tree_first(tree);

        *below = NULL;
        for (; region && region->end <= address; region = region_tree_next(region)) {
                trace_list_visit(tree->id, region->id, ADDRESS_RIGHT);
                *below = region;
        }
        if (region && !vrange_contains(region_range(region), address))
                trace_list_visit(tree->id, region->id, ADDRESS_LEFT);
        return region;
}

struct region *region_tree_above(const struct region_tree *tree, uintptr_t address, struct region **below)
{
        struct region *region = region_tree_first(tree);

        *below = NULL;
        for (; region && region->end <= address; region = region_tree_next(region))
                *below = region;
        return region;
}

void insertion_point_at(const struct region_tree *tree, uintptr_t address, struct insertion_point *point)
{
        struct region *below, *above = pass_regions(tree, address, &below);

        if (below)
                *point = insertion_point_between(below, above);
        else
                *point = (struct insertion_point){ above ? &above->links.node : NULL, LEFT, above };
}

struct region *region_tree_find_containing(struct region_tree *tree, uintptr_t address)
{
        struct region *below, *found;

        begin_find(tree, (struct vrange){ address, address + 1 });
        found = lookup_cache_find(tree, address);
        if (found)
                return end_find(tree, found);

        found = pass_regions(tree, address, &below);
        if (found && !vrange_contains(region_range(found), address))
                found = NULL;
        if (found)
                trace_list_visit(tree->id, found->id, FOUND);
        lookup_cache_keep(tree, found);
        return end_find(tree, found);
}
