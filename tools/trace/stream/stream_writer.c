#include "stream/stream_writer.h"

#include "base/crc32c.h"
#include "base/error_message.h"
#include "stream/frames.h"
#include "stream/stream_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        CPUS_MAX = 256,
        VARINT_MAX = 10,
        TEXT_MAX = 256,                         /* longer ones are cut, so that an event fits into a frame */
        PIECE_MAX = 480,                        /* of the header's text */
        RECORD_MAX = (EVENT_FIELDS_MAX + 4) * VARINT_MAX + TEXT_MAX,
};

/* The words of a frame's body, as they are put together. */
struct body {
        size_t length;
        uint8_t at[FRAMES_BODY_MAX + FRAMES_CHECKSUM];
};

struct writer_cpu {
        bool has_sent;
        uint64_t number, missing;               /* of the newest event; how many of those numbers were left out */
};

struct stream_writer {
        struct output *output;
        struct schema *schema;                  /* of what is written */
        const struct schema *from;              /* of the stream: its events come first, in the same order */
        struct body body;                       /* the open frame; empty: none is open */
        unsigned open_cpu;
        uint64_t ticks, address;                /* reached in it */
        bool has_ended;
        unsigned last_cpu;
        struct writer_cpu cpu[CPUS_MAX];
};

/* --- frames ----------------------------------------------------------------------------------------------- */

static void put_varint(struct body *body, uint64_t number)
{
        for (; number >= 0x80; number >>= 7)
                body->at[body->length++] = (uint8_t)(number | 0x80);
        body->at[body->length++] = (uint8_t)number;
}

static void put_bytes(struct body *body, const void *bytes, size_t length)
{
        memcpy(body->at + body->length, bytes, length);
        body->length += length;
}

/* COBS: a byte that says how far the next zero is, then the bytes up to there. Yields the length. */
static size_t cobs_encode(uint8_t *out, const uint8_t *in, size_t length)
{
        uint8_t *code = out, *at = out + 1;

        for (size_t i = 0; i < length; i++) {
                if (in[i])
                        *at++ = in[i];
                if (!in[i] || at - code == 255) {
                        *code = (uint8_t)(at - code);
                        code = at++;
                }
        }
        *code = (uint8_t)(at - code);
        return (size_t)(at - out);
}

/* Writes the open frame, if there is one. */
static struct error close_frame(struct stream_writer *writer)
{
        struct body *body = &writer->body;
        uint8_t encoded[FRAMES_ENCODED_MAX + 1];
        uint32_t checksum = crc32c(body->at, body->length);
        size_t length;

        if (!body->length)
                return SUCCESS;
        for (unsigned shift = 0; shift < 32; shift += 8)
                body->at[body->length++] = (uint8_t)(checksum >> shift);
        length = cobs_encode(encoded, body->at, body->length);
        encoded[length++] = 0;
        body->length = 0;
        return output_write(writer->output, encoded, length);
}

static void open_frame(struct stream_writer *writer, unsigned cpu, uint64_t ticks)
{
        struct body *body = &writer->body;

        put_bytes(body, "E", 1);
        put_varint(body, cpu);
        put_varint(body, writer->cpu[cpu].number + 1);
        put_varint(body, writer->cpu[cpu].missing);
        put_varint(body, ticks);
        writer->open_cpu = cpu;
        writer->ticks = ticks;
        writer->address = 0;
}

/* --- the header ------------------------------------------------------------------------------------------- */

static struct error write_header(struct stream_writer *writer, const char *text, size_t length)
{
        uint64_t number = 0;

        TRY(output_write(writer->output, "", 1));
        for (size_t at = 0; at < length; at += PIECE_MAX) {
                size_t piece = length - at < PIECE_MAX ? length - at : PIECE_MAX;

                put_bytes(&writer->body, "H", 1);
                put_varint(&writer->body, number++);
                put_bytes(&writer->body, at + piece == length ? "\1" : "\0", 1);
                put_bytes(&writer->body, text + at, piece);
                TRY(close_frame(writer));
        }
        return SUCCESS;
}

struct error stream_writer_open(struct output *output, const struct schema *from, const char *mode,
                                struct stream_writer **out)
{
        struct stream_writer *writer = calloc(1, sizeof *writer);
        char *text = NULL;
        size_t length;
        FILE *stream = open_memstream(&text, &length);
        struct error error;

        if (!writer || !stream) {
                free(writer);
                return fail_no_memory();
        }
        writer->output = output;
        writer->from = from;
        stream_header_print(stream, from, mode);
        error = fclose(stream) ? fail_no_memory() : schema_parse(text, length, &writer->schema);
        if (!error.code)
                error = write_header(writer, text, length);
        free(text);
        if (error.code)
                stream_writer_free(writer);
        else
                *out = writer;
        return error;
}

void stream_writer_free(struct stream_writer *writer)
{
        if (!writer)
                return;
        schema_free(writer->schema);
        free(writer);
}

