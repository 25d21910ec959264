#include "complaint.h"
#include "format.h"
#include "frames.h"
#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        CPUS_MAX = 256,
        NOTICES_MAX = 100,
        NOTICE_SIZE = 160,
        HEADER_MAX = 1 << 20,
        PIECE_LAST = 1,
};

/* Bytes being taken apart, from `at` to `end`. */
struct cursor {
        const uint8_t *at, *end;
};

struct cpu {
        uint64_t number;                        /* of the newest event that is accounted for, be it missing */
        uint64_t dropped;                       /* the kernel's own count, as last seen */
        uint64_t missing;                       /* events missing since the last one that was given out */
};

struct reader {
        struct frames frames;
        char *name;
        struct schema *schema;
        struct reader_totals totals;
        bool failed;

        struct frame frame;                     /* the one being taken apart */
        struct cursor cursor;                   /* what is left of it */
        unsigned current;                       /* its cpu */
        uint64_t ticks, address;                /* reached so far in it */
        char text[FRAMES_BODY_MAX + 1];         /* the newest event's */

        size_t notices;
        char notice[NOTICES_MAX][NOTICE_SIZE];
        struct cpu cpu[CPUS_MAX];
};

/* --- notices ---------------------------------------------------------------------------------------------- */

[[gnu::format(printf, 2, 3)]] static void notice(struct reader *reader, const char *format, ...)
{
        va_list arguments;
        char *out;
        int used;

        if (reader->notices == NOTICES_MAX)
                return;
        out = reader->notice[reader->notices++];
        used = snprintf(out, NOTICE_SIZE, "frame %s (byte %s): ", format_count(reader->totals.frames - 1),
                        format_count(reader->frame.offset));
        va_start(arguments, format);
        vsnprintf(out + used, NOTICE_SIZE - (size_t)used, format, arguments);
        va_end(arguments);
}

static void notice_damage(struct reader *reader, const char *what)
{
        reader->totals.damaged++;
        notice(reader, "%s", what);
}

/* --- numbers and frames ----------------------------------------------------------------------------------- */

static bool take_byte(struct cursor *cursor, uint8_t *out)
{
        if (cursor->at == cursor->end)
                return false;
        *out = *cursor->at++;
        return true;
}

/* False if the bytes end first, or if the number does not fit into 64 bits. */
static bool take_varint(struct cursor *cursor, uint64_t *out)
{
        uint64_t value = 0;
        uint8_t byte;

        for (unsigned shift = 0; shift < 64; shift += 7) {
                if (!take_byte(cursor, &byte) || (shift == 63 && byte > 1))
                        return false;
                value |= (uint64_t)(byte & 0x7f) << shift;
                if (!(byte & 0x80)) {
                        *out = value;
                        return true;
                }
        }
        return false;
}

static uint64_t unzigzag(uint64_t coded)
{
        return coded >> 1 ^ -(coded & 1);
}

/* The next frame that arrived well; `*kind` is the first byte of its body, 0 at the end of the stream. */
static struct error next_frame(struct reader *reader, uint8_t *kind)
{
        bool more;

        for (;;) {
                TRY(frames_next(&reader->frames, &reader->frame, &more));
                reader->totals.bytes = reader->frames.taken;
                *kind = 0;
                if (!more)
                        return SUCCESS;
                reader->totals.frames++;
                if (!reader->frame.damage)
                        break;
                notice_damage(reader, reader->frame.damage);
        }
        reader->cursor = (struct cursor){ reader->frame.body, reader->frame.body + reader->frame.length };
        take_byte(&reader->cursor, kind);
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

        if (!take_varint(cursor, &piece) || !take_byte(cursor, &last))
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

static struct error collect_header(struct reader *reader, struct header *header)
{
        uint8_t kind;

