/* Places near a hint, and at random. */
#include "mm/hole_search.h"

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

/* The nearest base in each hole is compared with the nearest so far. */
bool hole_search_near(const struct region_tree *tree, const struct placement *request, uintptr_t hint, uintptr_t *base)
{
        const struct vrange window = vrange_intersection(tree->range, request->window);
        const struct region *above = region_tree_first(tree), *chosen = NULL;
        uintptr_t begin = tree->range.base, lowest, highest;
        bool is_found = false;

        for (;;) {
                const struct vrange hole = { begin, above ? above->base : tree->range.end };
                const struct vrange seen = vrange_intersection(hole, window);

                if (!vrange_is_empty(seen) && hole_bases(seen, request, &lowest, &highest)) {
                        const uintptr_t nearest = nearest_of(lowest, highest, hint, request->alignment);

                        if (!is_found || distance(nearest, hint) < distance(*base, hint)) {
                                *base = nearest;
                                chosen = above;
                        }
                        is_found = true;
                        tell_visit(tree, above, FITS);
                }
                if (!above)
                        break;
                begin = above->end;
                above = region_tree_next(above);
        }
        if (is_found)
                tell_visit(tree, chosen, TAKEN);
        return is_found;
}

uintptr_t hole_draw(const struct region_tree *tree, struct rng *rng, size_t alignment, uintptr_t lowest,
                    uintptr_t highest)
{
        const uintptr_t drawn = lowest + rng_below(rng, (highest - lowest) / alignment + 1) * alignment;

        trace_tree_draw(tree->id, drawn);
        return drawn;
}
