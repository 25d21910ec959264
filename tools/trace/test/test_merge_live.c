/* A stream that is read while it arrives: what may be given out is, what may not waits, and neither for ever. */
#include "stream/reader_position.h"
#include "support_stream.h"

/* A source that has arrived up to `available`; how often it was asked is counted. */
struct arriving {
        const struct bytes *bytes;
        size_t given, available, asked;
};

static struct error read_what_arrived(void *context, void *out, size_t size, size_t *got)
{
        struct arriving *arriving = context;

        arriving->asked++;
        *got = arriving->available - arriving->given;
        if (*got > size)
                *got = size;
        memcpy(out, arriving->bytes->at + arriving->given, *got);
        arriving->given += *got;
        return SUCCESS;
}

static void close_nothing([[maybe_unused]] void *context)
{
}

static void add_one_frame(struct bytes *bytes, uint8_t cpu, uint8_t first, uint8_t ticks, const char *events,
                          size_t length)
{
        uint8_t body[100] = { 'E', cpu, first, 0, ticks };

        memcpy(body + 5, events, length);
        stream_add_frame(bytes, body, 5 + length);
}

static void an_event_is_given_out_once_no_cpu_can_send_an_earlier_one([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct arriving arriving = { .bytes = &bytes };
        struct source source = { &arriving, read_what_arrived, close_nothing };
        struct reader *reader;
        struct event event;
        size_t asked;

        stream_add_header(&bytes, "understory-trace 1\nevent tick stream\n");
        add_one_frame(&bytes, 0, 1, 10, "\1\0\10\1", 4);        /* cpu 0: events at 10 and 18 */
        add_one_frame(&bytes, 1, 1, 5, "", 0);                  /* cpu 1 exists, and has come to 5 */
        arriving.available = bytes.length;
        assert_int_equal(reader_open_source(source, "live", &reader).code, ERROR_OK);
        assert_true(reader_next(reader, &event));               /* nothing more has arrived: no cpu is waited for */
        assert_int_equal(event.ticks, 10);
        add_one_frame(&bytes, 1, 1, 17, "", 0);                 /* cpu 1 has come to 17 */
        add_one_frame(&bytes, 0, 3, 30, "\1", 1);
        add_one_frame(&bytes, 1, 1, 20, "", 0);                 /* cpu 1 has come to 20: not to 30 */
        arriving.available = bytes.length;
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.ticks, 18);
        add_one_frame(&bytes, 1, 1, 25, "\1\0\12\1", 4);        /* cpu 1: events at 25 and 35 */
        arriving.available = bytes.length;
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.ticks, 25);
        asked = arriving.asked;
        assert_true(reader_next(reader, &event));               /* 30 is the earliest, and nothing can come before it */
        assert_int_equal(event.ticks, 30);
        assert_int_equal(arriving.asked, asked);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.ticks, 35);
        assert_false(reader_next(reader, &event));
        reader_close(reader);
        bytes_free(&bytes);
}

/* `S' says that all processors stand: no event can come that is earlier than one that is held. */
static void when_all_stand_everything_is_given_out([[maybe_unused]] void **state)
{
        static const uint8_t all_stand[] = { 'S', 2, 1, 3, 1, 0 };
        struct bytes bytes = { 0 };
        struct arriving arriving = { .bytes = &bytes };
        struct source source = { &arriving, read_what_arrived, close_nothing };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, "understory-trace 1\nevent tick stream\n");
        add_one_frame(&bytes, 1, 1, 12, "", 0);                 /* cpu 1 exists, and has come to 12 */
        add_one_frame(&bytes, 0, 1, 10, "\1\0\10\1\0\10\1", 7);     /* cpu 0: events at 10, 18 and 26 */
        arriving.available = bytes.length;
        assert_int_equal(reader_open_source(source, "live", &reader).code, ERROR_OK);
        reader_set_growing(reader, true);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.ticks, 10);
        assert_false(reader_next(reader, &event));              /* cpu 1 may still send an event at 13 */
        stream_add_frame(&bytes, all_stand, sizeof all_stand);
        arriving.available = bytes.length;
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.ticks, 18);
        assert_true(reader_next(reader, &event));
        assert_int_equal(event.ticks, 26);
        assert_false(reader_next(reader, &event));
        reader_close(reader);
        bytes_free(&bytes);
}

static void memory_is_bounded_though_a_cpu_falls_silent([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct arriving arriving = { .bytes = &bytes };
        struct source source = { &arriving, read_what_arrived, close_nothing };
        struct reader *reader;
        struct event event;
        size_t given = 0;

        stream_add_header(&bytes, "understory-trace 1\nevent tick stream\n");
        add_one_frame(&bytes, 1, 1, 1, "", 0);
        for (unsigned i = 0; i < 40000; i++) {
                uint8_t body[] = { 'E', 0, (uint8_t)(i + 1) | 0x80, (uint8_t)((i + 1) >> 7 | 0x80),
                                   (uint8_t)((i + 1) >> 14), 0, 100, 1 };

                stream_add_frame(&bytes, body, sizeof body);
        }
        add_one_frame(&bytes, 1, 1, 50, "\1", 1);               /* too late */
        arriving.available = bytes.length;
        assert_int_equal(reader_open_source(source, "live", &reader).code, ERROR_OK);
        assert_true(reader_next(reader, &event));
        assert_in_range(arriving.given, 1, bytes.length / 2);
        do {
                given++;
        } while (reader_next(reader, &event));
        assert_int_equal(given, 40001);
        assert_int_equal(reader_totals(reader).late, 1);
        assert_int_equal(reader_totals(reader).lost, 0);
        reader_close(reader);
        bytes_free(&bytes);
}

static struct error fail_to_read(void *context, void *out, size_t size, size_t *got)
{
        struct arriving *arriving = context;

        if (arriving->given == arriving->available)
                return FAIL(IO);
        return read_what_arrived(context, out, size, got);
}

static void what_arrived_is_given_out_before_a_failure_is_told([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct arriving arriving = { .bytes = &bytes };
        struct source source = { &arriving, fail_to_read, close_nothing };
        struct reader *reader;
        struct event event;

        stream_add_header(&bytes, "understory-trace 1\nevent tick stream\n");
        add_one_frame(&bytes, 1, 1, 5, "", 0);
        add_one_frame(&bytes, 0, 1, 10, "\1\1", 2);
        arriving.available = bytes.length;
        assert_int_equal(reader_open_source(source, "live", &reader).code, ERROR_OK);
        for (int i = 0; i < 2; i++) {
                assert_true(reader_next(reader, &event));
                assert_false(reader_failed(reader));
        }
        assert_false(reader_next(reader, &event));
        assert_true(reader_failed(reader));
        reader_close(reader);
        bytes_free(&bytes);
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_event_is_given_out_once_no_cpu_can_send_an_earlier_one),
                cmocka_unit_test(when_all_stand_everything_is_given_out),
                cmocka_unit_test(memory_is_bounded_though_a_cpu_falls_silent),
                cmocka_unit_test(what_arrived_is_given_out_before_a_failure_is_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
