/*
 * Finding a hole: which of the free stretches between regions to take.
 *
 * Every region owns the hole just below it, its gap; the tail gap, above the last region, is nobody's and comes last.
 * In address order that makes an in-order walk over holes, from which whole subtrees drop out: those whose largest gap
 * is too small, and those that lie outside the window.
 */
#pragma once

#include "mm/gap.h"
#include "mm/region_tree.h"

/* A place for a region: at `base`, guards not counted, below the region `above` (NULL: in the tail gap). */
struct hole_place {
        uintptr_t base;
        struct region *above;
};

/*
 * The lowest (LEFT) or highest (RIGHT) place in `window` for what `request` asks; its own window is not looked at.
 * False if there is none. The request must have been checked. Emits every node visited. Cost: see region_tree.h.
 */
[[nodiscard]] bool hole_search(const struct region_tree *tree, const struct placement *request, struct vrange window,
                               enum side outermost, struct hole_place *place);

/* The hole below `above`, or the tail gap if that is NULL. O(1). */
static inline struct vrange hole_below(const struct region_tree *tree, const struct region *above)
{
        if (above)
                return (struct vrange){ above->base - gap_size(above->gap), above->base };
        return (struct vrange){ tree->range.end - tree->tail_gap, tree->range.end };
}

/*
 * The lowest and highest base that a region may have inside `space`, aligned and with room for its guards.
 * False if there is none. O(1).
 */
[[nodiscard]] bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest,
                              uintptr_t *highest);
