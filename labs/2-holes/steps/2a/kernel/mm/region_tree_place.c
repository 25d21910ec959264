#include "mm/hole_search.h"
#include "mm/region_tree_internal.h"
#include "mm/virtual_range_allocator.h"

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

struct error region_tree_check_request(const struct placement *request)
{
        return is_possible(request) ? SUCCESS : FAIL(BAD_ARGUMENT);
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

/* Asks the regions where a request goes: the question, the search, the answer. */
static struct error find_hole(const struct region_tree *tree, const struct placement *request, uintptr_t *base)
{
        trace_authority_asked(tree->id, AUTHORITY_REGIONS, QUESTION_PLACE, 0, request->size);
        const struct error error = hole_search(tree, request, base) ? SUCCESS : FAIL(NO_MEMORY);
        trace_authority_answered(tree->id, AUTHORITY_REGIONS, (enum error_code)error.code, error.code ? 0 : *base);
        return error;
}

static struct error place_anywhere(struct region_tree *tree, struct region *region, const struct placement *request)
{
        uintptr_t base;
        TRY(check(region, request));
        TRY(find_hole(tree, request, &base));
        const struct insertion_point point = insertion_point_by_order(tree, base);
        region_tree_link(tree, region, request, base, &point);
        return SUCCESS;
}

/* The tree has decided; the allocator is told afterwards. */
struct error region_tree_place_anywhere(struct region_tree *tree, struct region *region,
                                        const struct placement *request)
{
        struct virtual_range_allocator *allocator;
        TRY(region_tree_allocator(tree, &allocator));
        operation_begin(tree, PLACE_ANYWHERE, region, request, 0);
        TRY(operation_end_with(tree, place_anywhere(tree, region, request), region));
        return virtual_range_allocator_take(allocator, (struct vrange){ region->base, region->end });
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

struct error region_tree_place_alone(struct region_tree *tree, struct region *region, const struct placement *request,
                                     uintptr_t base)
{
        operation_begin(tree, PLACE_SPECIFICALLY, region, request, base);
        return operation_end_with(tree, place_specifically(tree, region, request, base), region);
}

/* The allocator is asked first. */
struct error region_tree_place_specifically(struct region_tree *tree, struct region *region,
                                            const struct placement *request, uintptr_t base)
{
        struct virtual_range_allocator *allocator;
        struct vrange footprint;
        if (region->in_tree)
                return FAIL(BAD_ARGUMENT);
        TRY(region_tree_check_placement(tree, request, base, &footprint));
        TRY(region_tree_allocator(tree, &allocator));
        TRY(virtual_range_allocator_take(allocator, footprint));
        TRY_OR(region_tree_place_alone(tree, region, request, base),
               error_ignore(virtual_range_allocator_release(allocator, footprint)));
        return SUCCESS;
}
