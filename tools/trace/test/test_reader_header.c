/*
 * Headers: those that cannot be read are refused in words, what this build does not have is read by its description,
 * and a header may come again.
 */
#include "base/error_message.h"
#include "support_stream.h"

#include <stdio.h>

static void assert_refused(const struct bytes *bytes, const char *words)
{
        struct reader *reader;
        struct source source;

        assert_int_equal(source_of_memory(bytes->at, bytes->length, &source).code, ERROR_OK);
        assert_int_equal(reader_open_source(source, "test.rtrace", &reader).code, ERROR_BAD_INPUT);
        if (!strstr(error_message(), words))
                fail_msg("expected \"%s\" in: %s", words, error_message());
}

/* --- headers ---------------------------------------------------------------------------------------------- */

static void a_header_in_many_pieces_is_understood([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        const struct schema *schema;
        char text[2000];

        snprintf(text, sizeof text, "understory-trace 1\nbuild abc def\nmode lossless\ncpus 4\nclock 17 1000\n"
                 "remark %01000d\ncategory tree\nenum side left right\n"
                 "event tree_link tree tree:id region:id parent:id side:side\n"
                 "file 0 kernel/a b.c\nfile 16 x.c\nevent late new_things\n", 0);
        stream_add_header(&bytes, text);
        reader = stream_open(&bytes);
        schema = reader_schema(reader);
        assert_string_equal(schema->build, "abc def");
        assert_int_equal(schema->cpus, 4);
        assert_int_equal(schema->clock_ticks, 17);
        assert_int_equal(schema->clock_per_second, 1000);
        assert_int_equal(schema->events, 2);
        assert_int_equal(schema->event[0].known, EVENT_tree_link);
        assert_int_equal(schema->event[1].known, EVENT_TIME);
        assert_string_equal(schema_file(schema, 0), "kernel/a b.c");
        assert_string_equal(schema_file(schema, 16), "x.c");
        assert_null(schema_file(schema, 1));
        reader_close(reader);
        bytes_free(&bytes);
}

static void headers_that_cannot_be_read_are_refused_in_words([[maybe_unused]] void **state)
{
        static const struct {
                const char *text, *words;
        } headers[] = {
                { "hello world\n", "this is not an Understory trace" },
                { "understory-trace 3\n", "version is 3" },
                { "understory-trace one\n", "names no format version" },
                { "understory-trace 1\nevent lonely\n", "has no name or no category" },
                { "understory-trace 1\nevent a b c\n", "field c of event a has no type" },
                { "understory-trace 1\ncpus many\n", "\"cpus\" has no number" },
                { "understory-trace 1\nclock 1\n", "\"clock\" has not two numbers" },
                { "understory-trace 1\nfile 1\n", "no offset or no path" },
                { "understory-trace 1\nevent a b 1:id 2:id 3:id 4:id 5:id 6:id 7:id 8:id 9:id 10:id 11:id 12:id "
                  "13:id 14:id 15:id 16:id 17:id\n", "more than 16 fields" },
        };

        for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
                struct bytes bytes = { 0 };

                stream_add_header(&bytes, headers[i].text);
                assert_refused(&bytes, headers[i].words);
                bytes_free(&bytes);
        }
}

