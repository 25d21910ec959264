#include "trace/stream.h"
#include "lib/printf.h"
#include "lib/string.h"

enum { HEADER_FRONT = 3, EVENTS_WORTH_A_FRAME = 16 };

/* --- fields ----------------------------------------------------------------------------------------------- */

/* How a field is coded; see docs/trace-format.md. */
enum wire { WIRE_NUMBER, WIRE_ADDRESS, WIRE_TEXT };

enum {
        WIRE_id = WIRE_NUMBER, WIRE_count = WIRE_NUMBER, WIRE_bytes = WIRE_NUMBER, WIRE_pages = WIRE_NUMBER,
        WIRE_ticks = WIRE_NUMBER, WIRE_protection = WIRE_NUMBER, WIRE_address = WIRE_ADDRESS, WIRE_text = WIRE_TEXT,
#define ENUMERATION(name, list) WIRE_##name = WIRE_NUMBER,
#include "trace/events.def"
};

/* These return where the next byte goes. */
static __attribute__((noinline)) uint8_t *put_long_varint(uint8_t *out, uint64_t value)
{
        for (; value >= 0x80; value >>= 7)
                *out++ = (uint8_t)(value | 0x80);
        *out++ = (uint8_t)value;
        return out;
}

/* Most numbers are small: one byte and two are compiled in place. */
static inline uint8_t *put_varint(uint8_t *out, uint64_t value)
{
        if (value < 0x80) {
                *out = (uint8_t)value;
                return out + 1;
        }
        if (value < 0x4000) {
                out[0] = (uint8_t)(value | 0x80);
                out[1] = (uint8_t)(value >> 7);
                return out + 2;
        }
        return put_long_varint(out, value);
}

static uint8_t *put_text(uint8_t *out, const char *text)
{
        const size_t length = strnlen(text, STREAM_TEXT_MAX);

        out = put_varint(out, length);
        memcpy(out, text, length);
        return out + length;
}

/* Small numbers of either sign become small numbers: 0, -1, 1, -2 are sent as 0, 1, 2, 3. */
static inline uint64_t zigzag(uint64_t difference)
{
        return difference << 1 ^ -(difference >> 63);
}

/* `wire` is known when this is compiled, so one case is left of it. */
static inline __attribute__((always_inline)) uint8_t *put_field(struct stream *stream, uint8_t *out, enum wire wire,
                                                                uint64_t value)
{
        switch (wire) {
        case WIRE_TEXT:
                return put_text(out, (const char *)(uintptr_t)value);
        case WIRE_ADDRESS:
                out = put_varint(out, zigzag(value - stream->last_address));
                stream->last_address = value;
                return out;
        case WIRE_NUMBER:
                break;
        }
        return put_varint(out, value);
}

/* One function for each event puts its fields, in order. */
typedef uint8_t *put_fields(struct stream *stream, uint8_t *out, const uint64_t *fields);

#define PUT_FIELD(type, field) out = put_field(stream, out, (enum wire)WIRE_##type, *fields++);
#define EVENT(name, category, text, ...)                                                                            \
        static uint8_t *put_##name([[maybe_unused]] struct stream *stream, uint8_t *out, const uint64_t *fields)    \
        {                                                                                                           \
                FOR_EACH_JOINED(PUT_FIELD, __VA_ARGS__)                                                             \
                return out;                                                                                         \
        }
#include "trace/events.def"

static put_fields *const put_fields_of[EVENT_COUNT] = {
#define EVENT(name, category, text, ...) [EVENT_##name] = put_##name,
#include "trace/events.def"
};

static void send(struct stream *stream)
{
        uint8_t encoded[FRAME_ENCODED_MAX + FRAME_SLACK];

        if (!stream->write(stream, encoded, frame_encode(encoded, stream->body, stream->length)))
                stream->dropped += stream->events;
        stream->holds_keyframe = false;
}

/* --- the header ------------------------------------------------------------------------------------------- */

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

/* --- events ----------------------------------------------------------------------------------------------- */

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
static inline bool add_event(struct stream *stream, uint64_t ticks, enum trace_event event, const uint64_t *fields)
{
        uint8_t *out = stream->body + stream->length;

        if (ticks != stream->ticks) {
                out = put_varint(out, EVENT_TIME);
                out = put_varint(out, ticks - stream->ticks);
        }
        _Static_assert(EVENT_COUNT <= 0x80, "an event's number is one byte");
        *out++ = (uint8_t)event;
        out = put_fields_of[event](stream, out, fields);
        if (out > stream->body + FRAME_BODY_MAX)
                return false;
        stream->ticks = ticks;
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
