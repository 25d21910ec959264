#include "record/recording.h"
#include "base/error_message.h"
#include "base/format.h"
#include "record/recovery.h"
#include "stream/compression.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * A source that copies what passes through it to a file, and ends early where the stream's clock passes `last_ticks`.
 */
struct copy {
        struct source from;
        struct output *output;
        const struct reader *reader;            /* NULL until it has read the header */
        uint64_t last_ticks;
        bool overran;
};

static struct error copy_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct copy *copy = context;

        if (copy->reader && reader_totals(copy->reader).ticks > copy->last_ticks) {
                copy->overran = true;
                *got = 0;
                return SUCCESS;
        }
        TRY(copy->from.read(copy->from.context, bytes, size, got));
        return output_write(copy->output, bytes, *got);
}

static void copy_close(void *context)
{
        struct copy *copy = context;

        copy->from.close(copy->from.context);
}

/* --- what is seen on the way ------------------------------------------------------------------------------ */

/* What the events say of the run so far. */
struct sight {
        char script[96], test[96], panic[256];
        uint64_t line;
        bool ended;
        uint64_t verdict;
        struct timespec shown;
        bool shows;
};

static void see(struct sight *sight, const struct event *event)
{
        const char *text = event->text ? event->text : "";

        switch (event->type) {
        case EVENT_script_begin:
                snprintf(sight->script, sizeof sight->script, "%s", text);
                sight->line = 0;
                break;
        case EVENT_script_line:
                sight->line = event->field[EVENT_FIELD(script_line, line)];
                break;
        case EVENT_script_end:
                sight->script[0] = 0;
                break;
        case EVENT_case_begin:
                snprintf(sight->test, sizeof sight->test, "%s", text);
                break;
        case EVENT_case_end:
                sight->test[0] = 0;
                break;
        case EVENT_panicked:
                snprintf(sight->panic, sizeof sight->panic, "%s", text);
                break;
        case EVENT_end:
                sight->ended = true;
                sight->verdict = event->field[EVENT_FIELD(end, verdict)];
                break;
        default:
                break;
        }
}

static void say_where(const struct sight *sight, char *out, size_t room)
{
        *out = 0;
        if (sight->script[0])
                snprintf(out, room, "%s line %" PRIu64, sight->script, sight->line);
        else if (sight->test[0])
                snprintf(out, room, "test case %s", sight->test);
}

/* A line that is written over and over, ten times a second at most. */
static void show_progress(struct sight *sight, const struct event *event)
{
        struct timespec now;
        char where[256];

        if (!sight->shows || event->number % 256)
                return;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if ((now.tv_sec - sight->shown.tv_sec) * 10 + (now.tv_nsec - sight->shown.tv_nsec) / 100000000 < 1)
                return;
        sight->shown = now;
        say_where(sight, where, sizeof where);
        fprintf(stderr, "\r\033[Krecording: %s %s", format_counted(event->number, "event"), where);
}

static void hide_progress(const struct sight *sight)
{
        if (sight->shows)
                fputs("\r\033[K", stderr);
}

/* --- the recording ---------------------------------------------------------------------------------------- */

static void judge(struct recording *recording, const struct sight *sight)
{
        char *words = recording->failure;
        size_t room = sizeof recording->failure;

        if (sight->panic[0])
                snprintf(words, room, "the kernel panicked: %s", sight->panic);
        else if (!sight->ended)
                snprintf(words, room, "the stream was cut short: after %s there is no end event",
                         format_counted(recording->totals.events, "event"));
        else if (sight->verdict != VERDICT_PASSED)
                snprintf(words, room, "the kernel's own verdict is %s; its console or `regiontrace check' says why",
                         verdict_name(sight->verdict));
}

/* The bound in ticks; a stream without a clock has none. */
static uint64_t last_ticks_of(const struct schema *schema, unsigned seconds)
{
        uint64_t ticks;

        if (!seconds || !schema->clock_per_second ||
            __builtin_mul_overflow(schema->clock_per_second, seconds, &ticks) ||
            __builtin_add_overflow(schema->clock_ticks, ticks, &ticks))
                return UINT64_MAX;
        return ticks;
}

/* What arrived damaged, or did not, is shown by a keyframe. */
static void recover(struct recovery *recovery, const struct event *event, struct recording_line line)
{
        recovery_see(recovery, event);
        if (line.ask_keyframe && recovery_is_due(recovery) && line.ask_keyframe(line.context))
                recovery_asked(recovery);
}

/* Reads to the end. An error of the stream is a failure of the run, not of this function. */
static struct error follow(struct recording *recording, struct copy *copy, const char *name, struct recording_line line,
                           unsigned seconds)
{
        struct recovery recovery = { 0 };
        struct source source = { copy, copy_read, copy_close };
        struct sight sight = { .shows = isatty(STDERR_FILENO) };
        struct reader *reader;
        struct event event;
        struct error error = reader_open_source(source, name, &reader);

        if (error_is(error, ERROR_BAD_INPUT))
                snprintf(recording->failure, sizeof recording->failure, "no trace arrived: %s", error_message());
        if (error.code)
                return error_is(error, ERROR_BAD_INPUT) ? SUCCESS : error;
        recording->begun = true;
        copy->last_ticks = last_ticks_of(reader_schema(reader), seconds);
        copy->reader = reader;
        while (reader_next(reader, &event)) {
                see(&sight, &event);
                recover(&recovery, &event, line);
                show_progress(&sight, &event);
        }
        hide_progress(&sight);
        error = reader_failed(reader) ? FAIL(IO) : SUCCESS;
        recording->ended = sight.ended;
        recording->timed_out = sight.ended && sight.verdict == VERDICT_TIMED_OUT;
        recording->overran = copy->overran;
        recording->totals = reader_totals(reader);
        judge(recording, &sight);
        say_where(&sight, recording->where, sizeof recording->where);
        reader_close(reader);
        return error;
}

struct error recording_make(struct source source, const char *name, struct recording_line line, const char *path,
                            unsigned seconds, struct recording *out)
{
        struct copy copy = { .from = source };
        struct error error, end;

        *out = (struct recording){ 0 };
        error = output_open(path, &copy.output);
        if (error.code) {
                source.close(source.context);
                return error;
        }
        error = follow(out, &copy, name, line, seconds);
        end = output_close(copy.output);
        return error.code ? error : end;
}

void recording_print(const struct recording *recording, const char *path, FILE *out)
{
        fprintf(out, "%s: %s, %s, lost: %s, passed\n", path, format_counted(recording->totals.events, "event"),
                format_about(recording->totals.bytes), format_count(reader_totals_missing(recording->totals)));
}

void recording_print_where(const struct recording *recording, enum blame blame, FILE *out)
{
        if (!recording->where[0])
                return;
        fprintf(out, "It was at %s, after %s.", recording->where, format_counted(recording->totals.events, "event"));
        if (blame == STOPPED_THERE)
                fprintf(out, " That is where it was stopped; the cause may lie before.");
        fputc('\n', out);
}
