#include "stream/reader_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- notices ---------------------------------------------------------------------------------------------- */

void reader_describe(char out[NOTICE_SIZE], const struct held_frame *held, const char *what)
{
        snprintf(out, NOTICE_SIZE, "frame %s (byte %s): %s", format_count(held->number),
                 format_count(held->frame.offset), what);
}

void reader_note(struct reader *reader, const struct held_frame *held, const char *format, ...)
{
        char what[NOTICE_SIZE - 96];
        va_list arguments;

        if (reader->notices == NOTICES_MAX)
                return;
        va_start(arguments, format);
        vsnprintf(what, sizeof what, format, arguments);
        va_end(arguments);
        reader_describe(reader->notice[reader->notices++], held, what);
}

void reader_note_damage(struct reader *reader, const struct held_frame *held, const char *what)
{
        reader->totals.damaged++;
        reader->lookahead = FRAMES_AHEAD;
        reader->awaits_first = false;
        reader_note(reader, held, "%s", what);
        if (!reader->first_damaged[0] || held->number < reader->first_damaged_number) {
                reader->first_damaged_number = held->number;
                reader_describe(reader->first_damaged, held, what);
        }
}

/* --- frames ----------------------------------------------------------------------------------------------- */

/* NULL if there is no memory. */
static struct held_frame *take_spare(struct reader *reader)
{
        struct held_frame *held = reader->spare;

        if (held)
                reader->spare = held->next;
        else
                held = malloc(sizeof *held);
        if (held)
                held->next = NULL;
        return held;
}

void reader_release(struct reader *reader, struct held_frame *held)
{
        held->next = reader->spare;
        reader->spare = held;
}

/* Fills `held` with the next frame that arrived well; `*more` is false at the end of the stream. */
static struct error read_frame(struct reader *reader, struct held_frame *held, bool *more)
{
        for (;;) {
                TRY(frames_next(&reader->frames, &held->frame, more));
                reader->totals.bytes = reader->frames.taken;
                if (!*more)
                        return SUCCESS;
                held->number = reader->totals.frames++;
                if (!held->frame.damage)
                        return SUCCESS;
                reader_note_damage(reader, held, held->frame.damage);
        }
}

struct error reader_take_frame(struct reader *reader, struct held_frame **out, uint8_t *kind)
{
        struct held_frame *held = take_spare(reader);
        struct error error;
        bool more;

        if (!held)
                return fail_no_memory();
        error = read_frame(reader, held, &more);
        if (error.code || !more) {
                reader_release(reader, held);
                *out = NULL;
                return error;
        }
        held->cursor = (struct cursor){ held->frame.body, held->frame.body + held->frame.length };
        cursor_take_byte(&held->cursor, kind);
        *out = held;
        return SUCCESS;
}

/* --- life ------------------------------------------------------------------------------------------------- */

struct error reader_open_source(struct source source, const char *name, struct reader **out)
{
        struct reader *reader = calloc(1, sizeof *reader);
        struct error error;

        if (!reader) {
                source.close(source.context);
                return fail_no_memory();
        }
        frames_init(&reader->frames, source);
        reader->name = strdup(name);
        error = reader->name ? reader_read_header(reader) : fail_no_memory();
        if (!error.code) {
                reader->last = calloc(CPUS_MAX * (reader->schema->fields + 1), sizeof *reader->last);
                if (!reader->last)
                        error = fail_no_memory();
                reader_await_first(reader);
        }
        if (error.code) {
                reader_close(reader);
                return error;
        }
        *out = reader;
        return SUCCESS;
}

struct error reader_open(const char *path, struct reader **out)
{
        struct source source;

        TRY(source_open(path, &source));
        return reader_open_source(source, path, out);
}

static void free_frames(struct held_frame *held)
{
        while (held) {
                struct held_frame *next = held->next;

                free(held);
                held = next;
        }
}

void reader_close(struct reader *reader)
{
        if (!reader)
                return;
        for (size_t cpu = 0; cpu < CPUS_MAX; cpu++)
                free_frames(reader->cpu[cpu].first);
        free_frames(reader->spare);
        reader->frames.source.close(reader->frames.source.context);
        schema_free(reader->schema);
        reader_forget_header(reader);
        free(reader->last);
        free(reader->name);
        free(reader);
}

/* --- what is known about the stream ----------------------------------------------------------------------- */

bool reader_failed(const struct reader *reader)
{
        return reader->failed;
}

const char *reader_name(const struct reader *reader)
{
        return reader->name;
}

const struct schema *reader_schema(const struct reader *reader)
{
        return reader->schema;
}

struct reader_totals reader_totals(const struct reader *reader)
{
        return reader->totals;
}

const char *reader_notice(const struct reader *reader, size_t i)
{
        return i < reader->notices ? reader->notice[i] : NULL;
}

const char *reader_first_damaged(const struct reader *reader)
{
        return reader->first_damaged[0] ? reader->first_damaged : NULL;
}

const char *reader_first_wrong_counter(const struct reader *reader)
{
        return reader->first_wrong_counter[0] ? reader->first_wrong_counter : NULL;
}