/* --- events ----------------------------------------------------------------------------------------------- */

struct error stream_writer_skip(struct stream_writer *writer, unsigned cpu, uint64_t events)
{
        TRY(close_frame(writer));
        writer->cpu[cpu].number += events;
        writer->cpu[cpu].missing += events;
        return SUCCESS;
}

static uint64_t zigzag(uint64_t difference)
{
        return difference << 1 ^ -(difference >> 63);
}

static void put_fields(struct stream_writer *writer, const struct event_schema *schema, const uint64_t *raw,
                       const char *text)
{
        struct body *body = &writer->body;
        size_t length = text ? strnlen(text, TEXT_MAX) : 0;

        for (size_t i = 0; i < schema->fields; i++) {
                switch (schema->field[i].type) {
                case FIELD_TEXT:
                        put_varint(body, length);
                        put_bytes(body, text ? text : "", length);
                        length = 0;             /* an event has one text */
                        break;
                case FIELD_ADDRESS:
                        put_varint(body, zigzag(raw[i] - writer->address));
                        writer->address = raw[i];
                        break;
                default:
                        put_varint(body, raw[i]);
                }
        }
}

/* Writes an event by the schema of what is written, of which it is event `index`. */
static struct error write_event(struct stream_writer *writer, const struct event *event, size_t index,
                                const uint64_t *raw)
{
        struct writer_cpu *cpu = &writer->cpu[event->cpu % CPUS_MAX];

        if (event->missing)
                TRY(stream_writer_skip(writer, event->cpu, event->missing));
        if (event->cpu != writer->open_cpu || event->ticks < writer->ticks ||
            writer->body.length + RECORD_MAX > FRAMES_BODY_MAX)
                TRY(close_frame(writer));
        if (!writer->body.length)
                open_frame(writer, event->cpu, event->ticks);
        if (event->ticks > writer->ticks) {
                put_varint(&writer->body, 0);
                put_varint(&writer->body, event->ticks - writer->ticks);
                writer->ticks = event->ticks;
        }
        put_varint(&writer->body, index + 1);
        put_fields(writer, &writer->schema->event[index], raw, event->text);
        cpu->has_sent = true;
        cpu->number++;
        writer->last_cpu = event->cpu;
        return SUCCESS;
}

static uint64_t numbered(const struct stream_writer *writer)
{
        uint64_t events = 0;

        for (size_t i = 0; i < CPUS_MAX; i++)
                events += writer->cpu[i].number;
        return events;
}

static uint64_t left_out(const struct stream_writer *writer)
{
        uint64_t events = 0;

        for (size_t i = 0; i < CPUS_MAX; i++)
                events += writer->cpu[i].missing;
        return events;
}

/* The stream's word or categories for a value of this build. */
static uint64_t raw_value(const struct schema_field *field, uint64_t value)
{
        if (field->type == FIELD_CATEGORIES)
                return schema_raw_categories(field, value);
        if (field->type != FIELD_WORD)
                return value;
        for (uint64_t raw = 0; raw < field->enumeration->words; raw++)
                if (schema_known_value(field, raw) == value)
                        return raw;
        return value;
}

struct error stream_write_known(struct stream_writer *writer, const struct event *event)
{
        for (size_t i = 0; i < writer->schema->events; i++) {
                const struct event_schema *schema = &writer->schema->event[i];
                uint64_t raw[EVENT_FIELDS_MAX] = { 0 };

                if (schema->known != event->type)
                        continue;
                for (size_t f = 0; f < schema->fields; f++)
                        if (schema->field[f].known >= 0)
                                raw[f] = raw_value(&schema->field[f], event->field[schema->field[f].known]);
                return write_event(writer, event, i, raw);
        }
        return FAILF(BAD_INPUT, "the recording's header has no event %s", event_table[event->type].name);
}

/* The totals of an end are those of what is written. */
static struct error write_end(struct stream_writer *writer, const struct event *from)
{
        struct event end = *from;

        writer->has_ended = true;
        end.type = EVENT_end;
        end.field[EVENT_FIELD(end, events)] = numbered(writer) + from->missing + 1;
        end.field[EVENT_FIELD(end, dropped)] = left_out(writer) + from->missing;
        return stream_write_known(writer, &end);
}

struct error stream_write(struct stream_writer *writer, const struct event *event)
{
        if (event->type == EVENT_end)
                return write_end(writer, event);
        return write_event(writer, event, writer->from->event_of_code[event->schema->code], event->raw);
}

struct error stream_writer_end(struct stream_writer *writer)
{
        struct event end = { .cpu = writer->last_cpu, .ticks = writer->ticks };

        end.field[EVENT_FIELD(end, verdict)] = VERDICT_CUT;
        if (!writer->has_ended)
                TRY(write_end(writer, &end));
        return close_frame(writer);
}
