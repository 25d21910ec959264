/*
 * What the files of the region tree share:
 *
 *      region_tree_changes.c   the operations that change which addresses are used, from begin to end
 *      region_tree.c           changes the tree
 *      region_tree_place.c     decides where a region goes
 *      region_tree_split.c     divides a region in two
 *      hole_search.c           finds holes; hole_near.c near a hint
 *      region_tree_find.c      finds regions
 *
 * No other file includes this.
 */
#pragma once

#include "mm/region_tree.h"
#include "trace/trace.h"

static inline struct region *region_of(const struct rbtree_node *node)
{
        return (struct region *)node;           /* the node is the first member of a region's links, and they are a region's */
}

static inline uint64_t id_of(const struct region *region)
{
        return region ? region->id : 0;
}

static inline bool is_whole_pages(uintptr_t bytes)
{
        return !(bytes & (PAGE_SIZE - 1));
}

/* Whether any tree could ever meet a request. */
static inline bool placement_is_possible(const struct placement *request)
{
        const bool is_power_of_two = request->alignment && !(request->alignment & (request->alignment - 1));
        return request->size && is_power_of_two && request->window.base <= request->window.end &&
               is_whole_pages(request->size | request->alignment | request->guard_before | request->guard_after |
                              request->window.base | request->window.end);
}

/* Where a new node goes: it becomes `parent`'s child `side`, and `above` is the region after it. */
struct insertion_point {
        struct rbtree_node *parent;
        enum side side;
        struct region *above;
};

/*
 * Finds where to insert a region that begins at `address`. `above` is the lowest region that ends, guards included,
 * above the address; the point is of use only if that region leaves room. O(log n).
 */
void insertion_point_at(const struct region_tree *tree, uintptr_t address, struct insertion_point *point);

/*
 * Where to insert a region with this base, guards included, by order alone: the first free place on the way down, even
 * if another region is in the way. O(log n). Emits the nodes passed.
 */
struct insertion_point insertion_point_by_order(const struct region_tree *tree, uintptr_t base);

/* Where to insert a region between two neighbours, `below` and `above` (NULL: `below` is the last). O(1). */
struct insertion_point insertion_point_between(struct region *below, struct region *above);

/* Gives a region the range and guards requested, at `base`, and links it at `point`. O(log n). */
void region_tree_link(struct region_tree *tree, struct region *region, const struct placement *request, uintptr_t base,
                      const struct insertion_point *point);

/* Gives a region a range and guards, and emits that. The caller must have checked that nothing is in the way. O(1). */
void change_region(struct region *region, struct vrange range, size_t guard_before, size_t guard_after);

/*
 * The work of the operations in region_tree_changes.c, without their begin and end in the trace. Contracts as of those
 * (mm/region_tree.h). `request` of do_resize() says the new size and guards.
 */
struct error do_place_anywhere(struct region_tree *tree, struct region *region, const struct placement *request);
struct error do_place_specifically(struct region_tree *tree, struct region *region, const struct placement *request,
                                     uintptr_t base);
struct error do_place_near(struct region_tree *tree, struct region *region, const struct placement *request,
                             uintptr_t hint);
struct error do_place_random(struct region_tree *tree, struct region *region, const struct placement *request,
                               struct rng *rng);
struct error do_remove(struct region_tree *tree, struct region *region);
struct error do_resize(struct region_tree *tree, struct region *region, const struct placement *request, uintptr_t base);

/* Every operation begins and ends with these, so that the trace shows what was asked and what came of it. */
static inline void operation_begin(struct region_tree *tree, enum tree_operation kind, const struct region *region,
                                   const struct placement *request, uintptr_t address)
{
        trace_tree_begin(tree->id, ++tree->operations, tree->cause, kind, id_of(region), request->size,
                         request->alignment, request->guard_before, request->guard_after, request->window.base,
                         request->window.end, address);
}

static inline void operation_end(const struct region_tree *tree, enum error_code result, const struct region *region)
{
        trace_tree_end(tree->id, tree->operations, result, id_of(region), region ? region_range(region).base : 0);
}

/* Ends an operation that may have failed; then there is no region to show. */
static inline struct error operation_end_with(const struct region_tree *tree, struct error error,
                                              const struct region *region)
{
        operation_end(tree, (enum error_code)error.code, error.code ? NULL : region);
        return error;
}
