#include "mm/region_tree_internal.h"

static void place_below(struct region_tree *tree, struct region *region, const struct placement *request,
                        uintptr_t base, struct region *above)
{
        const struct insertion_point point = insertion_point_below(tree, above);
        region_tree_link(tree, region, request, base, &point);
}

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

struct error region_tree_check_placement(const struct region_tree *tree, const struct placement *request,
                                         uintptr_t base, struct vrange *footprint)
{
        if (!is_possible(request) || base & (request->alignment - 1))
                return FAIL(BAD_ARGUMENT);
        if (!vrange_make(footprint, base, request->size) ||
            !vrange_widen(footprint, *footprint, request->guard_before, request->guard_after) ||
            !vrange_contains_range(window_of(tree, request), *footprint))
                return FAIL(OUT_OF_RANGE);
        return SUCCESS;
}

static struct error place_anywhere(struct region_tree *tree, struct region *region, const struct placement *request)
{
        struct hole_place found;
        TRY(check(region, request));
        if (!hole_search(tree, request, window_of(tree, request), LEFT, TAKEN, &found))
                return FAIL(NO_MEMORY);
        place_below(tree, region, request, found.base, found.above);
        return SUCCESS;
}

struct error region_tree_place_anywhere(struct region_tree *tree, struct region *region,
                                        const struct placement *request)
{
        operation_begin(tree, PLACE_ANYWHERE, region, request, 0);
        return operation_end_with(tree, place_anywhere(tree, region, request), region);
}

/* Finds where to insert a region that occupies `wanted`. False if another is in the way. O(log n). */
static bool find_free_point(const struct region_tree *tree, struct vrange wanted, struct insertion_point *point)
{
        insertion_point_at(tree, wanted.base, point);
        const bool is_free = !point->above || wanted.end <= point->above->base;
        trace_tree_visit(tree->id, id_of(point->above), is_free ? FREE : IN_THE_WAY, SKIPPED_NONE);
        return is_free;
}

static struct error place_specifically(struct region_tree *tree, struct region *region,
                                       const struct placement *request, uintptr_t base)
{
        struct vrange wanted;
        struct insertion_point point;
        if (region->in_tree)
                return FAIL(BAD_ARGUMENT);
        TRY(region_tree_check_placement(tree, request, base, &wanted));
        if (!find_free_point(tree, wanted, &point))
                return FAIL(OVERLAP);
        region_tree_link(tree, region, request, base, &point);
        return SUCCESS;
}

struct error region_tree_place_specifically(struct region_tree *tree, struct region *region,
                                            const struct placement *request, uintptr_t base)
{
        operation_begin(tree, PLACE_SPECIFICALLY, region, request, base);
        return operation_end_with(tree, place_specifically(tree, region, request, base), region);
}

/*
 * Divides a window at a hint: bases from the hint up are those whose footprint begins at hint - guard_before or above;
 * bases up to the hint, those whose footprint ends at hint + size + guard_after or below.
 */
static void divide_window(const struct placement *request, uintptr_t hint, struct vrange *up, struct vrange *down)
{
        uintptr_t first, last;

        if (!__builtin_sub_overflow(hint, request->guard_before, &first) && first > up->base)
                up->base = first;
        if (!__builtin_add_overflow(hint, request->size, &last) &&
            !__builtin_add_overflow(last, request->guard_after, &last) && last < down->end)
                down->end = last;
}

/* The free base nearest to `hint`; of two equally near ones the lower. */
static bool search_near(const struct region_tree *tree, const struct placement *request, uintptr_t hint,
                        struct hole_place *nearest)
{
        struct vrange up = window_of(tree, request), down = up;
        struct hole_place below, above;
        divide_window(request, hint, &up, &down);
        const bool found_above = hole_search(tree, request, up, LEFT, FITS, &above);
        const bool is_exact = found_above && above.base == hint;
        const bool found_below = !is_exact && hole_search(tree, request, down, RIGHT, FITS, &below);

        if (!found_above && !found_below)
                return false;
        if (found_above && found_below) {
                const bool is_above_nearer = above.base - hint < hint - below.base;

                *nearest = is_above_nearer ? above : below;
                if (above.above != below.above)
                        trace_tree_visit(tree->id, id_of(is_above_nearer ? below.above : above.above), FARTHER,
                                         SKIPPED_NONE);
        } else {
                *nearest = found_above ? above : below;
        }
        trace_tree_visit(tree->id, id_of(nearest->above), TAKEN, SKIPPED_NONE);
        return true;
}

static struct error place_near(struct region_tree *tree, struct region *region, const struct placement *request,
                               uintptr_t hint)
{
        struct hole_place found;
        TRY(check(region, request));
        if (!search_near(tree, request, hint, &found))
                return FAIL(NO_MEMORY);
        place_below(tree, region, request, found.base, found.above);
        return SUCCESS;
}

struct error region_tree_place_near(struct region_tree *tree, struct region *region,
                                    const struct placement *request, uintptr_t hint)
{
        operation_begin(tree, PLACE_NEAR, region, request, hint);
        return operation_end_with(tree, place_near(tree, region, request, hint), region);
}

/* An aligned address from `lowest` to `highest`, each as likely as the other. */
static uintptr_t draw(const struct region_tree *tree, struct rng *rng, size_t alignment, uintptr_t lowest,
                      uintptr_t highest)
{
        const uintptr_t drawn = lowest + rng_below(rng, (highest - lowest) / alignment + 1) * alignment;
        trace_tree_draw(tree->id, drawn);
        return drawn;
}

static struct error place_random(struct region_tree *tree, struct region *region, const struct placement *request,
                                 struct rng *rng)
{
        const struct vrange window = window_of(tree, request);
        uintptr_t lowest, highest;
        struct hole_place found;
        struct insertion_point point;
        TRY(check(region, request));
        if (vrange_is_empty(window) || !hole_bases(window, request, &lowest, &highest))
                return FAIL(NO_MEMORY);
        for (int tries = 0; tries < 8; tries++) {
                const uintptr_t base = draw(tree, rng, request->alignment, lowest, highest);
                const uintptr_t end = base + request->size + request->guard_after;
                if (find_free_point(tree, (struct vrange){ base - request->guard_before, end }, &point)) {
                        region_tree_link(tree, region, request, base, &point);
                        return SUCCESS;
                }
        }
        if (!search_near(tree, request, draw(tree, rng, request->alignment, lowest, highest), &found))
                return FAIL(NO_MEMORY);
        if (!hole_bases(vrange_intersection(hole_below(tree, found.above), window), request, &lowest, &highest))
                return FAIL(NO_MEMORY);         /* cannot be: the search took this hole */
        place_below(tree, region, request, draw(tree, rng, request->alignment, lowest, highest), found.above);
        return SUCCESS;
}

struct error region_tree_place_random(struct region_tree *tree, struct region *region,
                                      const struct placement *request, struct rng *rng)
{
        operation_begin(tree, PLACE_RANDOM, region, request, 0);
        return operation_end_with(tree, place_random(tree, region, request, rng), region);
}