static void a_stream_without_its_whole_header_is_refused([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        assert_refused(&bytes, "it is empty");
        bytes_add(&bytes, "no trace at all", 15);
        assert_refused(&bytes, "no complete header");
        bytes_free(&bytes);
        stream_add_frame(&bytes, "H\0\0understory-trace 1\n", 22);
        assert_refused(&bytes, "no complete header");
        stream_add_frame(&bytes, "H\2\1\n", 4);
        assert_refused(&bytes, "piece 1 of the header is missing");
        bytes_free(&bytes);
        stream_add_frame(&bytes, "E\0\1\0\0", 5);
        assert_refused(&bytes, "events come before the header");
        bytes_free(&bytes);
}

/* --- schemas that are not ours ---------------------------------------------------------------------------- */

/* An event we never heard of before ours; fields we never heard of in it; a field less; words in another order. */
static void events_and_fields_are_known_by_name([[maybe_unused]] void **state)
{
        static const uint8_t frame[] = {
                'E', 0, 1, 0, 50,
                1, 9, 3, 'h', 'e', 'y', 4, 7, 2, 'y', 'o',              /* shiny: number, text, address, weight, text */
                0, 25,                                                  /* 25 ticks pass */
                2, 1, 99, 12, 2, 5, 1,                                  /* tree_link */
                0, 1,
        };
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes,
                          "understory-trace 1\nenum side up right left\nenum mood glad\n"
                          "event shiny new_things how:count what:text where:address heavy:weight more:text\n"
                          "event tree_link tree side:side new:mood region:id tree:id newer:number where:address\n");
        stream_add_frame(&bytes, frame, sizeof frame);
        reader = stream_open(&bytes);

        assert_true(reader_next(reader, &event));
        assert_int_equal(event.type, EVENT_TIME);
        assert_string_equal(event.schema->name, "shiny");
        assert_string_equal(event.text, "hey");
        assert_int_equal(event.raw[0], 9);
        assert_int_equal(event.raw[2], 2);
        assert_int_equal(event.raw[3], 7);
        assert_int_equal(event.ticks, 50);

        assert_true(reader_next(reader, &event));
        assert_int_equal(event.type, EVENT_tree_link);
        assert_int_equal(event.number, 2);
        assert_int_equal(event.ticks, 75);
        assert_int_equal(event.field[EVENT_FIELD(tree_link, side)], RIGHT);
        assert_int_equal(event.field[EVENT_FIELD(tree_link, region)], 12);
        assert_int_equal(event.field[EVENT_FIELD(tree_link, tree)], 2);
        assert_int_equal(event.field[EVENT_FIELD(tree_link, parent)], 0);
        assert_int_equal(event.raw[5], 1);      /* the address before it was 2 */
        assert_null(event.text);

        assert_false(reader_next(reader, &event));
        assert_false(reader_failed(reader));
        assert_int_equal(reader_totals(reader).damaged, 0);
        reader_close(reader);
        bytes_free(&bytes);
}

static void words_we_do_not_have_are_no_words_of_ours([[maybe_unused]] void **state)
{
        static const uint8_t frame[] = { 'E', 0, 1, 0, 0, 1, 0, 1, 1, 1, 2, 1, 200, 1, 2 };
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(
                &bytes,
                "understory-trace 1\nenum decision dithered taken\nevent tree_visit tree decision:decision\n");
        stream_add_frame(&bytes, frame, sizeof frame);
        reader = stream_open(&bytes);
        assert_true(reader_next(reader, &event));
        assert_string_equal(decision_name(event.field[EVENT_FIELD(tree_visit, decision)]), "unknown");
        assert_string_equal(schema_word(&event.schema->field[0], event.raw[0]), "dithered");
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.field[EVENT_FIELD(tree_visit, decision)], TAKEN);
        for (int i = 0; i < 2; i++) {           /* there are no words 2 and 200 */
                assert_true(reader_next(reader, &event));
                assert_string_equal(decision_name(event.field[EVENT_FIELD(tree_visit, decision)]), "unknown");
                assert_null(schema_word(&event.schema->field[0], event.raw[0]));
        }
        assert_false(reader_next(reader, &event));      /* nor an event type 2 */
        assert_notice(reader, 0, "an event in it is not understood");
        reader_close(reader);
        bytes_free(&bytes);
}

static void texts_are_made_fit_to_print([[maybe_unused]] void **state)
{
        static const uint8_t frame[] = {
                'E', 0, 1, 0, 0, 1, 12, 'a', 0, 27, 0x7f, 0xc3, 0xa4, 0xff, 0xc3, 'b', 0xed, 0xa0, 0x80,
        };
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, "understory-trace 1\nevent panicked error message:text\n");
        stream_add_frame(&bytes, frame, sizeof frame);
        reader = stream_open(&bytes);
        assert_true(reader_next(reader, &event));
        assert_string_equal(event.text, "a???\xc3\xa4??b???");
        reader_close(reader);
        bytes_free(&bytes);
}

/* --- what is there twice ---------------------------------------------------------------------------------- */

