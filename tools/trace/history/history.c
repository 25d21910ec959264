#include "history/history_internal.h"
#include "model/model_save.h"

#include <stdlib.h>
#include <string.h>

/* Events, from which on it is worth while to look which of them are needed. */
enum { FAR = 1000 };

/* --- readers on the store --------------------------------------------------------------------------------- */

struct error history_cursor_open(struct history *history, struct history_cursor *cursor)
{
        cursor->place = (struct history_place){ .store = &history->store };
        TRY(reader_open_source(history_place_source(&cursor->place), history->name, &cursor->reader));
        reader_set_growing(cursor->reader, history->kind == HISTORY_GROWING);
        return SUCCESS;
}

struct error history_cursor_go(struct history_cursor *cursor, const struct reader_position *position)
{
        cursor->place.offset = reader_position_offset(position);
        return reader_return(cursor->reader, position);
}

struct error history_cursor_next(struct history_cursor *cursor, struct history_event *out, bool *more)
{
        *more = reader_next(cursor->reader, &out->event);
        if (!*more)
                return reader_failed(cursor->reader) ? FAIL(IO) : SUCCESS;
        if (out->event.text) {
                strncpy(out->text, out->event.text, sizeof out->text - 1);
                out->text[sizeof out->text - 1] = 0;
                out->event.text = out->text;
        }
        return SUCCESS;
}

/* --- opening and closing ---------------------------------------------------------------------------------- */

/* With the store open: a reader for each purpose, and the checkpoint before all events. */
static struct error open_readers(struct history *history)
{
        TRY(history_cursor_open(history, &history->index));
        TRY(history_cursor_open(history, &history->walk));
        TRY(history_cursor_open(history, &history->single));
        TRY(model_create(&history->newest_model));
        TRY(model_create(&history->model));
        model_set_memory(history->newest_model, history->memory_limit / 2);
        return history_keep_checkpoint(history);
}

static struct error make(const char *name, enum history_kind kind, size_t memory, struct history **out)
{
        struct history *history = calloc(1, sizeof *history);

        if (!history)
                return fail_no_memory();
        history->kind = kind;
        history->memory_limit = memory;
        history->spacing = HISTORY_SPACING;
        history->store.descriptor = -1;
        history->name = strdup(name);
        if (!history->name) {
                free(history);
                return fail_no_memory();
        }
        *out = history;
        return SUCCESS;
}

static struct error complete(struct history *history, struct history **out)
{
        struct error error = open_readers(history);

        if (error.code)
                history_close(history);
        else
                *out = history;
        return error;
}

struct error history_open(const char *path, enum history_kind kind, size_t memory, struct history **out)
{
        struct history *history;
        struct error error;

        TRY(make(path, kind, memory, &history));
        error = history_store_open(&history->store, path, kind == HISTORY_GROWING);
        if (error.code) {
                history->store = (struct history_store){ .descriptor = -1 };
                history_close(history);
                return error;
        }
        return complete(history, out);
}

struct error history_open_source(struct source source, const char *name, enum history_kind kind, size_t memory,
                                 struct history **out)
{
        struct history *history;
        struct error error = make(name, kind, memory, &history);

        if (error.code) {
                source.close(source.context);
                return error;
        }
        error = history_store_open_source(&history->store, source, kind == HISTORY_GROWING);
        if (error.code) {
                history->store = (struct history_store){ .descriptor = -1 };
                history_close(history);
                return error;
        }
        return complete(history, out);
}

void history_close(struct history *history)
{
        if (!history)
                return;
        reader_close(history->index.reader);
        reader_close(history->walk.reader);
        reader_close(history->single.reader);
        model_destroy(history->newest_model);
        model_destroy(history->model);
        history_free_checkpoints(history);
        history_forget_marks(history);
        history_store_close(&history->store);
        free(history->mark);
        free(history->landmark);
        free(history->name);
        free(history);
}

const struct schema *history_schema(const struct history *history)
{
        return reader_schema(history->index.reader);
}

