/*
 * Finding a hole: which of the free ranges between regions to take.
 *
 *      tree->range.base                                              tree->range.end
 *          |<- hole ->[ region ]<--- hole --->[ region ][ region ]<- tail hole ->|
 *
 * A hole may be empty: two regions may touch, and one may begin or end with the tree's range.
 */
#pragma once

#include "lib/vocabulary/region_tree.h"
#include "mm/region_tree.h"
#include "trace/trace.h"

/*
 * Whether the tree of regions answers where a request goes. The range allocator answers all others. For now the tree
 * answers requests that are page aligned, without guards, and not limited to a window: one as wide as the tree's range.
 */
bool hole_search_serves(const struct region_tree *tree, const struct placement *request);

/*
 * The base of the lowest hole that has room for what a request asks; false if no hole has. The tree must serve the
 * request. O(n): looks at the holes in address order. Emits what was decided at each (tell_visit).
 */
[[nodiscard]] bool hole_search(const struct region_tree *tree, const struct placement *request, uintptr_t *base);

/*
 * Tells the trace what was decided about the hole just below `above`, or the tail hole if that is NULL: TOO_SMALL, or
 * TAKEN, which ends the search.
 */
static inline void tell_visit(const struct region_tree *tree, const struct region *above, enum decision decision)
{
        trace_tree_visit(tree->id, above ? above->id : 0, decision, SKIPPED_NONE);
}
