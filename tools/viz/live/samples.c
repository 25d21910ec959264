#include "live/samples.h"

/* Events a second since the sample of the operation before; 0 if there is none. */
static uint64_t rate_since(const struct view *view, const struct sample *sample)
{
        const struct sample *before = &view->sample[(sample->operation - 1) % SAMPLES];

        if (before->operation != sample->operation - 1 || sample->nanoseconds <= before->nanoseconds ||
            sample->event < before->event)
                return 0;
        return (sample->event - before->event) * 1000000000 / (sample->nanoseconds - before->nanoseconds);
}

void sample_take(struct view *view, const struct model_tree *tree, const struct event *event)
{
        const uint64_t number = tree->operations, largest = model_largest_hole(tree);
        const uint64_t free = (vrange_size(tree->range) - tree->occupied) / PAGE_SIZE;
        const double nanoseconds = event ? timeline_nanoseconds(view->timeline, event) : 0;
        struct sample *sample = &view->sample[number % SAMPLES];

        if (tree->unknown || tree->operation.in_progress || !number || sample->operation == number)
                return;
        *sample = (struct sample){
                .operation = number, .regions = tree->regions, .height = model_height(tree), .largest_hole = largest,
                .free = free, .fragmented = free > largest ? 1000 - (uint64_t)(1000 * ((double)largest / (double)free)) : 0,
                .event = event ? event->number : 0, .nanoseconds = nanoseconds > 0 ? (uint64_t)nanoseconds : 0,
        };
        sample->rate = rate_since(view, sample);
}

/* --- those that a jump went past --------------------------------------------------------------------------- */

/* The newest operations of the tree that ended by now, the newest first. */
static size_t find_operations(const struct view *view, const struct history_landmark *found[SAMPLES])
{
        const uint64_t at = timeline_at(view->timeline);
        const struct history_landmark *operation = NULL;
        uint64_t before = at + 1;
        size_t count = 0;

        while (count < SAMPLES && (operation = history_landmark_before(timeline_history(view->timeline), before,
                                                                      LANDMARKS_OF(LANDMARK_OPERATION), view->tree))) {
                if (operation->end && operation->end <= at)
                        found[count++] = operation;
                before = operation->event;
        }
        return count;
}

static bool has_sample(const struct view *view, const struct history_landmark *operation)
{
        return view->sample[operation->number % SAMPLES].operation == operation->number;
}

bool samples_are_missing(const struct view *view)
{
        const struct history_landmark *operation[SAMPLES];
        size_t count;

        if (view->is_playing || !view->tree || view->filled_at == timeline_at(view->timeline))
                return false;
        count = find_operations(view, operation);
        for (size_t i = 0; i < count; i++)
                if (!has_sample(view, operation[i]))
                        return true;
        return false;
}

struct error samples_fill(struct view *view)
{
        const struct history_landmark *operation[SAMPLES];
        const uint64_t at = timeline_at(view->timeline);
        const size_t count = find_operations(view, operation);

        view->filled_at = at;
        for (size_t i = count; i-- > 0;) {
                const struct model_tree *tree;

                TRY(timeline_seek(view->timeline, operation[i]->end));
                tree = model_tree(timeline_model(view->timeline), view->tree);
                if (tree)
                        sample_take(view, tree, timeline_event(view->timeline, operation[i]->end));
        }
        return timeline_seek(view->timeline, at);
}
