#include "mm/hole_search.h"

bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest, uintptr_t *highest)
{
        const size_t mask = request->alignment - 1;
        uintptr_t first, last;                  /* the ends of what is possible, before they are aligned */

        if (__builtin_add_overflow(space.base, request->guard_before, &first) ||
            __builtin_add_overflow(first, mask, &first) ||
            __builtin_sub_overflow(space.end, request->guard_after, &last) ||
            __builtin_sub_overflow(last, request->size, &last))
                return false;
        *lowest = first & ~mask;
        *highest = last & ~mask;
        return *lowest <= *highest;
}

/* Looks at one hole: whether the request fits, and the lowest base; or why it does not. */
static enum decision judge(struct vrange hole, struct vrange window, const struct placement *request, uintptr_t *base)
{
        const struct vrange seen = vrange_intersection(hole, window);
        size_t need;
        uintptr_t highest;

        if (vrange_size(hole) < request->size)
                return TOO_SMALL;
        if (__builtin_add_overflow(request->size, request->guard_before, &need) ||
            __builtin_add_overflow(need, request->guard_after, &need) || vrange_size(hole) < need)
                return NO_ROOM_FOR_GUARDS;
        if (vrange_is_empty(seen) || vrange_size(seen) < need)
                return OUTSIDE_WINDOW;
        return hole_bases(seen, request, base, &highest) ? TAKEN : MISALIGNED;
}

bool hole_search(const struct region_tree *tree, const struct placement *request, uintptr_t *base)
{
        const struct region *above = region_tree_first(tree);
        uintptr_t begin = tree->range.base;

        for (;;) {
                const struct vrange hole = { begin, above ? above->base : tree->range.end };
                const enum decision decision = judge(hole, request->window, request, base);

                tell_visit(tree, above, decision);
                if (decision == TAKEN || !above)
                        return decision == TAKEN;
                begin = above->end;
                above = region_tree_next(above);
        }
}

bool hole_is_free(const struct region_tree *tree, struct vrange footprint)
{
        struct region *below, *above = region_tree_above(tree, footprint.base, &below);
        const bool is_free = !above || footprint.end <= above->base;

        tell_visit(tree, above, is_free ? FREE : IN_THE_WAY);
        return is_free;
}

bool hole_search_random(const struct region_tree *tree, const struct placement *request, struct rng *rng,
                        uintptr_t *base)
{
        const struct vrange window = vrange_intersection(tree->range, request->window);
        uintptr_t lowest, highest;

        if (vrange_is_empty(window) || !hole_bases(window, request, &lowest, &highest))
                return false;
        for (int tries = 0; tries < 8; tries++) {
                *base = hole_draw(tree, rng, request->alignment, lowest, highest);
                if (hole_is_free(tree, placement_footprint(request, *base)))
                        return true;
        }
        return hole_search_near(tree, request, hole_draw(tree, rng, request->alignment, lowest, highest), base);
}
