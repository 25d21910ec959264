#include "trace/stream.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "trace/varint.h"

enum { HEADER_FRONT = 3, WORTH_A_FRAME = FRAME_BODY_MAX * 3 / 4 };

/* --- numbers ---------------------------------------------------------------------------------------------- */

/* Like varint_put(), these return where the next byte goes. */
static uint8_t *put_text(uint8_t *out, const char *text)
{
        const size_t length = strnlen(text, STREAM_TEXT_MAX);

        out = varint_put(out, length);
        memcpy(out, text, length);
        return out + length;
}

/* Small numbers of either sign become small numbers: 0, -1, 1, -2 are sent as 0, 1, 2, 3. */
static inline uint64_t zigzag(uint64_t difference)
{
        return difference << 1 ^ -(difference >> 63);
}

enum { PAGE_BITS = 12, WHOLE_VALUE = 1 };

/* Addresses differ by whole pages as a rule. The lowest bit is 0 for pages, 1 for bytes. 0 bytes would be 0 pages, so
 * that code is free for a value whose difference has no bit left for this. */
static uint8_t *put_address(uint8_t *out, uint64_t value, uint64_t difference)
{
        const uint64_t in_pages = (uint64_t)((int64_t)difference >> PAGE_BITS);

        if (in_pages << PAGE_BITS == difference)
                return varint_put(out, zigzag(in_pages) << 1);
        if (zigzag(difference) >> 63) {
                *out++ = WHOLE_VALUE;
                return varint_put(out, value);
        }
        return varint_put(out, zigzag(difference) << 1 | 1);
}

/* --- codes ------------------------------------------------------------------------------------------------ */

/* How a field is sent; see docs/trace-format.md. Those up to the last number are differences. */
enum wire { WIRE_NUMBER, WIRE_ADDRESS, WIRE_REGION, WIRE_LAST_NUMBER = WIRE_REGION, WIRE_TREE, WIRE_WORD, WIRE_TEXT };

enum {
        WIRE_id = WIRE_NUMBER, WIRE_count = WIRE_NUMBER, WIRE_pages = WIRE_NUMBER, WIRE_ticks = WIRE_NUMBER,
        WIRE_protection = WIRE_NUMBER, WIRE_categories = WIRE_NUMBER,
        WIRE_bytes = WIRE_ADDRESS, WIRE_address = WIRE_ADDRESS,
        WIRE_region = WIRE_REGION, WIRE_tree = WIRE_TREE, WIRE_text = WIRE_TEXT,
#define ENUMERATION(name, list) WIRE_##name = WIRE_WORD,
#include "trace/events.def"
};

/* How many words a type has; those that are no enumeration count as one. */
#define ONE_MORE(symbol, name, meaning) + 1
enum {
        WORDS_id = 1, WORDS_count = 1, WORDS_pages = 1, WORDS_ticks = 1, WORDS_protection = 1, WORDS_categories = 1,
        WORDS_bytes = 1, WORDS_address = 1, WORDS_region = 1, WORDS_tree = 1, WORDS_text = 1,
#define ENUMERATION(name, list) WORDS_##name = 0 list(ONE_MORE),
#include "trace/events.def"
};

/* An event has a code for each combination of its words, so that no word is sent by itself. */
#define TIMES_WORDS(type, field) * WORDS_##type
enum {
        CODE_TIME, CODE_TREE,
#define EVENT(name, category, text, ...)                                                                            \
        CODE_##name, LAST_CODE_##name = CODE_##name - 1 + (1 FOR_EACH_JOINED(TIMES_WORDS, __VA_ARGS__)),
#include "trace/events.def"
};
_Static_assert(CODE_tree_visit + WORDS_decision <= 0x80, "a visit without a skipped child has a code of one byte");

/* If an event has this many numbers or more, a mask says which of them differ from the ones before. */
enum { NUMBERS_WITH_MASK = 3 };
#define PLUS_NUMBER(type, field) + ((int)WIRE_##type <= (int)WIRE_LAST_NUMBER)
#define NUMBERS(...) (0 FOR_EACH_JOINED(PLUS_NUMBER, __VA_ARGS__))

/* --- fields ----------------------------------------------------------------------------------------------- */

/* An event that is being put together. */
struct record {
        struct stream *stream;
        const uint64_t *fields;
        uint64_t *last;                         /* the fields of the event of this type before it, or zeros */
        uint8_t *out;
        uint64_t code, words;                   /* its code with the words so far, and their combinations */
        unsigned numbers, mask;                 /* how many numbers so far; which of them were put */
};

/* `wire` and `masked` are known when these are compiled, so one case is left of each. */
#define INLINE static inline __attribute__((always_inline))

INLINE void put_tree(struct record *record, enum wire wire, size_t i)
{
        if (wire != WIRE_TREE || record->fields[i] == record->stream->tree)
                return;
        record->stream->tree = record->fields[i];
        *record->out++ = CODE_TREE;
        record->out = varint_put(record->out, record->fields[i]);
}

INLINE void add_word(struct record *record, enum wire wire, uint64_t words, size_t i)
{
        if (wire != WIRE_WORD)
                return;
        record->code += record->fields[i] * record->words;
        record->words *= words;
}

