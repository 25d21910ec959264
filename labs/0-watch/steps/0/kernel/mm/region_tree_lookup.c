/* Looking regions up: the one that was found last is asked first, then one after the other from the lowest on. */
#include "mm/lookup_cache.h"
#include "mm/region_tree_lookup.h"

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
        struct region *region = region_tree_first(tree);

        *point = (struct insertion_point){ 0 };
        for (; region && region->end <= address; region = region_tree_next(region)) {
                trace_list_visit(tree->id, region->id, ADDRESS_RIGHT);
                point->below = region;
        }
        if (region && !vrange_contains(region_range(region), address))
                trace_list_visit(tree->id, region->id, ADDRESS_LEFT);
        point->above = region;
}

struct region *region_tree_find_containing(struct region_tree *tree, uintptr_t address)
{
        struct insertion_point point;

        begin_find(tree, (struct vrange){ address, address + 1 });

        struct region *found = lookup_cache_find(tree, address);

        if (found)
                return end_find(tree, found);

        insertion_point_at(tree, address, &point);
        if (point.above && vrange_contains(region_range(point.above), address))
                found = point.above;
        if (found)
                trace_list_visit(tree->id, found->id, FOUND);
        lookup_cache_keep(tree, found);
        return end_find(tree, found);
}
