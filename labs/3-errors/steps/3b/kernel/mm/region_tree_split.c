#include "mm/region_tree_internal.h"

/* Which addresses are used does not change: nothing is searched, and nothing else has to be told. */
static struct error split(struct region_tree *tree, struct region *region, uintptr_t at, struct region *upper)
{
        const struct vrange range = region_range(region);
        const struct placement request = { range.end - at, PAGE_SIZE, 0, region->guard_after, tree->range };

        if (upper->in_tree || !is_whole_pages(at) || at <= range.base || at >= range.end)
                return FAIL(BAD_ARGUMENT);

        change_region(region, (struct vrange){ range.base, at }, region->guard_before, 0);
        upper->protection = region->protection;
        const struct insertion_point point = insertion_point_between(region, region_tree_next(region));
        region_tree_link(tree, upper, &request, at, &point);
        return SUCCESS;
}

struct error region_tree_split(struct region_tree *tree, struct region *region, uintptr_t at, struct region *upper)
{
        const struct placement request = placement_as_is(tree, region);

        operation_begin(tree, SPLIT, region, &request, at);
        return operation_end_with(tree, split(tree, region, at, upper), upper);
}