static void add_piece(struct bytes *bytes, uint8_t number, bool last, const char *text)
{
        char body[100] = { 'H', (char)number, (char)last };

        strcpy(body + 3, text);
        stream_add_frame(bytes, body, 3 + strlen(text));
}

static void add_event(struct bytes *bytes, uint8_t number, uint8_t type)
{
        stream_add_frame(bytes, (uint8_t[]){ 'E', 0, number, 0, number, type }, 6);
}

static void a_piece_of_the_header_that_comes_twice_is_skipped([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        add_piece(&bytes, 0, false, "understory-trace 1\n");
        add_piece(&bytes, 0, false, "understory-trace 1\n");
        add_piece(&bytes, 1, true, "event tick stream\n");
        add_piece(&bytes, 0, false, "understory-trace 1\n");
        add_piece(&bytes, 1, true, "event tick stream\n");
        add_event(&bytes, 1, 1);
        reader = stream_open(&bytes);
        assert_true(reader_next(reader, &event));
        assert_false(reader_next(reader, &event));
        assert_int_equal(reader_totals(reader).repeated, 3);
        assert_int_equal(reader_totals(reader).damaged, 0);
        reader_close(reader);

        add_piece(&bytes, 1, true, "event tick stream\n");      /* also after events */
        add_piece(&bytes, 1, true, "event tock stream\n");      /* with another text another recording begins */
        reader = stream_open(&bytes);
        while (reader_next(reader, &event))
                continue;
        assert_int_equal(reader_totals(reader).repeated, 4);
        assert_int_equal(reader_totals(reader).damaged, 1);
        reader_close(reader);
        bytes_free(&bytes);
}

static const char with_end[] = "understory-trace 1\nevent tick stream\nevent end stream\n";

/* Who attaches late finds the header where it was sent again. What came before is missing, not wrong. */
static void a_reader_may_begin_in_the_middle([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        add_event(&bytes, 7, 1);
        add_piece(&bytes, 1, true, "of a header whose first piece was missed");
        add_event(&bytes, 8, 1);
        stream_add_header(&bytes, with_end);
        add_event(&bytes, 9, 1);
        stream_add_header(&bytes, with_end);
        add_event(&bytes, 10, 2);
        reader = stream_open(&bytes);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.cpu_number, 9);
        assert_int_equal(event.missing, 8);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.type, EVENT_end);
        assert_false(reader_next(reader, &event));
        assert_int_equal(reader_totals(reader).damaged, 0);
        assert_int_equal(reader_totals(reader).repeated, 1);
        reader_close(reader);
        bytes_free(&bytes);
}

static void a_header_after_the_end_begins_another_recording([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, with_end);
        add_event(&bytes, 1, 1);
        add_event(&bytes, 2, 2);
        stream_add_header(&bytes, with_end);
        reader = stream_open(&bytes);
        while (reader_next(reader, &event))
                continue;
        assert_int_equal(reader_totals(reader).damaged, 1);
        assert_notice(reader, 0, "another recording begins here");
        reader_close(reader);
        bytes_free(&bytes);
}

static void a_piece_that_comes_again_with_another_text_is_refused([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        add_piece(&bytes, 0, false, "understory-trace 1\n");
        add_piece(&bytes, 0, false, "understory-trace 2\n");
        add_piece(&bytes, 1, true, "event tick stream\n");
        assert_refused(&bytes, "piece 1 of the header is missing or damaged");
        bytes_free(&bytes);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_header_in_many_pieces_is_understood),
                cmocka_unit_test(headers_that_cannot_be_read_are_refused_in_words),
                cmocka_unit_test(a_stream_without_its_whole_header_is_refused),
                cmocka_unit_test(events_and_fields_are_known_by_name),
                cmocka_unit_test(words_we_do_not_have_are_no_words_of_ours),
                cmocka_unit_test(texts_are_made_fit_to_print),
                cmocka_unit_test(a_piece_of_the_header_that_comes_twice_is_skipped),
                cmocka_unit_test(a_reader_may_begin_in_the_middle),
                cmocka_unit_test(a_header_after_the_end_begins_another_recording),
                cmocka_unit_test(a_piece_that_comes_again_with_another_text_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
