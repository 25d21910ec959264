#include "history/history_internal.h"

#include <stdlib.h>

/*
 * Single events are read by a reader without a model. Between two checkpoints it leaves marks, so that going back by a
 * few events does not mean going back to the checkpoint.
 */

enum { MARK_SPACING = 512 };

void history_forget_marks(struct history *history)
{
        for (size_t i = 0; i < history->marks; i++)
                reader_position_free(history->mark[i].position);
        history->marks = 0;
        history->segment = 0;
}

/* Marks where the reader is, if that is far enough behind the last mark. `before`: the number of the last event. */
static struct error leave_mark(struct history *history, uint64_t before)
{
        struct history_mark mark = { .number = before };

        if (history->marks && before < history->mark[history->marks - 1].number + MARK_SPACING)
                return SUCCESS;
        if (history->marks == history->room_for_marks) {
                size_t room = 2 * history->room_for_marks + 16;
                struct history_mark *grown = reallocarray(history->mark, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                history->mark = grown;
                history->room_for_marks = room;
        }
        TRY(reader_tell(history->single.reader, &mark.position));
        history->mark[history->marks++] = mark;
        return SUCCESS;
}

/* Reads one event ahead. `before_single` is then the number of the one before it. */
static struct error read_one(struct history *history)
{
        uint64_t before = history->has_ahead ? history->ahead.event.number : history->before_single;

        TRY(leave_mark(history, before));
        history->before_single = before;
        return history_cursor_next(&history->single, &history->ahead, &history->has_ahead);
}

static struct error go(struct history *history, const struct reader_position *position, uint64_t number)
{
        history->has_ahead = false;
        history->before_single = number;
        return history_cursor_go(&history->single, position);
}

/* Brings the reader to a place before the event, but not far. */
static struct error approach(struct history *history, uint64_t number)
{
        const struct checkpoint *checkpoint = history_checkpoint(history, number ? number - 1 : 0);
        size_t segment = (size_t)(checkpoint - history->checkpoint) + 1;

        if (history->segment != segment) {
                history_forget_marks(history);
                TRY(go(history, checkpoint->position, checkpoint->number));
                history->segment = segment;
        } else if (number <= history->before_single) {
                size_t i = history->marks;

                while (i > 1 && history->mark[i - 1].number >= number)
                        i--;
                return go(history, history->mark[i - 1].position, history->mark[i - 1].number);
        }
        return SUCCESS;
}

/* The reader stops at the first event whose number is at least this: it is `ahead`. */
static struct error reach(struct history *history, uint64_t number)
{
        TRY(approach(history, number));
        while (!history->has_ahead || history->ahead.event.number < number) {
                TRY(read_one(history));
                if (!history->has_ahead)
                        return FAILF(NOT_FOUND, "%s: there is no event %s", history->name, format_count(number));
        }
        return SUCCESS;
}

struct error history_read(struct history *history, uint64_t number, struct history_event *out)
{
        if (!number || number > history->newest)
                return FAILF(NOT_FOUND, "%s: there is no event %s; the last one is %s", history->name,
                             format_count(number), format_count(history->newest));
        TRY(reach(history, number));
        out->event = history->ahead.event;
        if (out->event.text) {
                __builtin_memcpy(out->text, history->ahead.text, sizeof out->text);
                out->event.text = out->text;
        }
        return SUCCESS;
}

/* The last checkpoint whose time is not later. Times of checkpoints do not go back. */
static const struct checkpoint *checkpoint_at_time(const struct history *history, uint64_t ticks)
{
        size_t low = 0, high = history->checkpoints;

        while (high - low > 1) {
                size_t middle = low + (high - low) / 2;

                if (history->checkpoint[middle].ticks <= ticks)
                        low = middle;
                else
                        high = middle;
        }
        return &history->checkpoint[low];
}

struct error history_at_time(struct history *history, uint64_t ticks, uint64_t *number)
{
        uint64_t at = checkpoint_at_time(history, ticks)->number;

        while (at < history->newest) {
                TRY(reach(history, at + 1));
                if (history->ahead.event.ticks > ticks)
                        break;
                at = history->ahead.event.number;
        }
        *number = at;
        return SUCCESS;
}
