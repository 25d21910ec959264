/*
 * Finding a hole: which of the free ranges between regions to take.
 *
 * The tree keeps each hole with the region above it, as that region's gap; the tail gap, above the last region, comes
 * last. So an in-order walk visits the holes in address order. It skips whole subtrees: those whose largest gap is too
 * small, those without an aligned 2 MiB if the request needs one, and those that lie outside the window.
 */
#pragma once

#include "lib/vocabulary/region_tree.h"
#include "mm/region_tree.h"

/* A place for a region: at `base`, guards not counted, below the region `above` (NULL: in the tail gap). */
struct hole_place {
        uintptr_t base;
        struct region *above;
};

/*
 * The lowest (LEFT) or highest (RIGHT) place in `window` for what `request` asks. The window is the request's own, or
 * that narrowed to one side of a hint. False if there is none. The request must have been checked. Emits every node
 * visited, and why subtrees were skipped; `success` is what the trace calls the hole that was found: TAKEN, or FITS if
 * the caller has still to choose. Cost: see region_tree.h.
 */
[[nodiscard]] bool hole_search(const struct region_tree *tree, const struct placement *request, struct vrange window,
                               enum side outermost, enum decision success, struct hole_place *place);

/* The hole below `above`, or the tail gap if that is NULL. O(1). */
static inline struct vrange hole_below(const struct region_tree *tree, const struct region *above)
{
        if (above)
                return (struct vrange){ above->base - gap_size(above->links.gap), above->base };
        return (struct vrange){ tree->range.end - tree->tail_gap, tree->range.end };
}

/*
 * The lowest and highest base that a region may have inside `space`, aligned and with room for its guards.
 * False if there is none. O(1).
 */
[[nodiscard]] bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest,
                              uintptr_t *highest);
