/*
 * The operations of the region tree that change which addresses are used. Each begins and ends in the trace; what it does
 * in between is the work of region_tree_place.c and region_tree.c. Splitting a region is not one: region_tree_split.c.
 */
#include "mm/region_tree_internal.h"

void region_tree_destroy(struct region_tree *tree)
{
        trace_tree_destroyed(tree->id);
}

struct error region_tree_place_anywhere(struct region_tree *tree, struct region *region,
                                        const struct placement *request)
{
        operation_begin(tree, PLACE_ANYWHERE, region, request, 0);
        return operation_end_with(tree, do_place_anywhere(tree, region, request), region);
}

struct error region_tree_place_specifically(struct region_tree *tree, struct region *region,
                                            const struct placement *request, uintptr_t base)
{
        operation_begin(tree, PLACE_SPECIFICALLY, region, request, base);
        return operation_end_with(tree, do_place_specifically(tree, region, request, base), region);
}

struct error region_tree_place_near(struct region_tree *tree, struct region *region, const struct placement *request,
                                    uintptr_t hint)
{
        operation_begin(tree, PLACE_NEAR, region, request, hint);
        return operation_end_with(tree, do_place_near(tree, region, request, hint), region);
}

struct error region_tree_place_random(struct region_tree *tree, struct region *region, const struct placement *request,
                                      struct rng *rng)
{
        operation_begin(tree, PLACE_RANDOM, region, request, 0);
        return operation_end_with(tree, do_place_random(tree, region, request, rng), region);
}

struct error region_tree_remove(struct region_tree *tree, struct region *region)
{
        const struct placement request = placement_as_is(tree, region);
        operation_begin(tree, REMOVE, region, &request, region_range(region).base);
        return operation_end_with(tree, do_remove(tree, region), region);
}

struct error region_tree_resize(struct region_tree *tree, struct region *region, struct vrange range,
                                size_t guard_before, size_t guard_after)
{
        const struct placement request = { vrange_size(range), PAGE_SIZE, guard_before, guard_after, tree->range };
        operation_begin(tree, RESIZE, region, &request, range.base);
        return operation_end_with(tree, do_resize(tree, region, &request, range.base), region);
}
