#include "mm/hole_search.h"

/* As it is, the tree answers what it learned in step 2a. The range allocator is asked for everything else. */
bool hole_search_serves(const struct region_tree *tree, const struct placement *request, enum tree_operation kind)
{
        return kind == PLACE_ANYWHERE && request->alignment == PAGE_SIZE && !request->guard_before &&
               !request->guard_after && vrange_equals(request->window, tree->range);
}

/* Is not called as it is. */
bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest, uintptr_t *highest)
{
        (void)space;
        (void)request;
        (void)lowest;
        (void)highest;
        return false;
}

/* As in step 2a: no alignment, no guards, no window. */
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

/* Is not called as long as the tree does not serve PLACE_SPECIFICALLY. */
bool hole_is_free(const struct region_tree *tree, struct vrange footprint)
{
        (void)tree;
        (void)footprint;
        return false;
}

/* Is not called as long as the tree does not serve PLACE_RANDOM. */
bool hole_search_random(const struct region_tree *tree, const struct placement *request, struct rng *rng,
                        uintptr_t *base)
{
        (void)tree;
        (void)request;
        (void)rng;
        (void)base;
        return false;
}
