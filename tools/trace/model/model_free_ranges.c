/*
 * The early kernels' second authority: a virtual range allocator, which keeps the free addresses beside a collection of
 * regions. The model keeps them as an array in address order, and compares the two authorities.
 */
#include "model/model_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct model_allocator *model_allocator(const struct model *model, uint64_t id)
{
        return id_map_get(&model->allocators, id);
}

void model_free_allocators(struct model *model)
{
        struct model_allocator *allocator;
        size_t position = 0;

        while ((allocator = id_map_walk(&model->allocators, &position))) {
                free(allocator->free);
                free(allocator);
        }
        id_map_clear(&model->allocators);
}

void model_forget_allocators(struct model *model)
{
        struct model_allocator *allocator;
        size_t position = 0;

        while ((allocator = id_map_walk(&model->allocators, &position)))
                allocator->unknown = true;
}

/* --- free ranges ------------------------------------------------------------------------------------------ */

/* The number of the lowest free range that ends above an address; the count if none does. O(log n). */
static size_t first_above(const struct model_allocator *allocator, uint64_t address)
{
        size_t low = 0, high = allocator->count;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;

                if (allocator->free[middle].end > address)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

/* Replaces `old` ranges from number `at` on by `count` new ones. */
static struct error replace(struct model *model, struct model_allocator *allocator, size_t at, size_t old,
                            const struct vrange *new, size_t count)
{
        const size_t behind = allocator->count - at - old;

        if (allocator->count + count > allocator->room) {
                const size_t room = 2 * allocator->room + 16;
                struct vrange *grown = reallocarray(allocator->free, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                model->free_range_bytes += (room - allocator->room) * sizeof *grown;
                allocator->free = grown;
                allocator->room = room;
        }
        memmove(&allocator->free[at + count], &allocator->free[at + old], behind * sizeof *allocator->free);
        memcpy(&allocator->free[at], new, count * sizeof *new);
        allocator->count = allocator->count - old + count;
        return SUCCESS;
}

static struct error apply_freed(struct model *model, struct model_allocator *allocator, const struct event *event,
                                struct vrange freed)
{
        const size_t at = first_above(allocator, freed.base);
        const struct vrange *below = at > 0 ? &allocator->free[at - 1] : NULL;
        const struct vrange *above = at < allocator->count ? &allocator->free[at] : NULL;

        if (above && above->base < freed.end)
                return REJECT(model, "%s to %s is freed, but %s is free already", format_address(freed.base),
                              format_address(freed.end),
                              format_address(above->base > freed.base ? above->base : freed.base));

        const bool joins_below = below && below->end == freed.base, joins_above = above && above->base == freed.end;

        if (event->type == EVENT_free_range_added && (joins_below || joins_above))
                return REJECT(model, "a free range is added at %s, but the one beside it should grow",
                              format_address(freed.base));
        if (event->type == EVENT_free_range_merged && !joins_below && !joins_above)
                return REJECT(model, "%s to %s joins a free range, but none is beside it", format_address(freed.base),
                              format_address(freed.end));

        const struct vrange joined = { joins_below ? below->base : freed.base, joins_above ? above->end : freed.end };

        return replace(model, allocator, at - joins_below, (size_t)joins_below + joins_above, &joined, 1);
}

static struct error apply_taken(struct model *model, struct model_allocator *allocator, const struct event *event,
                                struct vrange taken)
{
        const size_t at = first_above(allocator, taken.base);

        if (at == allocator->count || !vrange_contains_range(allocator->free[at], taken))
                return REJECT(model, "%s to %s is taken from the free addresses, but not all of it is free",
                              format_address(taken.base), format_address(taken.end));

        const struct vrange free = allocator->free[at];
        const struct vrange rest[2] = { { free.base, taken.base }, { taken.end, free.end } };
        const bool rests_below = free.base < taken.base, rests_above = taken.end < free.end;
        const enum trace_event kind = rests_below && rests_above ? EVENT_free_range_carved
                                    : rests_below || rests_above ? EVENT_free_range_shrunk : EVENT_free_range_removed;

        if (event->type != kind)
                return REJECT(model,
                              "%s to %s is taken from the free range %s to %s, and that is not what the event says",
                              format_address(taken.base), format_address(taken.end), format_address(free.base),
                              format_address(free.end));
        return replace(model, allocator, at, 1, rests_below ? rest : rest + 1, (size_t)rests_below + rests_above);
}

/* --- events ----------------------------------------------------------------------------------------------- */

struct error model_add_allocator(struct model *model, uint64_t id, uint64_t tree, struct model_allocator **out)
{
        struct model_allocator *allocator = calloc(1, sizeof *allocator);

        if (!allocator || id_map_put(&model->allocators, id, allocator).code) {
                free(allocator);
                return fail_no_memory();
        }
        allocator->id = id;
        allocator->tree = tree;
        *out = allocator;
        return SUCCESS;
}

struct error model_add_free_range(struct model *model, struct model_allocator *allocator, struct vrange range)
{
        return replace(model, allocator, allocator->count, 0, &range, 1);
}

static struct error apply_created(struct model *model, const struct event *event)
{
        const uint64_t id = VALUE(event, allocator_created, allocator);
        struct model_allocator *allocator;
        struct model_tree *tree;

        if (!id || model_allocator(model, id))
                return REJECT(model, "allocator %" PRIu64 " is created, but %s", id,
                              id ? "there is one already" : "0 means none");
        TRY(model_need_tree(model, VALUE(event, allocator_created, tree), &tree));
        TRY(model_add_allocator(model, id, tree->id, &allocator));
        allocator->range = (struct vrange){ VALUE(event, allocator_created, base), VALUE(event, allocator_created, end) };
        tree->allocator = allocator;
        return SUCCESS;
}

static struct error apply_destroyed(struct model *model, struct model_allocator *allocator)
{
        struct model_tree *tree = model_tree(model, allocator->tree);

        if (tree)
                tree->allocator = NULL;
        model->free_range_bytes -= allocator->room * sizeof *allocator->free;
        free(allocator->free);
        *allocator = (struct model_allocator){ .id = allocator->id, .tree = allocator->tree, .gone = true };
        return SUCCESS;
}

/* The questions of one tree follow each other: its lock is held meanwhile. */
static struct error apply_authority(struct model *model, const struct event *event)
{
        const bool is_answer = event->type == EVENT_authority_answered;
        struct model_tree *tree;

        TRY(model_need_tree(model, event->field[0], &tree));
        if (is_answer && !tree->question.is_open)
                return REJECT(model, "an authority answers, but was asked nothing");
        if (is_answer && tree->question.authority != VALUE(event, authority_answered, authority))
                return REJECT(model, "one authority was asked, the other answers");
        if (is_answer) {
                tree->question.is_open = false;
                tree->question.result = (enum error_code)VALUE(event, authority_answered, result);
                tree->question.answer = VALUE(event, authority_answered, base);
                return SUCCESS;
        }
        tree->question = (struct model_question){
                .is_open = true,
                .authority = (enum authority)VALUE(event, authority_asked, authority),
                .question = (enum question)VALUE(event, authority_asked, question),
                .base = VALUE(event, authority_asked, base),
                .size = VALUE(event, authority_asked, size),
                .event = event->number,
        };
        return SUCCESS;
}

struct error model_apply_early_event(struct model *model, const struct event *event)
{
        struct model_allocator *allocator;
        struct vrange range;

        switch (event->type) {
        case EVENT_allocator_created:
                return apply_created(model, event);
        case EVENT_authority_asked:
        case EVENT_authority_answered:
                return apply_authority(model, event);
        case EVENT_allocator_destroyed:
        case EVENT_free_range_added ... EVENT_free_range_removed:
                break;
        default:
                return SUCCESS;
        }
        allocator = model_allocator(model, event->field[0]);
        if (!allocator || allocator->gone)
                return REJECT(model, "there is no allocator %" PRIu64, event->field[0]);
        if (event->type == EVENT_allocator_destroyed)
                return apply_destroyed(model, allocator);
        if (allocator->unknown)
                return SUCCESS;
        range = (struct vrange){ VALUE(event, free_range_added, base), VALUE(event, free_range_added, end) };
        if (vrange_is_empty(range) || !vrange_contains_range(allocator->range, range))
                return REJECT(model, "%s to %s is no range of allocator %" PRIu64, format_address(range.base),
                              format_address(range.end), allocator->id);
        if (event->type == EVENT_free_range_added || event->type == EVENT_free_range_merged)
                return apply_freed(model, allocator, event, range);
        return apply_taken(model, allocator, event, range);
}

/* --- two authorities -------------------------------------------------------------------------------------- */

bool model_allocator_has_free(const struct model_allocator *allocator, struct vrange range)
{
        const size_t at = first_above(allocator, range.base);

        return at < allocator->count && vrange_contains_range(allocator->free[at], range);
}

/* What both say of an address, and the next address at which either may say something else. */
struct said {
        bool is_free_for_allocator;
        const struct model_region *region;
        uintptr_t until;
};

static struct said said_at(const struct model_tree *tree, size_t *next_free, const struct model_region **next,
                           uintptr_t address)
{
        const struct model_allocator *allocator = tree->allocator;
        struct said said = { .until = allocator->range.end };

        while (*next_free < allocator->count && allocator->free[*next_free].end <= address)
                ++*next_free;
        while (*next && model_footprint(*next).end <= address)
                *next = model_next_above(tree, *next);
        if (*next_free < allocator->count) {
                const struct vrange free = allocator->free[*next_free];

                said.is_free_for_allocator = free.base <= address;
                said.until = said.is_free_for_allocator ? free.end : free.base;
        }
        if (*next) {
                const struct vrange taken = model_footprint(*next);
                const uintptr_t until = taken.base <= address ? taken.end : taken.base;

                said.region = taken.base <= address ? *next : NULL;
                said.until = until < said.until ? until : said.until;
        }
        return said;
}

bool model_diverges(const struct model_tree *tree, struct model_divergence *out)
{
        const struct model_allocator *allocator = tree->allocator;
        const struct model_region *next = model_next_above(tree, NULL);
        size_t next_free = 0;

        if (!allocator || allocator->unknown || tree->unknown)
                return false;
        for (uintptr_t address = allocator->range.base; address < allocator->range.end;) {
                const struct said said = said_at(tree, &next_free, &next, address);

                if (said.is_free_for_allocator == (said.region != NULL)) {
                        *out = (struct model_divergence){ { address, said.until }, said.region };
                        return true;
                }
                address = said.until;
        }
        return false;
}
