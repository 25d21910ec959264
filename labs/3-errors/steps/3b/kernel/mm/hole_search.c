#include "mm/hole_search.h"

bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest, uintptr_t *highest)
{
        const size_t mask = request->alignment - 1;
        struct vrange bases;                    /* between the lowest and the highest, before they are aligned */

        if (__builtin_add_overflow(space.base, request->guard_before, &bases.base) ||
            __builtin_sub_overflow(space.end, request->guard_after, &bases.end) ||
            __builtin_sub_overflow(bases.end, request->size, &bases.end) ||
            __builtin_add_overflow(bases.base, mask, lowest))
                return false;
        *lowest &= ~mask;
        *highest = bases.end & ~mask;
        return *lowest <= *highest;
}

/* The hole below `above`, or the tail hole if that is NULL, begins where the region before it ends. */
static struct vrange hole_from(const struct region_tree *tree, uintptr_t base, const struct region *above)
{
        return (struct vrange){ base, above ? above->base : tree->range.end };
}

static bool bases_in_hole(const struct region_tree *tree, const struct placement *request, struct vrange hole,
                          uintptr_t *lowest, uintptr_t *highest)
{
        const struct vrange seen = vrange_intersection(vrange_intersection(hole, request->window), tree->range);

        return !vrange_is_empty(seen) && hole_bases(seen, request, lowest, highest);
}

/* Why a hole does not fit. */
static enum decision refusal(const struct placement *request, struct vrange hole)
{
        const size_t size = vrange_size(hole), seen = vrange_size(vrange_intersection(hole, request->window));
        const size_t guards = request->guard_before + request->guard_after;

        if (size < request->size)
                return TOO_SMALL;
        if (size - request->size < guards)
                return NO_ROOM_FOR_GUARDS;
        return seen < request->size || seen - request->size < guards ? OUTSIDE_WINDOW : MISALIGNED;
}

bool hole_search(const struct region_tree *tree, const struct placement *request, uintptr_t *base)
{
        const struct region *above = region_tree_first(tree);
        struct vrange hole = hole_from(tree, tree->range.base, above);
        uintptr_t highest;

        while (!bases_in_hole(tree, request, hole, base, &highest)) {
                tell_visit(tree, above, refusal(request, hole));
                if (!above)
                        return false;
                const uintptr_t end = above->end;
                above = region_tree_next(above);
                hole = hole_from(tree, end, above);
        }
        tell_visit(tree, above, TAKEN);
        return true;
}

/* --- near a hint ------------------------------------------------------------------------------------------ */

static uintptr_t distance(uintptr_t a, uintptr_t b)
{
        return a > b ? a - b : b - a;
}

/* Of the bases from `lowest` to `highest` the nearest to a hint; of two equally near ones the lower. */
static uintptr_t nearest_of(uintptr_t lowest, uintptr_t highest, uintptr_t hint, size_t alignment)
{
        const uintptr_t below = hint & ~(alignment - 1);

        if (hint <= lowest)
                return lowest;
        if (hint >= highest)
                return highest;
        return hint - below <= below + alignment - hint ? below : below + alignment;
}

bool hole_search_near(const struct region_tree *tree, const struct placement *request, uintptr_t hint, uintptr_t *base)
{
        const struct region *above = region_tree_first(tree), *nearest = NULL;
        struct vrange hole = hole_from(tree, tree->range.base, above);
        bool found = false;

        for (;;) {
                uintptr_t lowest, highest;

                if (bases_in_hole(tree, request, hole, &lowest, &highest)) {
                        const uintptr_t candidate = nearest_of(lowest, highest, hint, request->alignment);
                        const bool is_nearer = !found || distance(candidate, hint) < distance(*base, hint);

                        tell_visit(tree, above, is_nearer ? FITS : FARTHER);
                        if (is_nearer) {
                                *base = candidate;
                                nearest = above;
                        }
                        found = true;
                } else {
                        tell_visit(tree, above, refusal(request, hole));
                }
                if (!above)
                        break;
                const uintptr_t end = above->end;
                above = region_tree_next(above);
                hole = hole_from(tree, end, above);
        }
        if (found)
                tell_visit(tree, nearest, TAKEN);
        return found;
}
