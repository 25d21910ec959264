/*
 * Finding a hole: which of the free ranges between regions to take.
 *
 *      tree->range.base                                              tree->range.end
 *          |<- hole ->[ region ]<--- hole --->[ region ][ region ]<- tail hole ->|
 *
 * A hole may be empty: two regions may touch, and one may begin or end with the tree's range. A request must have been
 * checked. Both searches look at the holes in address order, O(n), and emit what they decide at each.
 */
#pragma once

#include "lib/vocabulary/region_tree.h"
#include "mm/region_tree.h"
#include "trace/trace.h"

/* The lowest base for what a request asks, aligned and with room for its guards; false if no hole has any. */
[[nodiscard]] bool hole_search(const struct region_tree *tree, const struct placement *request, uintptr_t *base);

/* The base nearest to `hint`, of two equally near ones the lower; false if no hole has any. */
[[nodiscard]] bool hole_search_near(const struct region_tree *tree, const struct placement *request, uintptr_t hint,
                                    uintptr_t *base);

/*
 * The lowest and highest base that a region may have inside `space`, aligned and with room for its guards.
 * False if there is none. O(1).
 */
[[nodiscard]] bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest,
                              uintptr_t *highest);

/* Tells the trace what was decided about the hole just below `above`, or the tail hole if that is NULL. */
static inline void tell_visit(const struct region_tree *tree, const struct region *above, enum decision decision)
{
        trace_tree_visit(tree->id, above ? above->id : 0, decision, SKIPPED_NONE);
}
