/*
 * What the files of the list of regions share: region_list.c has the nodes, region_tree.c changes the list,
 * region_tree_place.c decides where a region goes, region_tree_lookup.c and region_tree_find.c find regions,
 * region_tree_split.c divides one.
 */
#pragma once

#include "mm/region_tree.h"
#include "trace/trace.h"

static inline uint64_t id_of(const struct region *region)
{
        return region ? region->id : 0;
}

static inline bool is_whole_pages(uintptr_t bytes)
{
        return !(bytes & (PAGE_SIZE - 1));
}

/* Where a new region goes: between two neighbours. NULL: before the first, or behind the last. */
struct insertion_point {
        struct region *below, *above;
};

struct region_list_node;

/*
 * Finds where to insert a region that begins at `address`. `above` is the lowest region that ends, guards included, above
 * the address; the point is of use only if that region leaves room. O(n). Emits the regions passed.
 */
void insertion_point_at(const struct region_tree *tree, uintptr_t address, struct insertion_point *point);

/*
 * Gives a region the range and guards requested, at `base`, and links it with a node of its own behind `below` (NULL: at the
 * front). O(1).
 */
void region_tree_link(struct region_tree *tree, struct region *region, struct region_list_node *node,
                      const struct placement *request, uintptr_t base, struct region *below);

/* A region moves from the addresses `old` to `new`, guards included: takes and gives back the difference. */
struct error region_tree_tell_allocator(struct region_tree *tree, struct vrange old, struct vrange new);

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
