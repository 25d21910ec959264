/*
 * What the files of the region tree share: region_tree.c changes the tree, region_tree_place.c decides where a region
 * goes, hole_search.c finds holes, region_tree_find.c finds regions. No other file includes this.
 */
#pragma once

#include "mm/hole_search.h"
#include "trace/trace.h"

static inline struct region *region_of(const struct rbtree_node *node)
{
        return (struct region *)node;           /* the node comes first in the links, and these in a region */
}

static inline uint64_t id_of(const struct region *region)
{
        return region ? region->id : 0;
}

/* The largest gap in the subtree that a region heads, its own included. */
static inline size_t region_largest_gap(const struct region *region)
{
        return gap_larger(region->links.gap, gap_larger(region->links.max_gap[LEFT], region->links.max_gap[RIGHT]));
}

static inline bool is_whole_pages(uintptr_t bytes)
{
        return !(bytes & (PAGE_SIZE - 1));
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
 * Where to insert a region into the hole below `above` (NULL: into the tail gap): as its left child, or if it has one,
 * at the right end of its left subtree. The search that found the hole ended at `above`, so this goes on from there:
 * with both, a placement descends once. O(log n).
 */
struct insertion_point insertion_point_below(const struct region_tree *tree, struct region *above);

/* Likewise between two neighbours, `below` and `above` (NULL: `below` is the last). O(1). */
struct insertion_point insertion_point_between(struct region *below, struct region *above);

/* Gives a region the range and guards requested, at `base`, and links it at `point`, where it must fit. O(log n). */
void region_tree_link(struct region_tree *tree, struct region *region, const struct placement *request, uintptr_t base,
                      const struct insertion_point *point);

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
