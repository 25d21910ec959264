/* How fields are sent in version 2 of the format: what the kernel's encoder puts together, the reader takes apart. */
#include "base/error_message.h"
#include "lib/rng.h"
#include "support_stream.h"

#include <stdio.h>

static uint64_t ticks;

static uint64_t read_clock(void)
{
        return ticks += 7;
}

static struct bytes sent;

static bool keep_frame([[maybe_unused]] struct stream *stream, const void *bytes, size_t length)
{
        bytes_add(&sent, bytes, length);
        return true;
}

/* --- everything that can be sent -------------------------------------------------------------------------- */

static size_t words_of(const char *type)
{
        const struct enumeration_description *enumeration = enumeration_of_name(type);

        return enumeration ? enumeration->words : 0;
}

/* A value that a field may have: mostly near the one before, but any. */
static uint64_t choose(struct rng *rng, const char *type, uint64_t before)
{
        static const uint64_t extremes[] = { 0, 1, UINT64_MAX, INT64_MAX, (uint64_t)1 << 63, (uint64_t)1 << 62, 0x1000 };

        if (words_of(type))
                return rng_below(rng, words_of(type));
        switch (rng_below(rng, 5)) {
        case 0:
                return before;
        case 1:
                return before + 0x1000 * (rng_below(rng, 21) - 10);
        case 2:
                return before + rng_below(rng, 300) - 150;
        case 3:
                return extremes[rng_below(rng, sizeof extremes / sizeof extremes[0])];
        default:
                return rng_below(rng, UINT64_MAX);
        }
}

static struct recorded_event make_event(struct rng *rng, enum trace_event type, const struct recorded_event *before)
{
        struct recorded_event event = { .type = type };

        for (size_t i = 0; i < event_table[type].fields; i++) {
                event.field[i] = choose(rng, event_table[type].field[i].type, before->field[i]);
                if (strcmp(event_table[type].field[i].type, "text") == 0)
                        event.field[i] = (uint64_t)snprintf(event.text, sizeof event.text, "name %u",
                                                            (unsigned)rng_below(rng, 1000));
        }
        return event;
}

static void send_event(struct stream *stream, const struct recorded_event *event)
{
        uint64_t fields[EVENT_FIELDS_MAX];

        memcpy(fields, event->field, sizeof fields);
        for (size_t i = 0; i < event_table[event->type].fields; i++)
                if (strcmp(event_table[event->type].field[i].type, "text") == 0)
                        fields[i] = (uintptr_t)event->text;
        stream_emit(stream, event->type, fields);
}

static void assert_same(const struct event *event, const struct recorded_event *expected)
{
        assert_int_equal(event->type, expected->type);
        for (size_t i = 0; i < event_table[event->type].fields; i++)
                if (event->field[i] != expected->field[i])
                        fail_msg("event %llu: %s of %s is %llx, not %llx", (unsigned long long)event->number,
                                 event_table[event->type].field[i].name, event_table[event->type].name,
                                 (unsigned long long)event->field[i], (unsigned long long)expected->field[i]);
        if (expected->text[0])
                assert_string_equal(event->text, expected->text);
}

enum { EVENTS = 20000 };
static struct recorded_event events[EVENTS];

static void send_events_of_every_kind(uint64_t seed)
{
        static struct recorded_event before[EVENT_COUNT];
        static struct stream stream;
        struct rng rng;

        rng_seed(&rng, seed);
        bytes_free(&sent);
        stream = (struct stream){ .write = keep_frame, .now = read_clock };
        stream_begin(&stream, &(struct stream_facts){ "test", "lossless", 1, 0, 1000000000 });
        for (size_t i = 0; i < EVENTS; i++) {
                enum trace_event type = (enum trace_event)(1 + rng_below(&rng, EVENT_COUNT - 1));

                events[i] = before[type] = make_event(&rng, type, &before[type]);
                send_event(&stream, &events[i]);
        }
        stream_flush(&stream);
}

static void every_event_arrives_as_it_was_sent([[maybe_unused]] void **state)
{
        for (uint64_t seed = 1; seed <= 10; seed++) {
                struct reader *reader;
                struct event event;

                send_events_of_every_kind(seed);
                reader = stream_open(&sent);
                for (size_t i = 0; i < EVENTS; i++) {
                        assert_true(reader_next(reader, &event));
                        assert_same(&event, &events[i]);
                }
                assert_false(reader_next(reader, &event));
                reader_close(reader);
        }
        bytes_free(&sent);
}

/* What a lost frame leaves is no worse for it: no frame needs another one to be understood. */
static void each_frame_is_understood_alone([[maybe_unused]] void **state)
{
        struct rng rng;

        send_events_of_every_kind(11);
        rng_seed(&rng, 5);
        for (size_t at = 0; at < sent.length; at++)
                if (at > 10000 && sent.at[at] && rng_below(&rng, 2000) == 0)
                        sent.at[at] ^= 0x10;
        struct reader *reader = stream_open(&sent);
        struct event event;
        uint64_t arrived = 0;

        while (reader_next(reader, &event)) {
                assert_same(&event, &events[event.number - 1]);
                arrived++;
        }
        assert_true(reader_totals(reader).damaged > 50);
        assert_true(arrived > EVENTS / 2);
        reader_close(reader);
        bytes_free(&sent);
}

