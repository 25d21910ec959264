#include "mm/region_tree_internal.h"

/*
 * By what is there already: the region gives up its upper part, and that is placed as a region of its own. Meanwhile the
 * addresses are free, for the tree and for the allocator. If the second step fails, the region gets them back.
 */
struct error region_tree_split(struct region_tree *tree, struct region *region, uintptr_t at, struct region *upper)
{
        const struct vrange range = region_range(region);
        const struct placement request = { range.end - at, PAGE_SIZE, 0, region->guard_after, tree->range };

        if (upper->in_tree || !is_whole_pages(at) || at <= range.base || at >= range.end)
                return FAIL(BAD_ARGUMENT);
        upper->protection = region->protection;
        TRY(region_tree_resize(tree, region, (struct vrange){ range.base, at }, region->guard_before, 0));
        TRY_OR(region_tree_place_specifically(tree, upper, &request, at),
               error_ignore(region_tree_resize(tree, region, range, region->guard_before, request.guard_after)));
        return SUCCESS;
}
