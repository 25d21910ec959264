/*
 * The operations that change which addresses are used: each has a trace event at its beginning and its end, and the
 * range allocator is told of it.
 */
#include "mm/region_tree_internal.h"
#include "mm/virtual_range_allocator.h"

void region_tree_destroy(struct region_tree *tree)
{
        if (tree->allocator)
                virtual_range_allocator_destroy(tree->allocator);
        trace_tree_destroyed(tree->id);
}

/* --- the allocator beside the tree ------------------------------------------------------------------------ */

struct error region_tree_allocator(struct region_tree *tree, struct virtual_range_allocator **out)
{
        if (!tree->allocator)
                TRY(virtual_range_allocator_create(tree, &tree->allocator));
        *out = tree->allocator;
        return SUCCESS;
}

/* The parts of `range` below and above `other`, which may be empty. */
static struct vrange part_below(struct vrange range, struct vrange other)
{
        return vrange_intersection(range, (struct vrange){ 0, other.base });
}

static struct vrange part_above(struct vrange range, struct vrange other)
{
        return vrange_intersection(range, (struct vrange){ other.end, UINTPTR_MAX });
}

static void give_back(struct virtual_range_allocator *allocator, struct vrange range)
{
        error_ignore(virtual_range_allocator_release(allocator, range));
}

/*
 * A region moves from the addresses `old` to `new`, guards included. First all that can be refused is taken; then the
 * rest is given back.
 */
static struct error tell_moved(struct region_tree *tree, struct vrange old, struct vrange new)
{
        struct virtual_range_allocator *allocator = tree->allocator;
        const struct vrange more_below = part_below(new, old), more_above = part_above(new, old);

        if (!allocator)
                return SUCCESS;
        TRY(virtual_range_allocator_take(allocator, more_below));
        TRY_OR(virtual_range_allocator_take(allocator, more_above), give_back(allocator, more_below));
        give_back(allocator, part_below(old, new));
        give_back(allocator, part_above(old, new));
        return SUCCESS;
}

/* --- placing ---------------------------------------------------------------------------------------------- */

/* Begins a placement that the tree decides, and tells the trace that it is asked. */
static struct error begin_placement(struct region_tree *tree, enum tree_operation kind, const struct region *region,
                                    const struct placement *request, uintptr_t address)
{
        struct virtual_range_allocator *allocator;
        TRY(region_tree_allocator(tree, &allocator));
        operation_begin(tree, kind, region, request, address);
        trace_authority_asked(tree->id, AUTHORITY_REGIONS, QUESTION_PLACE, address,
                              vrange_size(placement_footprint(request, request->guard_before)));
        return SUCCESS;
}

/* Ends it. The tree has decided; the allocator is told afterwards. */
static struct error end_placement(struct region_tree *tree, struct error error, struct region *region)
{
        trace_authority_answered(tree->id, AUTHORITY_REGIONS, (enum error_code)error.code, error.code ? 0 : region->base);
        TRY(operation_end_with(tree, error, region));
        return virtual_range_allocator_take(tree->allocator, (struct vrange){ region->base, region->end });
}

static struct error place_alone(struct region_tree *tree, struct region *region, const struct placement *request,
                                uintptr_t base)
{
        struct vrange footprint;
        if (region->in_tree)
                return FAIL(BAD_ARGUMENT);
        TRY(region_tree_check_placement(tree, request, base, &footprint));
        const struct insertion_point point = insertion_point_by_order(tree, base);
        region_tree_link(tree, region, request, base, &point);
        return SUCCESS;
}

struct error region_tree_place_alone(struct region_tree *tree, struct region *region, const struct placement *request,
                                     uintptr_t base)
{
        operation_begin(tree, PLACE_SPECIFICALLY, region, request, base);
        return operation_end_with(tree, place_alone(tree, region, request, base), region);
}

struct error region_tree_place_anywhere(struct region_tree *tree, struct region *region,
                                        const struct placement *request)
{
        TRY(begin_placement(tree, PLACE_ANYWHERE, region, request, 0));
        return end_placement(tree, do_place_anywhere(tree, region, request), region);
}

struct error region_tree_place_near(struct region_tree *tree, struct region *region, const struct placement *request,
                                    uintptr_t hint)
{
        TRY(begin_placement(tree, PLACE_NEAR, region, request, hint));
        return end_placement(tree, do_place_near(tree, region, request, hint), region);
}

struct error region_tree_place_random(struct region_tree *tree, struct region *region,
                                      const struct placement *request, struct rng *rng)
{
        TRY(begin_placement(tree, PLACE_RANDOM, region, request, 0));
        return end_placement(tree, do_place_random(tree, region, request, rng), region);
}

struct error region_tree_place_specifically(struct region_tree *tree, struct region *region,
                                            const struct placement *request, uintptr_t base)
{
        TRY(begin_placement(tree, PLACE_SPECIFICALLY, region, request, base));
        return end_placement(tree, do_place_specifically(tree, region, request, base), region);
}

/* --- changing what is there ------------------------------------------------------------------------------- */

struct error region_tree_remove_alone(struct region_tree *tree, struct region *region)
{
        const struct placement request = placement_as_is(tree, region);
        operation_begin(tree, REMOVE, region, &request, region_range(region).base);
        return operation_end_with(tree, do_remove(tree, region), region);
}

struct error region_tree_remove(struct region_tree *tree, struct region *region)
{
        TRY(region_tree_remove_alone(tree, region));
        if (tree->allocator)
                error_ignore(virtual_range_allocator_release(tree->allocator,
                                                             (struct vrange){ region->base, region->end }));
        return SUCCESS;
}

struct error region_tree_resize(struct region_tree *tree, struct region *region, struct vrange range,
                                size_t guard_before, size_t guard_after)
{
        const struct placement request = { vrange_size(range), PAGE_SIZE, guard_before, guard_after, tree->range };
        const struct placement before = placement_as_is(tree, region);
        const uintptr_t old_base = region_range(region).base;
        operation_begin(tree, RESIZE, region, &request, range.base);
        TRY(operation_end_with(tree, do_resize(tree, region, &request, range.base), region));
        return tell_moved(tree, placement_footprint(&before, old_base), placement_footprint(&request, range.base));
}
