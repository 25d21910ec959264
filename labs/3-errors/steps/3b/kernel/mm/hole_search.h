/*
 * Finding a hole: which of the free ranges between regions to take.
 *
 *      tree->range.base                                              tree->range.end
 *          |<- hole ->[ region ]<--- hole --->[ region ][ region ]<- tail hole ->|
 *
 * A hole may be empty: two regions may touch, and one may begin or end with the tree's range. What a request takes of a
 * hole is its size and its guards; `base` is always where the region itself begins, behind the guard below it:
 *
 *                            base (a multiple of the alignment)
 *      hole:  |<- unused ->|<- guard_before ->|<===== size =====>|<- guard_after ->|<- unused ->|
 *
 * All requests must have been checked: sizes are whole pages, the alignment is a power of two and at least a page.
 */
#pragma once

#include "lib/vocabulary/region_tree.h"
#include "mm/region_tree.h"
#include "trace/trace.h"

/*
 * The lowest and highest base that a region may have inside `space`, a hole or a part of one: aligned, and with room for
 * its guards. False if there is none, also if the sizes add up to more than 64 bits hold. O(1).
 */
[[nodiscard]] bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest,
                              uintptr_t *highest);

/*
 * The lowest base for a request in all holes, as far as they lie in its window; false if there is none. O(n): looks at
 * the holes in address order. Emits what was decided at each (tell_visit).
 */
[[nodiscard]] bool hole_search(const struct region_tree *tree, const struct placement *request, uintptr_t *base);

/*
 * Whether no region, guards included, has any of these addresses. Emits FREE or IN_THE_WAY for the lowest region that
 * ends above the first of them. O(log n).
 */
[[nodiscard]] bool hole_is_free(const struct region_tree *tree, struct vrange footprint);

/*
 * A base at random: draws up to 8 bases (hole_draw) from all that lie in the window and in the tree's range, and takes the
 * first that is free; if none was, the nearest to one more that is drawn. False if the request fits nowhere. O(n).
 */
[[nodiscard]] bool hole_search_random(const struct region_tree *tree, const struct placement *request, struct rng *rng,
                                      uintptr_t *base);

/* The base nearest to a hint; of two equally near ones the lower (hole_near.c). False if there is none. O(n). */
[[nodiscard]] bool hole_search_near(const struct region_tree *tree, const struct placement *request, uintptr_t hint,
                                    uintptr_t *base);

/* An aligned address from `lowest` to `highest`, each as likely as the other (hole_near.c). Emits it. */
uintptr_t hole_draw(const struct region_tree *tree, struct rng *rng, size_t alignment, uintptr_t lowest,
                    uintptr_t highest);

/*
 * Tells the trace what was decided about the hole just below `above`, or the tail hole if that is NULL. In this order:
 *
 *      TOO_SMALL               it is smaller than the region
 *      NO_ROOM_FOR_GUARDS      it holds the region, but not its guards too
 *      OUTSIDE_WINDOW          too little of it lies in the window for the region with its guards
 *      MISALIGNED              there is room, but not from an aligned address on
 *      TAKEN                   it fits, which ends the search
 */
static inline void tell_visit(const struct region_tree *tree, const struct region *above, enum decision decision)
{
        trace_tree_visit(tree->id, above ? above->id : 0, decision, SKIPPED_NONE);
}
