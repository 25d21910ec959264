#include "mm/hole_search.h"

bool hole_search_serves(const struct region_tree *tree, const struct placement *request)
{
        return request->alignment == PAGE_SIZE && !request->guard_before && !request->guard_after &&
               vrange_equals(request->window, tree->range);
}

bool hole_search(const struct region_tree *tree, const struct placement *request, uintptr_t *base)
{
        uintptr_t hole = tree->range.base;
        const struct region *above = region_tree_first(tree);

        for (; above; above = region_tree_next(above)) {
                if (above->base - hole >= request->size)
                        break;
                tell_visit(tree, above, TOO_SMALL);
                hole = above->end;
        }
        if (!above && tree->range.end - hole < request->size) {
                tell_visit(tree, NULL, TOO_SMALL);
                return false;
        }
        tell_visit(tree, above, TAKEN);
        *base = hole;
        return true;
}