        while (!header->complete) {
                TRY(next_frame(reader, &kind));
                if (kind == 'H')
                        TRY(header_add_piece(header, &reader->cursor));
                else if (kind == 'E')
                        return COMPLAIN(BAD_INPUT, "events come before the header is complete; "
                                        "record from the start of the run");
                else if (!kind)
                        return COMPLAIN(BAD_INPUT,
                                        reader->totals.bytes
                                                ? "there is no complete header in it: not a trace, or cut short"
                                                : "it is empty");
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
        reader->cursor = (struct cursor){ 0 };
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

void reader_close(struct reader *reader)
{
        if (!reader)
                return;
        reader->frames.source.close(reader->frames.source.context);
        schema_free(reader->schema);
        free(reader->name);
        free(reader);
}

/* --- events ----------------------------------------------------------------------------------------------- */

static uint64_t min(uint64_t a, uint64_t b)
{
        return a < b ? a : b;
}

/* Says what is missing between the newest event of a cpu and `first`. */
static void account_for_missing(struct reader *reader, struct cpu *cpu, uint64_t first, uint64_t dropped)
{
        uint64_t missing = first - cpu->number - 1;
        uint64_t by_kernel = dropped > cpu->dropped ? min(dropped - cpu->dropped, missing) : 0;

        if (missing)
                notice(reader, "%s missing before event %s of cpu %u: %s dropped by the kernel, %s lost on the line",
                       format_counted(missing, "event"), format_count(first), reader->current, format_count(by_kernel),
                       format_count(missing - by_kernel));
        reader->totals.dropped += by_kernel;
        reader->totals.lost += missing - by_kernel;
        cpu->missing += missing;
        cpu->number = first - 1;
        cpu->dropped = dropped;
}

/* Reads the front of a frame of events. If it is of no use, nothing is left of the frame. */
static void open_events(struct reader *reader)
{
        struct cursor *cursor = &reader->cursor;
        uint64_t cpu, first, dropped;

        if (!take_varint(cursor, &cpu) || !take_varint(cursor, &first) || !take_varint(cursor, &dropped) ||
            !take_varint(cursor, &reader->ticks) || cpu >= CPUS_MAX || first == 0) {
                notice_damage(reader, "its front is not understood");
                cursor->at = cursor->end;
                return;
        }
        reader->current = (unsigned)cpu;
        reader->address = 0;
        if (first <= reader->cpu[cpu].number) {
                reader->totals.repeated++;
                notice(reader, "begins with event %s of cpu %u again, after event %s; thrown away", format_count(first),
                       reader->current, format_count(reader->cpu[cpu].number));
                cursor->at = cursor->end;
                return;
        }
        account_for_missing(reader, &reader->cpu[cpu], first, dropped);
}

static bool take_text(struct reader *reader, struct event *event, uint64_t *length)
{
        struct cursor *cursor = &reader->cursor;

        if (!take_varint(cursor, length) || *length > (size_t)(cursor->end - cursor->at))
                return false;
        if (!event->text) {
                memcpy(reader->text, cursor->at, *length);
                reader->text[*length] = 0;
                text_make_printable(reader->text, *length);
                event->text = reader->text;
        }
        cursor->at += *length;
        return true;
}

static bool take_field(struct reader *reader, struct event *event, const struct schema_field *field, uint64_t *raw)
{
        if (field->type == FIELD_TEXT) {
                if (!take_text(reader, event, raw))
                        return false;
        } else if (!take_varint(&reader->cursor, raw)) {
                return false;
        }
        if (field->type == FIELD_ADDRESS)
                *raw = reader->address += unzigzag(*raw);
        if (field->known >= 0)
                event->field[field->known] = schema_known_value(field, *raw);
        return true;
}

/* Takes the steps in time before the frame's next event. */
static bool take_time(struct reader *reader)
{
        struct cursor *cursor = &reader->cursor;
        uint64_t step;

        while (cursor->at < cursor->end && *cursor->at == 0) {
                cursor->at++;
                if (!take_varint(cursor, &step))
                        return false;
                reader->ticks += step;
        }
        return true;
}

/* The next event of the frame. False if it cannot be understood. */
static bool take_event(struct reader *reader, struct event *event)
{
        struct cpu *cpu = &reader->cpu[reader->current];
        uint64_t type;

        if (!take_varint(&reader->cursor, &type) || type == 0 || type > reader->schema->events)
                return false;
        *event = (struct event){ .schema = &reader->schema->event[type - 1] };
        for (size_t i = 0; i < event->schema->fields; i++)
                if (!take_field(reader, event, &event->schema->field[i], &event->raw[i]))
                        return false;
        event->type = event->schema->known;
        event->cpu = reader->current;
        event->number = ++cpu->number;
        event->missing = cpu->missing;
        event->ticks = reader->ticks;
        event->frame = reader->totals.frames - 1;
        event->offset = reader->frame.offset;
        cpu->missing = 0;
        reader->totals.events++;
        return true;
}

bool reader_next(struct reader *reader, struct event *event)
{
        uint8_t kind;

        for (;;) {
                bool understood = take_time(reader);

                if (reader->cursor.at < reader->cursor.end) {
                        if (understood && take_event(reader, event))
                                return true;
                        notice_damage(reader, "an event in it is not understood; the rest of the frame is thrown away");
                        reader->cursor.at = reader->cursor.end;
                }
                reader->failed = next_frame(reader, &kind).code != 0;
                if (reader->failed || !kind)
                        return false;
                if (kind == 'E') {
                        open_events(reader);
                } else {
                        reader->cursor.at = reader->cursor.end;
                        if (kind == 'H')
                                notice_damage(reader, "a second header: another recording begins here");
                }
        }
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