INLINE void put_field(struct record *record, enum wire wire, bool masked, size_t i)
{
        const uint64_t value = record->fields[i];

        if (wire == WIRE_TEXT)
                record->out = put_text(record->out, (const char *)(uintptr_t)value);
        if (wire > WIRE_LAST_NUMBER)
                return;
        uint64_t *last = wire == WIRE_REGION ? &record->stream->region : &record->last[i];
        const uint64_t difference = value - *last;
        const unsigned bit = 1u << record->numbers++;
        if (masked && !difference)
                return;
        record->mask |= bit;
        record->out = wire == WIRE_ADDRESS ? put_address(record->out, value, difference)
                                           : varint_put(record->out, zigzag(difference));
        *last = value;
}

/* The values before an event's own: zeros for the first one of its type in a frame. */
INLINE uint64_t *last_values(struct stream *stream, enum trace_event event, void *values, size_t size)
{
        uint64_t *seen = &stream->seen[event / 64];

        _Static_assert(EVENT_COUNT <= 8 * sizeof stream->seen, "every event has a bit");
        if (!(*seen >> event % 64 & 1)) {
                *seen |= (uint64_t)1 << event % 64;
                __builtin_memset(values, 0, size);
        }
        return values;
}

/* One function for each event puts its code and fields, in order. */
typedef uint8_t *put_event(struct stream *stream, uint8_t *out, const uint64_t *fields);

#define PUT_TREE(type, field) put_tree(&record, (enum wire)WIRE_##type, i++);
#define ADD_WORD(type, field) add_word(&record, (enum wire)WIRE_##type, WORDS_##type, i++);
#define PUT_FIELD(type, field) put_field(&record, (enum wire)WIRE_##type, masked, i++);
#define EVENT(name, category, text, ...)                                                                            \
        static uint8_t *put_##name(struct stream *stream, uint8_t *out, const uint64_t *fields)                     \
        {                                                                                                           \
                const bool masked = NUMBERS(__VA_ARGS__) >= NUMBERS_WITH_MASK;                                      \
                struct record record = { .stream = stream, .fields = fields, .out = out, .code = CODE_##name,       \
                                         .words = 1 };                                                              \
                size_t i = 0;                                                                                       \
                FOR_EACH_JOINED(PUT_TREE, __VA_ARGS__)                                                              \
                i = 0;                                                                                              \
                FOR_EACH_JOINED(ADD_WORD, __VA_ARGS__)                                                              \
                record.out = varint_put(record.out, record.code);                                                   \
                record.last = last_values(stream, EVENT_##name, &stream->last.name, sizeof stream->last.name);      \
                uint8_t *const mask = record.out;                                                                   \
                record.out += masked ? (NUMBERS(__VA_ARGS__) + 7) / 8 : 0;                                          \
                i = 0;                                                                                              \
                FOR_EACH_JOINED(PUT_FIELD, __VA_ARGS__)                                                             \
                if (masked)                                                                                         \
                        mask[0] = (uint8_t)record.mask;                                                             \
                if (masked && NUMBERS(__VA_ARGS__) > 8)                                                             \
                        mask[1] = (uint8_t)(record.mask >> 8);                                                      \
                return record.out;                                                                                  \
        }
#include "trace/events.def"

static put_event *const put_event_of[EVENT_COUNT] = {
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

/* The category, enum and event lines of the header, events in the order of their codes. */
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
        stream->holds_keyframe = true;
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

void stream_send_header(struct stream *stream, const struct stream_facts *facts)
{
        char line[80];

        stream_flush(stream);
        stream->length = HEADER_FRONT;
        stream->body[0] = 'H';
        stream->body[1] = 0;
        header_put(stream, "understory-trace 2\nbuild ");
        header_put(stream, facts->build);
        format(line, sizeof line, "\nmode %s\ncpus %u\nclock %lu %lu\n", facts->mode, facts->cpus, facts->ticks,
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

void stream_begin(struct stream *stream, const struct stream_facts *facts)
{
        stream->write(stream, "", 1);           /* whatever came over the line before belongs to no frame */
        stream_send_header(stream, facts);
}

/* --- events ----------------------------------------------------------------------------------------------- */

static void frame_open(struct stream *stream, uint64_t first, uint64_t ticks)
{
        uint8_t *out = stream->body;
        *out++ = 'E';
        out = varint_put(out, stream->cpu);
        out = varint_put(out, first);
        out = varint_put(out, stream->dropped);
        out = varint_put(out, ticks);
        out = varint_put(out, stream->tree);
        stream->ticks = ticks;
        stream->region = 0;
        stream->seen[0] = stream->seen[1] = 0;
        stream->length = (size_t)(out - stream->body);
}

/* Adds an event to the frame, unless it does not fit. What is written becomes part of the frame at the very end. */
static inline bool add_event(struct stream *stream, uint64_t ticks, enum trace_event event, const uint64_t *fields)
{
        uint8_t *out = stream->body + stream->length;

        if (ticks != stream->ticks) {
                *out++ = CODE_TIME;
                out = varint_put(out, ticks - stream->ticks);
        }
        out = put_event_of[event](stream, out, fields);
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
        if (event == EVENT_tree_end && stream->length >= WORTH_A_FRAME)
                stream_flush(stream);
}

void stream_tick(struct stream *stream)
{
        if (!stream->events)
                frame_open(stream, stream->number + 1, stream->now());
        send(stream);
        stream->events = 0;
}

void stream_flush(struct stream *stream)
{
        if (stream->events)
                stream_tick(stream);
}
