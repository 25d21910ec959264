#include "trace/stream.h"
#include "lib/printf.h"
#include "lib/string.h"

enum { HEADER_FRONT = 3, EVENTS_WORTH_A_FRAME = 16 };

/* How a field is coded; see docs/trace-format.md. */
enum wire { WIRE_END, WIRE_NUMBER, WIRE_ADDRESS, WIRE_TEXT };

enum {
        WIRE_id = WIRE_NUMBER, WIRE_count = WIRE_NUMBER, WIRE_bytes = WIRE_NUMBER, WIRE_pages = WIRE_NUMBER,
        WIRE_ticks = WIRE_NUMBER, WIRE_protection = WIRE_NUMBER, WIRE_address = WIRE_ADDRESS, WIRE_text = WIRE_TEXT,
#define ENUMERATION(name, list) WIRE_##name = WIRE_NUMBER,
#include "trace/events.def"
};

/* The coding of each field of an event, in order, closed by WIRE_END. */
#define FIELD_WIRE(type, field) WIRE_##type
static const uint8_t *const schema_wire[] = {
        [EVENT_TIME] = (const uint8_t[]){ WIRE_NUMBER, WIRE_END },
#define EVENT(name, category, text, ...)                                                                            \
        [EVENT_##name] = (const uint8_t[]){ FOR_EACH(FIELD_WIRE, __VA_ARGS__), WIRE_END },
#include "trace/events.def"
};

/* The category, enum and event lines of the header. */
#define WORD(symbol, name, meaning) " " #name
#define FIELD_TEXT(type, field) " " #field ":" #type
static const char schema_text[] =
#define CATEGORY(name, text) "category " #name "\n"
#define ENUMERATION(name, list) "enum " #name list(WORD) "\n"
#define EVENT(name, category, text, ...)                                                                            \
        "event " #name " " #category FOR_EACH_JOINED(FIELD_TEXT, __VA_ARGS__) "\n"
#include "trace/events.def"
        ;

/* These return where the next byte goes. */
static uint8_t *put_varint(uint8_t *out, uint64_t value)
{
        for (; value >= 0x80; value >>= 7)
                *out++ = (uint8_t)(value | 0x80);
        *out++ = (uint8_t)value;
        return out;
}

static uint8_t *put_text(uint8_t *out, const char *text)
{
        const size_t length = strnlen(text, STREAM_TEXT_MAX);
        out = put_varint(out, length);
        memcpy(out, text, length);
        return out + length;
}

/* Small numbers of either sign become small numbers: 0, -1, 1, -2 are sent as 0, 1, 2, 3. */
static uint64_t zigzag(uint64_t difference)
{
        return difference << 1 ^ -(difference >> 63);
}

static void send(struct stream *stream)
{
        uint8_t encoded[FRAME_ENCODED_MAX];

        if (!stream->write(stream, encoded, frame_encode(encoded, stream->body, stream->length)))
                stream->dropped += stream->events;
        stream->holds_keyframe = false;
}

/* Its text gathers where events will, behind 'H', the piece's number (below 128: a byte) and whether it is the last. */
enum piece_kind { MORE_FOLLOWS, LAST_PIECE };

static void header_send(struct stream *stream, enum piece_kind kind)
{
        stream->body[2] = kind;
        send(stream);
        stream->body[1]++;
        stream->length = HEADER_FRONT;
}

static void header_put(struct stream *stream, const char *text)
{
        for (; *text; text++) {
                if (stream->length == FRAME_BODY_MAX)
                        header_send(stream, MORE_FOLLOWS);
                stream->body[stream->length++] = (uint8_t)*text;
        }
}

void stream_begin(struct stream *stream, const struct stream_facts *facts)
{
        char line[80];

        stream->write(stream, "", 1);           /* whatever came over the line before belongs to no frame */
        stream->length = HEADER_FRONT;
        stream->body[0] = 'H';
        stream->body[1] = 0;
        header_put(stream, "understory-trace 1\nbuild ");
        header_put(stream, facts->build);
        format(line, sizeof line, "\nmode %s\ncpus %u\nclock %lu %lu\n", facts->mode, facts->cpus, stream->now(),
               facts->ticks_per_second);
        header_put(stream, line);
        header_put(stream, schema_text);
        for (const char *file = __start_file_names; file < __stop_file_names; file += strlen(file) + 1) {
                format(line, sizeof line, "file %zu ", (size_t)(file - __start_file_names));
                header_put(stream, line);
                header_put(stream, file);
                header_put(stream, "\n");
        }
        header_send(stream, LAST_PIECE);
}

static void frame_open(struct stream *stream, uint64_t first, uint64_t ticks)
{
        uint8_t *out = stream->body;
        *out++ = 'E';
        out = put_varint(out, stream->cpu);
        out = put_varint(out, first);
        out = put_varint(out, stream->dropped);
        out = put_varint(out, ticks);
        stream->ticks = ticks;
        stream->last_address = 0;
        stream->length = (size_t)(out - stream->body);
}

/* Adds an event to the frame, unless it does not fit. What is written becomes part of the frame at the very end. */
static bool add_event(struct stream *stream, uint64_t ticks, enum trace_event event, const uint64_t *fields)
{
        uint8_t *out = stream->body + stream->length;
        uint64_t last_address = stream->last_address;
        if (ticks != stream->ticks) {
                out = put_varint(out, EVENT_TIME);
                out = put_varint(out, ticks - stream->ticks);
        }
        out = put_varint(out, event);
        for (const uint8_t *wire = schema_wire[event]; *wire != WIRE_END; wire++, fields++) {
                switch (*wire) {
                case WIRE_TEXT:
                        out = put_text(out, (const char *)(uintptr_t)*fields);
                        break;
                case WIRE_ADDRESS:
                        out = put_varint(out, zigzag(*fields - last_address));
                        last_address = *fields;
                        break;
                default:
                        out = put_varint(out, *fields);
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
        const uint64_t ticks = stream->in_operation ? stream->ticks : stream->now();
        stream->number++;
        if (!stream->events)
                frame_open(stream, stream->number, ticks);
        if (!add_event(stream, ticks, event, fields)) {
                stream_flush(stream);
                frame_open(stream, stream->number, ticks);
                add_event(stream, ticks, event, fields);
        }
        if (event == EVENT_tree_begin || event == EVENT_tree_end)
                stream->in_operation = event == EVENT_tree_begin;
        if (event == EVENT_tree_end && stream->events >= EVENTS_WORTH_A_FRAME)
                stream_flush(stream);
}

void stream_flush(struct stream *stream)
{
        if (stream->events)
                send(stream);
        stream->events = 0;
}

void stream_tick(struct stream *stream)
{
        if (!stream->events)
                frame_open(stream, stream->number + 1, stream->now());
        send(stream);
        stream->events = 0;
}
