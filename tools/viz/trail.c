#include "trail.h"

/*
 * Once a place is chosen the operation goes on down to where the region is linked. Only a verdict after that shows that
 * the search was not over (place near searches twice).
 */
static size_t count_searching(const struct model_operation *operation)
{
        size_t searching = 0;
        bool taken = false;

        if (operation->kind == SPLIT)
                return 0;
        for (size_t i = 0; i < operation->visits; i++) {
                enum decision decision = operation->visit[i].decision;
                bool goes_on = decision == GO_LEFT || decision == GO_RIGHT;

                if (!goes_on)
                        taken = decision == TAKEN;
                if (!goes_on || !taken)
                        searching = i + 1;
        }
        return searching;
}

void trail_take(struct trail *trail, const struct model_tree *tree)
{
        *trail = (struct trail){ .begun = tree->operation.begin != 0, .operation = tree->operation };
        trail->searching = count_searching(&trail->operation);
}

bool trail_by_address(const struct trail *trail, size_t visit)
{
        size_t draws = trail->operation.visit[visit].draws;

        return !trail_seeks_hole(trail) || (draws && draws <= TRAIL_TRIES);
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
