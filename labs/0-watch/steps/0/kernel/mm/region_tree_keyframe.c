#include "mm/region_tree_keyframe.h"
#include "mm/region_tree_internal.h"

/* A list is shown as a tree in which each region is the right child of the one before it. */
static void send_region(const struct region_tree *tree, const struct region *region)
{
        const struct region *previous = region_tree_previous(region);
        const struct vrange range = region_range(region);

        trace_keyframe_node(tree->id, region->id, id_of(previous), previous ? RIGHT : LEFT, region_tree_colour(region),
                            range.base, range.end, region->protection, trace_pages(region->guard_before),
                            trace_pages(region->guard_after), 0, 0, 0, region->name);   /* no gaps are kept */
}

const struct region *region_tree_show(const struct region_tree *tree, unsigned attempt)
{
        const struct region *first = region_tree_first(tree);

        trace_keyframe_tree(tree->id, tree->operations, tree->range.base, tree->range.end, tree->count, id_of(first), 0,
                            attempt, PROMISE_ORDER);
        return first;
}

const struct region *region_tree_show_regions(const struct region_tree *tree, const struct region *region, size_t most)
{
        for (; region && most; most--) {
                send_region(tree, region);
                region = region_tree_next(region);
        }
        return region;
}
