#include "mm/hole_search.h"
#include "mm/region_tree_internal.h"

static struct vrange window_of(const struct region_tree *tree, const struct placement *request)
{
        return vrange_intersection(tree->range, request->window);
}

static struct error check(const struct region *region, const struct placement *request)
{
        return region->in_tree || !placement_is_possible(request) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

struct error region_tree_check_placement(const struct region_tree *tree, const struct placement *request,
                                         uintptr_t base, struct vrange *footprint)
{
        if (!placement_is_possible(request) || base & (request->alignment - 1))
                return FAIL(BAD_ARGUMENT);
        if (!vrange_make(footprint, base, request->size) ||
            !vrange_widen(footprint, *footprint, request->guard_before, request->guard_after) ||
            !vrange_contains_range(window_of(tree, request), *footprint))
                return FAIL(OUT_OF_RANGE);
        return SUCCESS;
}

/* At a base where a hole has room, as a search has found. */
static void link_at(struct region_tree *tree, struct region *region, const struct placement *request, uintptr_t base)
{
        const struct insertion_point point = insertion_point_by_order(tree, base);
        region_tree_link(tree, region, request, base, &point);
}

struct error do_place_anywhere(struct region_tree *tree, struct region *region, const struct placement *request)
{
        uintptr_t base;
        TRY(check(region, request));
        if (!hole_search(tree, request, &base))
                return FAIL(NO_MEMORY);
        link_at(tree, region, request, base);
        return SUCCESS;
}

struct error do_place_near(struct region_tree *tree, struct region *region, const struct placement *request,
                           uintptr_t hint)
{
        uintptr_t base;
        TRY(check(region, request));
        if (!hole_search_near(tree, request, hint, &base))
                return FAIL(NO_MEMORY);
        link_at(tree, region, request, base);
        return SUCCESS;
}

struct error do_place_random(struct region_tree *tree, struct region *region, const struct placement *request,
                             struct rng *rng)
{
        uintptr_t base;
        TRY(check(region, request));
        if (!hole_search_random(tree, request, rng, &base))
                return FAIL(NO_MEMORY);
        link_at(tree, region, request, base);
        return SUCCESS;
}

struct error do_place_specifically(struct region_tree *tree, struct region *region, const struct placement *request,
                                   uintptr_t base)
{
        struct vrange footprint;
        if (region->in_tree)
                return FAIL(BAD_ARGUMENT);
        TRY(region_tree_check_placement(tree, request, base, &footprint));
        if (!hole_is_free(tree, footprint))
                return FAIL(OVERLAP);
        link_at(tree, region, request, base);
        return SUCCESS;
}
