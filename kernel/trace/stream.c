#include "lib/string.h"
#include "trace/schema.h"
#include "trace/stream.h"

enum { EVENTS_WORTH_A_FRAME = 16 };

static size_t put_varint(uint8_t *out, uint64_t value)
{
        size_t used = 0;

        for (; value >= 0x80; value >>= 7)
                out[used++] = (uint8_t)(value | 0x80);
        out[used++] = (uint8_t)value;
        return used;
}

/* Small numbers of either sign become small numbers: 0, -1, 1, -2 are sent as 0, 1, 2, 3. */
static uint64_t zigzag(uint64_t difference)
{
        return difference << 1 ^ -(difference >> 63);
}

static size_t put_text(uint8_t *out, const char *text)
{
        const size_t length = strnlen(text, STREAM_TEXT_MAX), used = put_varint(out, length);

        memcpy(out + used, text, length);
        return used + length;
}

static void send(struct stream *stream, uint8_t *body, size_t length)
{
        uint8_t encoded[FRAME_ENCODED_MAX];

        stream->write(encoded, frame_encode(encoded, body, length));
}

/* --- the header ------------------------------------------------------------------------------------------- */

/* A header on its way out: text gathers in a piece, behind room for the piece's first bytes; a full piece is sent. */
enum { HEADER_FRONT = 3 };

struct header {
        struct stream *stream;
        uint8_t piece;                          /* below 128: a varint of one byte */
        size_t length;
        uint8_t body[FRAME_BODY_MAX + FRAME_CHECKSUM];
};

enum piece_kind { MORE_FOLLOWS, LAST_PIECE };

static void header_send(struct header *header, enum piece_kind kind)
{
        header->body[0] = 'H';
        header->body[1] = header->piece++;
        header->body[2] = kind;
        send(header->stream, header->body, header->length);
        header->length = HEADER_FRONT;
}

static void header_put(struct header *header, const char *text)
{
        for (; *text; text++) {
                if (header->length == FRAME_BODY_MAX)
                        header_send(header, MORE_FOLLOWS);
                header->body[header->length++] = (uint8_t)*text;
        }
}

static void header_put_number(struct header *header, uint64_t number)
{
        char digits[24];
        size_t first = sizeof digits - 1;

        digits[first] = 0;
        do {
                digits[--first] = (char)('0' + number % 10);
                number /= 10;
        } while (number);
        header_put(header, digits + first);
}

void stream_begin(struct stream *stream, const struct stream_facts *facts)
{
        struct header header = { .stream = stream, .length = HEADER_FRONT };

        stream->write("", 1);           /* whatever came over the line before belongs to no frame */
        header_put(&header, "understory-trace 1\nbuild ");
        header_put(&header, facts->build);
        header_put(&header, "\nmode lossless\ncpus ");
        header_put_number(&header, facts->cpus);
        header_put(&header, "\nclock ");
        header_put_number(&header, facts->ticks);
        header_put(&header, " ");
        header_put_number(&header, facts->ticks_per_second);
        header_put(&header, "\n");
        header_put(&header, schema_text);
        for (const char *file = facts->files; file < facts->files_end; file += strlen(file) + 1) {
                header_put(&header, "file ");
                header_put_number(&header, (uint64_t)(file - facts->files));
                header_put(&header, " ");
                header_put(&header, file);
                header_put(&header, "\n");
        }
        header_send(&header, LAST_PIECE);
}

/* --- events ----------------------------------------------------------------------------------------------- */

static void frame_open(struct stream *stream, uint64_t first, uint64_t ticks)
{
        size_t used = 0;

        stream->body[used++] = 'E';
        used += put_varint(stream->body + used, stream->cpu);
        used += put_varint(stream->body + used, first);
        used += put_varint(stream->body + used, stream->dropped);
        used += put_varint(stream->body + used, ticks);
        stream->ticks = ticks;
        stream->last_address = 0;
        stream->length = used;
}

/* Adds an event to the frame, unless it does not fit. What is written becomes part of the frame at the very end. */
static bool add_event(struct stream *stream, uint64_t ticks, enum trace_event event, const uint64_t *fields)
{
        uint8_t *out = stream->body + stream->length;
        uint64_t last_address = stream->last_address;

        if (ticks != stream->ticks) {
                out += put_varint(out, EVENT_TIME);
                out += put_varint(out, ticks - stream->ticks);
        }
        out += put_varint(out, event);
        for (const uint8_t *wire = schema_wire[event]; *wire != WIRE_END; wire++, fields++) {
                switch (*wire) {
                case WIRE_TEXT:
                        out += put_text(out, (const char *)(uintptr_t)*fields);
                        break;
                case WIRE_ADDRESS:
                        out += put_varint(out, zigzag(*fields - last_address));
                        last_address = *fields;
                        break;
                default:
                        out += put_varint(out, *fields);
                }
        }
        if (out > stream->body + FRAME_BODY_MAX)
                return false;
        stream->ticks = ticks;
        stream->last_address = last_address;
        stream->events++;
        stream->length = (size_t)(out - stream->body);
        return true;
}

void stream_emit(struct stream *stream, enum trace_event event, const uint64_t *fields)
{
        uint64_t ticks = stream->in_operation ? stream->ticks : stream->now();

        stream->number++;
        if (!stream->events)
                frame_open(stream, stream->number, ticks);
        if (!add_event(stream, ticks, event, fields)) {
                stream_flush(stream);
                frame_open(stream, stream->number, ticks);
                add_event(stream, ticks, event, fields);
        }
        if (event == EVENT_tree_begin)
                stream->in_operation = true;
        if (event == EVENT_tree_end) {
                stream->in_operation = false;
                if (stream->events >= EVENTS_WORTH_A_FRAME)
                        stream_flush(stream);
        }
}

void stream_flush(struct stream *stream)
{
        if (stream->events)
                send(stream, stream->body, stream->length);
        stream->events = 0;
}

void stream_tick(struct stream *stream)
{
        if (!stream->events) {
                frame_open(stream, stream->number + 1, stream->now());
                send(stream, stream->body, stream->length);
        }
        stream_flush(stream);
}
