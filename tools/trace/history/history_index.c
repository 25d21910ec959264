#include "history/history_internal.h"
#include "model/model_save.h"

#include <stdlib.h>

/* --- checkpoints ------------------------------------------------------------------------------------------ */

static void free_checkpoint(struct checkpoint *checkpoint)
{
        reader_position_free(checkpoint->position);
        free(checkpoint->saved);
}

void history_free_checkpoints(struct history *history)
{
        for (size_t i = 0; i < history->checkpoints; i++)
                free_checkpoint(&history->checkpoint[i]);
        free(history->checkpoint);
}

static size_t size_of(const struct checkpoint *checkpoint)
{
        return sizeof *checkpoint + reader_position_size(checkpoint->position) + checkpoint->saved_size;
}

/* Drops every second checkpoint, but the first; from now on they are twice as far apart. */
static void thin(struct history *history)
{
        size_t kept = 0;

        for (size_t i = 0; i < history->checkpoints; i++) {
                if (i % 2) {
                        history->memory -= size_of(&history->checkpoint[i]);
                        free_checkpoint(&history->checkpoint[i]);
                } else {
                        history->checkpoint[kept++] = history->checkpoint[i];
                }
        }
        history->checkpoints = kept;
        history->spacing *= 2;
        history_forget_marks(history);          /* they are counted from a checkpoint by its position in the array */
}

/*
 * The model is largest while a keyframe is read, which it holds besides its own nodes. Both models may be there at
 * once, in a recording that grows; later only the walker's will be, whenever it goes there.
 */
size_t history_memory(const struct history *history)
{
        const size_t newest = model_memory(history->newest_model), walker = model_memory(history->model);
        const size_t larger = walker > history->largest_model ? walker : history->largest_model;
        const size_t now = newest + walker, later = model_memory_settled(history->newest_model) + larger;

        return history->memory + (now > later ? now : later);
}

void history_fit(struct history *history)
{
        while (history->checkpoints > 1 && history_memory(history) + history->spared > history->memory_limit)
                thin(history);
}

struct error history_spare(struct history *history, size_t bytes)
{
        history->spared = bytes;
        history_fit(history);
        if (history_memory(history) + bytes <= history->memory_limit)
                return SUCCESS;
        history->spared = 0;
        return FAILF(NO_MEMORY,
                     "%s: another %s of memory would be more than is allowed", history->name, format_about(bytes));
}

struct error history_keep_checkpoint(struct history *history)
{
        struct checkpoint *grown = reallocarray(history->checkpoint, history->checkpoints + 1, sizeof *grown);
        struct checkpoint checkpoint = {
                .number = history->newest,
                .ticks = history->newest_ticks,
                .refused = history->newest_refused,
        };
        struct error error;

        if (!grown)
                return fail_no_memory();
        history->checkpoint = grown;
        TRY(model_save_bytes(history->newest_model, &checkpoint.saved, &checkpoint.saved_size));
        error = reader_tell(history->index.reader, &checkpoint.position);
        if (error.code) {
                free(checkpoint.saved);
                return error;
        }
        grown[history->checkpoints++] = checkpoint;
        history->memory += size_of(&checkpoint);
        history_fit(history);
        return SUCCESS;
}

const struct checkpoint *history_checkpoint(const struct history *history, uint64_t number)
{
        size_t low = 0, high = history->checkpoints;

        while (high - low > 1) {
                size_t middle = low + (high - low) / 2;

                if (history->checkpoint[middle].number <= number)
                        low = middle;
                else
                        high = middle;
        }
        return &history->checkpoint[low];
}

/*
 * A checkpoint is best after an operation on a tree, where its saved model has no operation in progress; where no
 * operation ends, one is kept anyway.
 */
static bool is_due(const struct history *history, const struct event *event)
{
        uint64_t since = event->number - history->checkpoint[history->checkpoints - 1].number;

        if (since < history->spacing)
                return false;
        return event->type == EVENT_tree_end || since >= history->spacing + history->spacing / 4;
}

/* --- indexing --------------------------------------------------------------------------------------------- */

/* The model takes more than it may: what that is, and where. */
static struct error too_large(const struct history *history, const struct event *event)
{
        return FAILF(NO_MEMORY,
                     "%s: at event %s what is shown takes more than %s, the most that is allowed for one moment",
                     history->name, format_count(event->number), format_about(history->memory_limit / 2));
}

static struct error take_in(struct history *history, const struct event *event)
{
        struct error error = model_apply(history->newest_model, event);
        const size_t memory = model_memory(history->newest_model);

        if (error.code && !error_is(error, ERROR_BAD_INPUT))
                return memory > history->memory_limit / 2 ? too_large(history, event) : error;
        if (history->largest_model < memory)
                history->largest_model = memory;
        history->newest_refused += error.code != 0;
        history->newest = event->number;
        if (history->newest_ticks < event->ticks)
                history->newest_ticks = event->ticks;
        TRY(history_see_landmark(history, event));
        return is_due(history, event) ? history_keep_checkpoint(history) : SUCCESS;
}

struct error history_index(struct history *history, uint64_t budget, bool *more)
{
        struct reader *reader = history->index.reader;
        struct event event;

        *more = true;
        for (uint64_t i = 0; i < budget && *more; i++) {
                *more = reader_next(reader, &event);
                if (*more)
                        TRY(take_in(history, &event));
                else if (reader_failed(reader))
                        return FAIL(IO);
        }
        history_fit(history);
        return SUCCESS;
}

void history_set_spacing(struct history *history, uint64_t events)
{
        history->spacing = events;
}

void history_finish(struct history *history)
{
        bool more = true;

        while (more && !history_store_grow(&history->store, &more).code)
                continue;
        history->kind = HISTORY_WHOLE;
        history->store.grows = false;
        reader_set_growing(history->index.reader, false);
        reader_set_growing(history->walk.reader, false);
        reader_set_growing(history->single.reader, false);
}

struct history_progress history_progress(const struct history *history)
{
        return (struct history_progress){
                .bytes = reader_totals(history->index.reader).bytes,
                .size = history->store.size,
                .newest = history->newest,
                .ticks = history->newest_ticks,
                .checkpoints = history->checkpoints,
                .memory = history_memory(history),
                .largest_model = history->largest_model,
                .landmarks_complete = !history->landmarks_full,
        };
}

const struct model *history_newest_model(const struct history *history)
{
        return history->newest_model;
}

const struct reader *history_reader(const struct history *history)
{
        return history->index.reader;
}
