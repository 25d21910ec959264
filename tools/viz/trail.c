#include "trail.h"

/* A search is over when the operation begins to go down to where the region is linked. */
static size_t count_searching(const struct model_operation *operation)
{
        size_t searching = 0;

        while (searching < operation->visits && operation->visit[searching].decision != LINKING)
                searching++;
        return searching;
}

void trail_take(struct trail *trail, const struct model_tree *tree)
{
        *trail = (struct trail){ .begun = tree->operation.begin != 0, .operation = tree->operation };
        trail->searching = count_searching(&trail->operation);
}

uint64_t trail_need(const struct trail *trail)
{
        return trail_pages(trail) + (trail->operation.before + trail->operation.after) / PAGE_SIZE;
}

uint64_t trail_pages(const struct trail *trail)
{
        return trail->operation.size / PAGE_SIZE + (trail->operation.size % PAGE_SIZE != 0);
}

bool trail_seeks_hole(const struct trail *trail)
{
        enum tree_operation kind = trail->operation.kind;

        return kind == PLACE_ANYWHERE || kind == PLACE_NEAR || kind == PLACE_RANDOM;
}

bool trail_places(const struct trail *trail)
{
        return trail_seeks_hole(trail) || trail->operation.kind == PLACE_SPECIFICALLY;
}

bool trail_is_over(const struct trail *trail)
{
        return trail->begun && !trail->operation.in_progress;
}

bool trail_succeeded(const struct trail *trail)
{
        return trail_is_over(trail) && trail->operation.result == ERROR_OK;
}

/* The footprint of a region of the size asked for, were it at `base`. */
struct vrange trail_footprint_at(const struct trail *trail, uint64_t base)
{
        const struct model_operation *operation = &trail->operation;
        struct vrange range;

        if (!vrange_make(&range, base, operation->size) ||
            !vrange_widen(&range, range, operation->before, operation->after))
                return (struct vrange){ base, base };
        return range;
}

struct vrange trail_place(const struct trail *trail)
{
        if (!trail_places(trail) || !trail_succeeded(trail))
                return (struct vrange){ 0 };
        return trail_footprint_at(trail, trail->operation.result_address);
}
