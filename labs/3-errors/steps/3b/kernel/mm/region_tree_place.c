#include "mm/hole_search.h"
#include "mm/region_tree_internal.h"

static struct vrange window_of(const struct region_tree *tree, const struct placement *request)
{
        return vrange_intersection(tree->range, request->window);
}

static bool is_possible(const struct placement *request)
{
        const bool is_power_of_two = request->alignment && !(request->alignment & (request->alignment - 1));
        return request->size && is_power_of_two && request->window.base <= request->window.end &&
               is_whole_pages(request->size | request->alignment | request->guard_before | request->guard_after |
                              request->window.base | request->window.end);
}

static struct error check(const struct region *region, const struct placement *request)
{
        return region->in_tree || !is_possible(request) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

/* All that a possible request would occupy at `base`. */
static inline struct error find_footprint(const struct region_tree *tree, const struct placement *request,
                                          uintptr_t base, struct vrange *footprint)
{
        if (base & (request->alignment - 1))
                return FAIL(BAD_ARGUMENT);
        if (!vrange_make(footprint, base, request->size) ||
            !vrange_widen(footprint, *footprint, request->guard_before, request->guard_after) ||
            !vrange_contains_range(window_of(tree, request), *footprint))
                return FAIL(OUT_OF_RANGE);
        return SUCCESS;
}

struct error region_tree_check_placement(const struct region_tree *tree, const struct placement *request,
                                         uintptr_t base, struct vrange *footprint)
{
        if (!is_possible(request))
                return FAIL(BAD_ARGUMENT);
        return find_footprint(tree, request, base, footprint);
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

/* Finds where to insert a region that occupies `wanted`. False if another is in the way. O(log n). */
static bool find_free_point(const struct region_tree *tree, struct vrange wanted, struct insertion_point *point)
{
        insertion_point_at(tree, wanted.base, point);
        const bool is_free = !point->above || wanted.end <= point->above->base;
        trace_tree_visit(tree->id, id_of(point->above), is_free ? FREE : IN_THE_WAY, SKIPPED_NONE);
        return is_free;
}

struct error do_place_specifically(struct region_tree *tree, struct region *region, const struct placement *request,
                                     uintptr_t base)
{
        struct vrange wanted;
        struct insertion_point point;
        TRY(check(region, request));
        TRY(find_footprint(tree, request, base, &wanted));
        if (!find_free_point(tree, wanted, &point))
                return FAIL(OVERLAP);
        region_tree_link(tree, region, request, base, &point);
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

/* An aligned address from `lowest` to `highest`, each as likely as the other. */
static uintptr_t draw(const struct region_tree *tree, struct rng *rng, size_t alignment, uintptr_t lowest,
                      uintptr_t highest)
{
        const uintptr_t drawn = lowest + rng_below(rng, (highest - lowest) / alignment + 1) * alignment;
        trace_tree_draw(tree->id, drawn);
        return drawn;
}

struct error do_place_random(struct region_tree *tree, struct region *region, const struct placement *request,
                               struct rng *rng)
{
        const struct vrange window = window_of(tree, request);
        uintptr_t lowest, highest, base;
        struct insertion_point point;
        TRY(check(region, request));
        if (vrange_is_empty(window) || !hole_bases(window, request, &lowest, &highest))
                return FAIL(NO_MEMORY);
        for (int tries = 0; tries < 8; tries++) {
                base = draw(tree, rng, request->alignment, lowest, highest);
                const uintptr_t end = base + request->size + request->guard_after;
                if (find_free_point(tree, (struct vrange){ base - request->guard_before, end }, &point)) {
                        region_tree_link(tree, region, request, base, &point);
                        return SUCCESS;
                }
        }
        if (!hole_search_near(tree, request, draw(tree, rng, request->alignment, lowest, highest), &base))
                return FAIL(NO_MEMORY);
        link_at(tree, region, request, base);
        return SUCCESS;
}
