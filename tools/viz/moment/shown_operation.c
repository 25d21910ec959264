#include "moment/shown_operation.h"

/* A search is over when the operation begins to go down to where the region is linked. */
static size_t count_searching(const struct model_operation *operation)
{
        size_t searching = 0;

        while (searching < operation->visits && operation->visit[searching].decision != LINKING)
                searching++;
        return searching;
}

void shown_take(struct shown_operation *shown, const struct model_tree *tree)
{
        *shown = (struct shown_operation){ .begun = tree->operation.begin != 0, .operation = tree->operation };
        shown->searching = count_searching(&shown->operation);
}

uint64_t shown_need(const struct shown_operation *shown)
{
        return shown_pages(shown) + shown->operation.before / PAGE_SIZE + shown->operation.after / PAGE_SIZE;
}

uint64_t shown_pages(const struct shown_operation *shown)
{
        return shown->operation.size / PAGE_SIZE + (shown->operation.size % PAGE_SIZE != 0);
}

bool shown_seeks_hole(const struct shown_operation *shown)
{
        enum tree_operation kind = shown->operation.kind;

        return kind == PLACE_ANYWHERE || kind == PLACE_NEAR || kind == PLACE_RANDOM;
}

bool shown_places(const struct shown_operation *shown)
{
        return shown_seeks_hole(shown) || shown->operation.kind == PLACE_SPECIFICALLY;
}

bool shown_is_over(const struct shown_operation *shown)
{
        return shown->begun && !shown->operation.in_progress;
}

bool shown_succeeded(const struct shown_operation *shown)
{
        return shown_is_over(shown) && shown->operation.result == ERROR_OK;
}

/* The footprint of a region of the size asked for, were it at `base`. */
struct vrange shown_footprint_at(const struct shown_operation *shown, uint64_t base)
{
        const struct model_operation *operation = &shown->operation;
        struct vrange range;

        if (!vrange_make(&range, base, operation->size) ||
            !vrange_widen(&range, range, operation->before, operation->after))
                return (struct vrange){ base, base };
        return range;
}

struct vrange shown_place(const struct shown_operation *shown)
{
        if (!shown_places(shown) || !shown_succeeded(shown))
                return (struct vrange){ 0 };
        return shown_footprint_at(shown, shown->operation.result_address);
}
