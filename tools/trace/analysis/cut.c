#include "analysis/cut.h"
#include "base/error_message.h"
#include "base/format.h"
#include "history/history.h"
#include "model/model_save.h"
#include "stream/compression.h"
#include "stream/stream_writer.h"

#include <sys/stat.h>
#include <unistd.h>

/* --- both ends -------------------------------------------------------------------------------------------- */

/* The number of the last event up to a time. */
static struct error event_at(struct history *history, uint64_t nanoseconds, uint64_t *number)
{
        const struct schema *schema = history_schema(history);
        double ticks = (double)nanoseconds * (double)schema->clock_per_second / 1e9;
        uint64_t sum;

        if (!schema->clock_per_second)
                return FAILF(BAD_INPUT, "%s: its header names no clock, so times mean nothing in it",
                             history_name(history));
        if (ticks >= 0x1p63 || __builtin_add_overflow(schema->clock_ticks, (uint64_t)ticks, &sum))
                sum = UINT64_MAX;
        return history_at_time(history, sum, number);
}

/* Goes to the state before the first event. */
static struct error go_to_begin(struct history *history, const struct cut_end *from)
{
        const struct history_landmark *operation;
        uint64_t before = from->kind == CUT_AT_EVENT && from->number ? from->number - 1 : 0;
        bool moved = true;

        if (from->kind == CUT_AT_TIME)
                TRY(event_at(history, from->number, &before));
        TRY(history_seek(history, before));
        operation = history_landmark_before(history, before + 1, LANDMARKS_OF(LANDMARK_OPERATION), 0);
        if (!model_is_between(history_model(history)) && operation)
                TRY(history_seek(history, operation->event - 1));
        while (moved && !model_is_between(history_model(history)))
                TRY(history_step(history, &moved));
        return SUCCESS;
}

static struct error find_end(struct history *history, const struct cut_end *to, uint64_t *last)
{
        *last = UINT64_MAX;
        if (to->kind == CUT_AT_TIME)
                return event_at(history, to->number, last);
        if (to->kind == CUT_AT_EVENT)
                *last = to->number;
        return SUCCESS;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

/* Where the events of the saved model go: before the first event, on its cpu and at its time. */
struct saving {
        struct stream_writer *writer;
        unsigned cpu;
        uint64_t ticks;
};

static struct error write_saved(void *context, const struct event *from)
{
        const struct saving *saving = context;
        struct event event = *from;

        event.cpu = saving->cpu;
        event.ticks = saving->ticks;
        return stream_write_known(saving->writer, &event);
}

static struct error count_saved([[maybe_unused]] void *context, [[maybe_unused]] const struct event *event)
{
        ++*(uint64_t *)context;
        return SUCCESS;
}

/*
 * The numbers before the first event are those of the saved model's events, and those before them are missing: so every
 * reader takes the keyframe for the first that is known. At least one is missing.
 */
static struct error write_model(struct history *history, struct stream_writer *writer, const struct event *first)
{
        struct saving saving = { writer, first->cpu, first->ticks };
        uint64_t saved = 0;

        TRY(model_save(history_model(history), (struct model_sink){ &saved, count_saved }));
        TRY(stream_writer_skip(writer, first->cpu, first->number > saved + 2 ? first->number - saved - 1 : 1));
        return model_save(history_model(history), (struct model_sink){ &saving, write_saved });
}

/* Writes from the event behind the present state to the last one, and on to the end of the operation. */
static struct error write_events(struct history *history, struct stream_writer *writer, uint64_t last)
{
        struct history_event first;
        bool moved = true;

        if (history_position(history) >= last || history_position(history) >= history_progress(history).newest)
                return FAILF(NOT_FOUND, "%s: there is no event between these two moments; the last one is %s",
                             history_name(history), format_count(history_progress(history).newest));
        if (history_position(history)) {
                TRY(history_read(history, history_position(history) + 1, &first));
                TRY(write_model(history, writer, &first.event));
        }
        while (history_position(history) < last || !model_is_between(history_model(history))) {
                TRY(history_step(history, &moved));
                if (!moved)
                        break;
                TRY(stream_write(writer, history_event(history)));
        }
        return stream_writer_end(writer);
}

/* What is not whole is not left behind. A device, or a link to one, is not ours to remove. */
static void remove_part(const char *path)
{
        struct stat about;

        if (lstat(path, &about) == 0 && S_ISREG(about.st_mode))
                unlink(path);
}

static struct error write_part(struct history *history, const struct cut *cut, const char *path)
{
        struct stream_writer *writer = NULL;
        struct output *output;
        struct error error, end;
        uint64_t last;

        TRY(find_end(history, &cut->to, &last));
        TRY(go_to_begin(history, &cut->from));
        TRY(output_open(path, &output));
        error = stream_writer_open(output, history_schema(history), "cut", &writer);
        if (!error.code)
                error = write_events(history, writer, last);
        stream_writer_free(writer);
        end = output_close(output);
        if (!error.code)
                error = end;
        if (error.code)
                remove_part(path);
        return error;
}

struct error cut_write(const char *input, struct cut cut, size_t memory, const char *output)
{
        struct history *history;
        struct error error;
        bool more;

        TRY(history_open(input, HISTORY_WHOLE, memory, &history));
        do
                error = history_index(history, UINT64_MAX, &more);
        while (!error.code && more);
        if (!error.code)
                error = write_part(history, &cut, output);
        history_close(history);
        return error;
}