/* --- what the page says ----------------------------------------------------------------------------------- */

static const char example[] = "understory-trace 2\nenum side left right\nenum colour black red\n"
                              "event a tree region:region\n"
                              "event b tree region:region side:side colour:colour\n"
                              "event c tree tree:tree\n"
                              "event d tree many:count where:address size:bytes what:novelty how:text\n";

static void expect(struct reader *reader, const char *name, size_t fields, ...)
{
        struct event event;
        va_list values;

        assert_true(reader_next(reader, &event));
        assert_string_equal(event.schema->name, name);
        va_start(values, fields);
        for (size_t i = 0; i < fields; i++)
                assert_int_equal(event.raw[i], va_arg(values, uint64_t));
        va_end(values);
}

static void words_are_in_codes_and_numbers_are_differences([[maybe_unused]] void **state)
{
        static const uint8_t frame[] = {
                'E', 0, 1, 0, 50, 9,                    /* the front; tree 9 */
                4, 14,                                  /* b: region 7, right, black */
                5, 1,                                   /* b: region 6, left, red */
                2, 0,                                   /* a: region 6 */
                7,                                      /* c: tree 9 */
                1, 3, 7,                                /* c: tree 3 */
                8, 15, 6, 8, 3, 4, 2, 'm', 'e',         /* d: 3 things at 0x2000, -1 bytes, novelty 2, named "me" */
                8, 2, 1, 0x80, 1, 0,                    /* d: where is 0x80 itself, all else as before; no name */
        };
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, example);
        stream_add_frame(&bytes, frame, sizeof frame);
        reader = stream_open(&bytes);
        expect(reader, "b", 3, (uint64_t)7, (uint64_t)RIGHT, (uint64_t)BLACK);
        expect(reader, "b", 3, (uint64_t)6, (uint64_t)LEFT, (uint64_t)RED);
        expect(reader, "a", 1, (uint64_t)6);
        expect(reader, "c", 1, (uint64_t)9);
        expect(reader, "c", 1, (uint64_t)3);
        expect(reader, "d", 4, (uint64_t)3, (uint64_t)0x2000, UINT64_MAX, (uint64_t)2);
        expect(reader, "d", 4, (uint64_t)3, (uint64_t)0x80, UINT64_MAX, (uint64_t)2);
        assert_false(reader_next(reader, &event));
        assert_int_equal(reader_totals(reader).damaged, 0);
        reader_close(reader);
        bytes_free(&bytes);
}

static void records_that_make_no_sense_are_thrown_away([[maybe_unused]] void **state)
{
        static const struct {
                size_t length;
                uint8_t record[8];
        } damaged[] = {
                { 2, { 9, 0 } },                        /* a code beyond all events */
                { 2, { 0x80, 0 } },                     /* code 0, but in two bytes */
                { 2, { 8, 16 } },                       /* d: a mask with a bit for a fifth number */
                { 1, { 8 } },                           /* d: no mask */
                { 3, { 8, 2, 1 } },                     /* d: the value that 1 promises is missing */
                { 1, { 1 } },                           /* the tree is missing */
                { 1, { 4 } },                           /* b: the region is missing */
                { 4, { 8, 0, 5, 'm' } },                /* d: a text longer than the frame */
        };

        for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
                uint8_t frame[20] = { 'E', 0, 1, 0, 50, 9, 2, 2 };
                struct bytes bytes = { 0 };
                struct reader *reader;
                struct event event;

                memcpy(frame + 8, damaged[i].record, damaged[i].length);
                stream_add_header(&bytes, example);
                stream_add_frame(&bytes, frame, 8 + damaged[i].length);
                reader = stream_open(&bytes);
                expect(reader, "a", 1, (uint64_t)1);
                assert_false(reader_next(reader, &event));
                assert_int_equal(reader_totals(reader).damaged, 1);
                reader_close(reader);
                bytes_free(&bytes);
        }
}

static void assert_header_refused(const char *text, const char *words)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct source source;

        stream_add_header(&bytes, text);
        assert_int_equal(source_of_memory(bytes.at, bytes.length, &source).code, ERROR_OK);
        assert_int_equal(reader_open_source(source, "test.rtrace", &reader).code, ERROR_BAD_INPUT);
        assert_non_null(strstr(error_message(), words));
        bytes_free(&bytes);
}

static void headers_that_ask_for_too_much_are_refused([[maybe_unused]] void **state)
{
        static char text[65536];
        size_t length;

        assert_header_refused("understory-trace 2\nenum e 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n"
                              "event a b c:e d:e e:e f:e\n", "more than 65536 codes");
        length = (size_t)sprintf(text, "understory-trace 2\n");
        for (size_t i = 0; i < 513; i++)
                length += (size_t)sprintf(text + length, "event e%zu b a:id b:id c:id d:id e:id f:id g:id h:id\n", i);
        assert_header_refused(text, "more than 4096 fields");
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_event_arrives_as_it_was_sent),
                cmocka_unit_test(each_frame_is_understood_alone),
                cmocka_unit_test(words_are_in_codes_and_numbers_are_differences),
                cmocka_unit_test(records_that_make_no_sense_are_thrown_away),
                cmocka_unit_test(headers_that_ask_for_too_much_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
