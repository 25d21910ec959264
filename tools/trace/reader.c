#include "reader_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        HEADER_MAX = 1 << 20,
        PIECE_LAST = 1,
};

/* --- notices ---------------------------------------------------------------------------------------------- */

void reader_note(struct reader *reader, const struct held_frame *held, const char *format, ...)
{
        va_list arguments;
        char *out;
        int used;

        if (reader->notices == NOTICES_MAX)
                return;
        out = reader->notice[reader->notices++];
        used = snprintf(out, NOTICE_SIZE, "frame %s (byte %s): ", format_count(held->number),
                        format_count(held->frame.offset));
        va_start(arguments, format);
        vsnprintf(out + used, NOTICE_SIZE - (size_t)used, format, arguments);
        va_end(arguments);
}

void reader_note_damage(struct reader *reader, const struct held_frame *held, const char *what)
{
        reader->totals.damaged++;
        reader_note(reader, held, "%s", what);
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
                return complain_no_memory();
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

/* --- the header ------------------------------------------------------------------------------------------- */

struct header {
        char *text;
        size_t length;
        uint64_t pieces;
        bool complete;
};

static struct error header_add_piece(struct header *header, struct cursor *cursor)
{
        uint64_t piece;
        uint8_t last;
        size_t size;
        char *grown;

        if (!cursor_take_varint(cursor, &piece) || !cursor_take_byte(cursor, &last))
                return COMPLAIN(BAD_INPUT, "a piece of the header is too short");
        if (piece != header->pieces)
                return COMPLAIN(BAD_INPUT,
                                "piece %llu of the header is missing or damaged, and nothing can be understood "
                                "without it; record again",
                                (unsigned long long)header->pieces);
        size = (size_t)(cursor->end - cursor->at);
        if (header->length + size > HEADER_MAX)
                return COMPLAIN(BAD_INPUT, "the header is longer than %d bytes", HEADER_MAX);
        grown = realloc(header->text, header->length + size + 1);
        if (!grown)
                return complain_no_memory();
        header->text = grown;
        memcpy(header->text + header->length, cursor->at, size);
        header->length += size;
        header->pieces++;
        header->complete = last == PIECE_LAST;
        return SUCCESS;
}

static struct error add_frame(struct header *header, struct held_frame *held, uint8_t kind)
{
        if (kind == 'E')
                return COMPLAIN(BAD_INPUT, "events come before the header is complete; "
                                "record from the start of the run");
        return kind == 'H' ? header_add_piece(header, &held->cursor) : SUCCESS;
}

static struct error collect_header(struct reader *reader, struct header *header)
{
        while (!header->complete) {
                struct held_frame *held;
                struct error error;
                uint8_t kind;

                TRY(reader_take_frame(reader, &held, &kind));
                if (!held)
                        return COMPLAIN(BAD_INPUT,
                                        reader->totals.bytes
                                                ? "there is no complete header in it: not a trace, or cut short"
                                                : "it is empty");
                error = add_frame(header, held, kind);
                reader_release(reader, held);
                TRY(error);
        }
        return SUCCESS;
}

static struct error read_header(struct reader *reader)
{
        struct header header = { 0 };
        struct error error = collect_header(reader, &header);

        if (!error.code)
                error = schema_parse(header.text, header.length, &reader->schema);
        free(header.text);
        if (error.code && !error_is(error, ERROR_IO) && !error_is(error, ERROR_TIMED_OUT))
                complaint_set("%s: %s", reader->name, complaint());
        return error;
}

struct error reader_open_source(struct source source, const char *name, struct reader **out)
{
        struct reader *reader = calloc(1, sizeof *reader);
        struct error error;

        if (!reader) {
                source.close(source.context);
                return complain_no_memory();
        }
        frames_init(&reader->frames, source);
        reader->name = strdup(name);
        error = reader->name ? read_header(reader) : complain_no_memory();
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
