/*
 * What the files of the region tree share: region_tree.c moves pointers, region_tree_place.c decides where to,
 * hole_search.c finds room, region_tree_find.c only looks. Nobody else includes this.
 */
#pragma once

#include "mm/hole_search.h"
#include "mm/region_tree.h"
#include "trace/trace.h"

static inline struct region *region_of(const struct rbtree_node *node)
{
        return (struct region *)node;           /* the node is a region's first member */
}

static inline uint64_t id_of(const struct region *region)
{
        return region ? region->id : 0;
}

static inline bool is_whole_pages(uintptr_t bytes)
{
        return !(bytes & (PAGE_SIZE - 1));
}

/* Where a new node goes: it becomes `parent`'s child `side`, and `above` is the region after it. */
struct spot {
        struct rbtree_node *parent;
        enum side side;
        struct region *above;
};

/*
 * The spot where a region that begins at `address` goes, if it is free there. In any case `above` is the lowest region
 * that ends, guards included, above the address. O(log n).
 */
void region_tree_spot_at(const struct region_tree *tree, uintptr_t address, struct spot *spot);

/* The spot just below `above` (NULL: after the last): its left child, or else the last place in its left subtree. */
struct spot region_tree_spot_below(const struct region_tree *tree, struct region *above);

/* Gives a region what was asked for at `base` and links it into the hole at `spot`, which must hold it. O(log n). */
void region_tree_link(struct region_tree *tree, struct region *region, const struct placement *request, uintptr_t base,
                      const struct spot *spot);

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
