#include "mm/region_tree_insert.h"
#include "mm/region_tree_nodes.h"
#include "mm/region_tree_remove.h"
#include "mm/virtual_range_allocator.h"

/* --- life ------------------------------------------------------------------------------------------------- */

void region_tree_init(struct region_tree *tree, struct vrange range)
{
        static uint64_t newest;
        *tree = (struct region_tree){ .range = range };
        tree->id = __atomic_add_fetch(&newest, 1, __ATOMIC_RELAXED);
        trace_tree_created(tree->id, range.base, range.end, region_tree_insert_promises());
}

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
        error_ignore(virtual_range_allocator_release(allocator, range));        /* joins what it was taken from */
}

/* First all that can be refused is taken; then the rest is given back. */
struct error region_tree_tell_allocator(struct region_tree *tree, struct vrange old, struct vrange new)
{
        struct virtual_range_allocator *allocator = tree->allocator;
        const struct vrange more_below = part_below(new, old), more_above = part_above(new, old);

        if (!allocator)
                return SUCCESS;
        TRY(virtual_range_allocator_take(allocator, more_below));
        TRY_OR(virtual_range_allocator_take(allocator, more_above), give_back(allocator, more_below));
        TRY_OR(virtual_range_allocator_release(allocator, part_below(old, new)),
               (give_back(allocator, more_below), give_back(allocator, more_above)));
        return virtual_range_allocator_release(allocator, part_above(old, new));
}

/* --- linking ---------------------------------------------------------------------------------------------- */

/* Of two neighbours one has no child on the side of the other: if both had, a region would lie between them. */
struct insertion_point insertion_point_between(struct region *below, struct region *above)
{
        if (below->links.node.child[RIGHT])
                return (struct insertion_point){ &above->links.node, LEFT, above };
        return (struct insertion_point){ &below->links.node, RIGHT, above };
}

static void change_region(struct region *region, struct vrange range, size_t guard_before, size_t guard_after)
{
        struct vrange old = region_range(region);
        region->base = range.base - guard_before;
        region->end = range.end + guard_after;
        region->guard_before = guard_before;
        region->guard_after = guard_after;
        trace_region_changed(region->id, old.base, old.end, region->protection, range.base, range.end,
                             region->protection, trace_pages(guard_before), trace_pages(guard_after));
}

void region_tree_link(struct region_tree *tree, struct region *region, const struct placement *request, uintptr_t base,
                      const struct insertion_point *point)
{
        change_region(region, (struct vrange){ base, base + request->size }, request->guard_before,
                      request->guard_after);
        region->in_tree = true;
        tree->count++;
        region_tree_insert(&tree->nodes, &region->links.node, point->parent, point->side);
}

/* --- changing what is there ------------------------------------------------------------------------------- */

static struct error remove(struct region_tree *tree, struct region *region)
{
        if (!region->in_tree)
                return FAIL(NOT_FOUND);
        struct region *above = region_tree_next(region);
        region_tree_take_out(&tree->nodes, &region->links.node, above ? &above->links.node : NULL);
        region->in_tree = false;
        tree->count--;
        return SUCCESS;
}

struct error region_tree_remove_alone(struct region_tree *tree, struct region *region)
{
        const struct placement request = placement_as_is(tree, region);
        operation_begin(tree, REMOVE, region, &request, region_range(region).base);
        return operation_end_with(tree, remove(tree, region), region);
}

struct error region_tree_remove(struct region_tree *tree, struct region *region)
{
        TRY(region_tree_remove_alone(tree, region));
        if (tree->allocator)
                error_ignore(virtual_range_allocator_release(tree->allocator,
                                                             (struct vrange){ region->base, region->end }));
        return SUCCESS;
}

/* The region is taken out and linked again where it belongs: whatever its new range, the order holds. */
static struct error resize(struct region_tree *tree, struct region *region, const struct placement *request,
                           uintptr_t base)
{
        const struct region *below = region_tree_previous(region), *above = region_tree_next(region);
        const struct vrange room = { below ? below->end : tree->range.base, above ? above->base : tree->range.end };
        struct vrange footprint;
        TRY(region_tree_check_placement(tree, request, base, &footprint));
        if (!vrange_contains_range(room, footprint))
                return FAIL(OVERLAP);
        TRY(remove(tree, region));
        struct insertion_point point;
        insertion_point_at(tree, footprint.base, &point);
        region_tree_link(tree, region, request, base, &point);
        return SUCCESS;
}

/* If the allocator then refuses, the region gets back the range that it had: nothing else has changed meanwhile. */
struct error region_tree_resize(struct region_tree *tree, struct region *region, struct vrange range,
                                size_t guard_before, size_t guard_after)
{
        const struct placement request = { vrange_size(range), PAGE_SIZE, guard_before, guard_after, tree->range };
        const struct placement before = placement_as_is(tree, region);
        const uintptr_t old_base = region_range(region).base;
        operation_begin(tree, RESIZE, region, &request, range.base);
        TRY(operation_end_with(tree, resize(tree, region, &request, range.base), region));

        const struct error error = region_tree_tell_allocator(tree, placement_footprint(&before, old_base),
                                                              placement_footprint(&request, range.base));
        if (!error.code)
                return SUCCESS;
        operation_begin(tree, RESIZE, region, &before, old_base);
        error_ignore(operation_end_with(tree, resize(tree, region, &before, old_base), region));
        return error;
}