const char *history_name(const struct history *history)
{
        return history->name;
}

/* --- walking ---------------------------------------------------------------------------------------------- */

/* The state before all events. */
static struct error forget_state(struct history *history)
{
        struct model *empty;

        TRY(model_create(&empty));
        model_destroy(history->model);
        history->model = empty;
        history->has_next = history->has_at = false;
        history->position = history->refused = 0;
        return history_cursor_go(&history->walk, history->checkpoint[0].position);
}

/*
 * Makes the walker's state that of a checkpoint. The one before is freed first, so that there are never three models.
 */
static struct error restore(struct history *history, const struct checkpoint *checkpoint)
{
        struct model *model;

        TRY(forget_state(history));
        TRY(model_load_bytes(checkpoint->saved, checkpoint->saved_size, &model));
        model_destroy(history->model);
        history->model = model;
        history->refused = checkpoint->refused;
        history->position = checkpoint->number;
        return history_cursor_go(&history->walk, checkpoint->position);
}

static struct error read_ahead(struct history *history)
{
        if (history->has_next)
                return SUCCESS;
        return history_cursor_next(&history->walk, &history->next, &history->has_next);
}

/* Copies an event, whose text moves with it. */
static void copy_event(struct history_event *to, const struct history_event *from)
{
        to->event = from->event;
        if (from->event.text) {
                memcpy(to->text, from->text, sizeof to->text);
                to->event.text = to->text;
        }
}

/* Applies the event that was read ahead. */
static struct error apply_next(struct history *history)
{
        struct error error = model_apply(history->model, &history->next.event);

        if (error.code && !error_is(error, ERROR_BAD_INPUT))
                return error;
        history->refused += error.code != 0;
        copy_event(&history->at, &history->next);
        history->has_at = true;
        history->has_next = false;
        history->position = history->at.event.number;
        return SUCCESS;
}

struct error history_step(struct history *history, bool *moved)
{
        *moved = false;
        if (history->position >= history->newest)
                return SUCCESS;
        TRY(read_ahead(history));
        if (!history->has_next)
                return SUCCESS;
        TRY(apply_next(history));
        *moved = true;
        return SUCCESS;
}

/* The event that the state comes after, if it is that of a checkpoint and no event was applied since. */
static struct error find_event(struct history *history)
{
        if (history->has_at || !history->position)
                return SUCCESS;
        TRY(history_read(history, history->position, &history->at));
        history->has_at = true;
        return SUCCESS;
}

/* Of each tree's operations up to there only the last one will be looked at, or none of those before it. */
static void leave_out_visits(struct history *history, uint64_t number)
{
        const struct history_landmark *landmark = history_landmark_before(history, number + 1, LANDMARKS_ALL, 0);

        for (; landmark && landmark >= history->landmark && landmark->event > history->position; landmark--)
                if (landmark->kind == LANDMARK_OPERATION)
                        model_leave_out_visits(history->model, landmark->object, landmark->event);
}

struct error history_seek(struct history *history, uint64_t number)
{
        const struct checkpoint *checkpoint = history_checkpoint(history, number ? number - 1 : 0);

        if (number > history->newest)
                return FAILF(NOT_FOUND, "%s: there is no event %s; the last one is %s", history->name,
                             format_count(number), format_count(history->newest));
        if (number < history->position || checkpoint->number > history->position)
                TRY(restore(history, checkpoint));
        if (number > history->position + FAR)
                leave_out_visits(history, number);
        for (;;) {
                TRY(read_ahead(history));
                if (!history->has_next || history->next.event.number > number)
                        break;
                TRY(apply_next(history));
        }
        history_fit(history);
        return find_event(history);
}

const struct model *history_model(const struct history *history)
{
        return history->model;
}

const struct event *history_event(const struct history *history)
{
        return history->has_at ? &history->at.event : NULL;
}

uint64_t history_position(const struct history *history)
{
        return history->position;
}

uint64_t history_refused(const struct history *history)
{
        return history->refused;
}
