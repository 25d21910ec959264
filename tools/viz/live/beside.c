#include "live/beside.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"

#include <stdlib.h>
#include <string.h>

/* Takes the lists of operations off what is allowed, and halves the rest: one for each recording. */
static struct error share(const struct beside *beside, size_t *memory)
{
        const size_t lists = operations_memory(beside->a) + operations_memory(beside->b);

        if (lists >= *memory)
                return FAILF(NO_MEMORY, "the operations of %s and %s take %s, more than is allowed", beside->a->path,
                             beside->b->path, format_about(lists));
        *memory = (*memory - lists) / 2;
        return SUCCESS;
}

struct error beside_open(struct beside **out, const char *a, const char *b, size_t *memory)
{
        struct beside *beside = calloc(1, sizeof *beside);
        struct error error = beside ? SUCCESS : fail_no_memory();

        if (!error.code)
                error = operations_read(a, &beside->a);
        if (!error.code)
                error = operations_read(b, &beside->b);
        if (!error.code)
                error = share(beside, memory);
        if (!error.code)
                error = diff_create(beside->a, beside->b, COMPARE_ALL, &beside->diff);
        if (!error.code)
                error = timeline_open(&beside->view.timeline, b, *memory);
        if (error.code) {
                beside_close(beside);
                return error;
        }
        *out = beside;
        return SUCCESS;
}

void beside_close(struct beside *beside)
{
        if (!beside)
                return;
        timeline_close(beside->view.timeline);
        if (beside->diff)
                diff_free(beside->diff);
        if (beside->b)
                operations_free(beside->b);
        if (beside->a)
                operations_free(beside->a);
        free(beside);
}

struct error beside_index(struct beside *beside, double milliseconds)
{
        return timeline_index(beside->view.timeline, milliseconds);
}

bool beside_is_indexed(const struct beside *beside)
{
        return timeline_is_indexed(beside->view.timeline);
}

/* --- which operation --------------------------------------------------------------------------------------- */

static const struct diff_tree *tree_of(const struct beside *beside, uint64_t id)
{
        for (size_t i = 0; i < beside->diff->trees; i++)
                if (beside->diff->tree[i].a && beside->diff->tree[i].a->tree == id)
                        return &beside->diff->tree[i];
        return NULL;
}

/* The last pair whose operation in A had begun by an event. */
static const struct diff_pair *pair_at(const struct beside *beside, const struct diff_tree *tree, uint64_t event)
{
        const struct diff_pair *found = NULL;

        for (size_t i = tree->first; i < tree->first + tree->pairs; i++)
                if (beside->diff->pair[i].a && beside->diff->pair[i].a->begin <= event)
                        found = &beside->diff->pair[i];
        return found;
}

static uint64_t end_of(const struct operation *operation)
{
        return operation->end ? operation->end : UINT64_MAX;
}

/* As far into the operation as A is; after its end if A is after the end of its own. */
static uint64_t event_in_b(const struct diff_pair *pair, uint64_t event_in_a)
{
        const uint64_t into = event_in_a - pair->a->begin, length = end_of(pair->b) - pair->b->begin;

        return event_in_a >= end_of(pair->a) || into > length ? end_of(pair->b) : pair->b->begin + into;
}

/* Where B stands if it has no operation like A's: after the one before. */
static uint64_t event_before(const struct beside *beside, const struct diff_tree *tree, const struct diff_pair *pair)
{
        for (; pair > &beside->diff->pair[tree->first]; pair--)
                if (pair[-1].b)
                        return end_of(pair[-1].b);
        return 0;
}

void beside_align(struct beside *beside, const struct view *view)
{
        struct view *other = &beside->view;
        const struct diff_tree *tree = tree_of(beside, view->tree);
        uint64_t event = 0, last = timeline_last(other->timeline);

        beside->pair = tree && tree->b ? pair_at(beside, tree, timeline_at(view->timeline)) : NULL;
        other->tree = tree && tree->b ? tree->b->tree : 0;
        other->tree_was_chosen = true;
        other->filter = view->filter;
        other->node_size = view->node_size;
        if (beside->pair && beside->pair->b)
                event = event_in_b(beside->pair, timeline_at(view->timeline));
        else if (beside->pair)
                event = event_before(beside, tree, beside->pair);
        else if (tree && tree->b && tree->b->count)
                event = tree->b->operation[0].begin - 1;
        if (timeline_seek(other->timeline, event < last ? event : last).code)
                view_alarm(other, "%s", error_message());
}

/* --- what differs ------------------------------------------------------------------------------------------ */

/* Where A shows a pair: the begin of its operation, or the end of the one before if only B has it. */
static uint64_t event_in_a(const struct beside *beside, const struct diff_pair *pair)
{
        const struct diff_tree *tree = &beside->diff->tree[pair->tree];

        if (pair->a)
                return pair->a->begin;
        for (; pair > &beside->diff->pair[tree->first]; pair--)
                if (pair[-1].a)
                        return end_of(pair[-1].a);
        return 0;
}

void beside_first_difference(struct view *view)
{
        const struct beside *beside = view->beside;
        const struct diff_pair *first = beside ? beside->diff->first : NULL;
        const struct operation_list *tree = first ? beside->diff->tree[first->tree].a : NULL;
        uint64_t event, last = timeline_last(view->timeline);

        if (!beside) {
                view_say(view, "this is one recording: `regionviz live A B' shows two beside each other");
                return;
        }
        if (!first) {
                view_say(view, "all operations of the two recordings are alike");
                return;
        }
        if (!tree) {
                view_alarm(view, "the first difference is in a tree that only %s has", beside->b->path);
                return;
        }
        event = event_in_a(beside, first);
        view->tree = tree->tree;
        view->tree_was_chosen = true;
        if (timeline_seek(view->timeline, event < last ? event : last).code)
                view_alarm(view, "%s", error_message());
        else
                view_alarm(view, "the first difference: %s", difference_words(first->difference));
}

bool beside_words(char *out, size_t size, const struct beside *beside, const struct view *view)
{
        const struct diff_pair *pair = beside->pair;
        const bool differs = pair && pair->difference != ALIKE;

        out[0] = 0;
        if (!tree_of(beside, view->tree) || !tree_of(beside, view->tree)->b)
                text_append(out, size, "%s has no such tree", beside->b->path);
        else if (!pair)
                text_append(out, size, "before the first operation");
        else if (!pair->b)
                text_append(out, size, "op %s | none: only A has it", format_count(pair->a->number));
        else
                text_append(out, size, "op %s | op %s: %s%s", format_count(pair->a->number),
                            format_count(pair->b->number), differs ? difference_words(pair->difference) : "alike",
                            differs ? " differs" : "");
        if (pair && pair == beside->diff->first)
                text_append(out, size, " · the first difference");
        else if (beside->diff->first)
                text_append(out, size, " · d: the first difference");
        else
                text_append(out, size, " · all operations are alike");
        return differs;
}
