/*
 * Frames whose numbers leave gaps, repeat others or make no sense. Whole runs are read in test_fields.c and
 * test_check.c, headers in test_reader_header.c.
 */
#include "support_stream.h"

/* --- numbering -------------------------------------------------------------------------------------------- */

/* A frame of one cpu with `count` events (of one byte, up to 100 of them). */
static void add_events(struct bytes *bytes, uint8_t cpu, uint8_t first, uint8_t count, uint8_t dropped)
{
        uint8_t frame[105] = { 'E', cpu, first, dropped, 0 };

        memset(frame + 5, 1, count);
        stream_add_frame(bytes, frame, 5U + count);
}

static void missing_events_are_counted_and_told([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, "understory-trace 1\nevent tick stream\n");
        add_events(&bytes, 0, 1, 3, 0);
        add_events(&bytes, 1, 1, 2, 0);
        add_events(&bytes, 0, 10, 2, 4);        /* 4 to 9 are missing, and 4 of these the kernel dropped */
        add_events(&bytes, 0, 11, 2, 4);        /* again */
        add_events(&bytes, 0, 14, 0, 6);        /* 12 and 13: empty frames tell, too */
        add_events(&bytes, 0, 14, 1, 6);
        reader = stream_open(&bytes);
        for (int i = 0; i < 3; i++) {
                assert_true(reader_next(reader, &event));
                assert_int_equal(event.missing, 0);
        }
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.cpu_number, 10);
        assert_int_equal(event.number, 10);
        assert_int_equal(event.missing, 6);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.missing, 0);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.cpu_number, 14);
        assert_int_equal(event.missing, 2);
        assert_true(reader_next(reader, &event));       /* all have the same time, so cpu 1 comes last */
        assert_int_equal(event.cpu, 1);
        assert_int_equal(event.cpu_number, 1);
        assert_int_equal(event.number, 15);
        assert_true(reader_next(reader, &event));
        assert_false(reader_next(reader, &event));
        assert_int_equal(reader_totals(reader).dropped, 6);
        assert_int_equal(reader_totals(reader).lost, 2);
        assert_int_equal(reader_totals(reader).repeated, 1);
        assert_notice(reader, 0,
                      "6 events missing before event 10 of cpu 0: 4 dropped by the kernel, 2 lost on the line");
        assert_notice(reader, 1, "begins with event 11 of cpu 0 again");
        reader_close(reader);
        bytes_free(&bytes);
}

static void fronts_that_make_no_sense_are_thrown_away([[maybe_unused]] void **state)
{
        static const struct {
                const char *body;
                size_t length;
        } frames[] = {
                { "E", 1 },
                { "E\0", 2 },
                { "E\0\1\0", 4 },
                { "E\0\0\0\0\1", 6 },
                { "E\xff\xff\x7f\1\0\0", 7 },
                { "E\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\0\0", 14 },
                { "X marks nothing", 15 },
                { "H\0\1again\n", 9 },
        };
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, "understory-trace 1\nevent tick stream\n");
        for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
                stream_add_frame(&bytes, frames[i].body, frames[i].length);
        add_events(&bytes, 0, 1, 1, 0);
        reader = stream_open(&bytes);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.number, 1);
        assert_int_equal(event.missing, 0);
        assert_false(reader_next(reader, &event));
        assert_int_equal(reader_totals(reader).damaged, 7);     /* all but the one of a kind we do not know */
        reader_close(reader);
        bytes_free(&bytes);
}

/* Numbers that would wrap say nothing about what is missing. */
static void a_frame_whose_numbers_would_wrap_is_thrown_away([[maybe_unused]] void **state)
{
        static const uint8_t frame[] = { 'E', 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 1, 1 };
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, "understory-trace 1\nevent tick stream\n");
        add_events(&bytes, 0, 1, 3, 0);
        stream_add_frame(&bytes, frame, sizeof frame);
        add_events(&bytes, 0, 6, 1, 0);
        reader = stream_open(&bytes);
        for (uint64_t number = 1; number <= 3; number++) {
                assert_true(reader_next(reader, &event));
                assert_int_equal(event.number, number);
        }
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.number, 6);
        assert_int_equal(event.missing, 2);
        assert_int_equal(reader_totals(reader).damaged, 1);
        reader_close(reader);
        bytes_free(&bytes);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(missing_events_are_counted_and_told),
                cmocka_unit_test(fronts_that_make_no_sense_are_thrown_away),
                cmocka_unit_test(a_frame_whose_numbers_would_wrap_is_thrown_away),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
