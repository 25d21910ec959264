/* Streams in which bytes or events were changed: none crashes what stands on the reader, and none passes. */
#include "check/check.h"
#include "support_stream.h"

static void work(void)
{
        struct region *region[12];

        for (size_t i = 0; i < 12; i++)
                region[i] = play_place(1 + i % 3);
        for (size_t i = 0; i < 12; i += 2)
                play_remove(region[i]);
        play_place(2);
}

/* Reads whatever can be read, through everything that stands on the reader. Whether it ends is the point. */
static void swallow(const struct bytes *bytes)
{
        struct reader *reader;
        struct source source;
        struct event event;
        struct check *check;

        assert_int_equal(source_of_memory(bytes->at, bytes->length, &source).code, ERROR_OK);
        if (reader_open_source(source, "test.rtrace", &reader).code)
                return;
        assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
        while (reader_next(reader, &event))
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        assert_int_equal(check_finish(check, reader).code, ERROR_OK);
        for (size_t i = 0; model_tree_at(check_model(check), i); i++)
                model_height(model_tree_at(check_model(check), i));
        assert_true(check_findings(check) > 0);         /* nothing that was damaged passes */
        check_destroy(check);
        reader_close(reader);
}

static void no_flipped_byte_passes_or_crashes([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        stream_record(&bytes, work);
        for (size_t i = 1; i < bytes.length; i++) {
                uint8_t was = bytes.at[i];

                bytes.at[i] ^= (uint8_t)(1 << i % 8);
                swallow(&bytes);
                bytes.at[i] = was;
        }
        bytes_free(&bytes);
}

static void no_cut_passes_or_crashes([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        stream_record(&bytes, work);
        for (bytes.length--; bytes.length; bytes.length--)
                swallow(&bytes);
        bytes_free(&bytes);
}

static void a_doubled_stream_does_not_pass([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 }, twice = { 0 };

        stream_record(&bytes, work);
        bytes_add(&twice, bytes.at, bytes.length);
        bytes_add(&twice, bytes.at, bytes.length);
        swallow(&twice);
        bytes_free(&bytes);
        bytes_free(&twice);
}

/* Right checksums, wrong contents: events changed at random, and put together again. */
static void no_event_changed_at_random_crashes([[maybe_unused]] void **state)
{
        struct recorded recorded = { 0 };
        struct bytes bytes = { 0 };
        struct rng rng;

        rng_seed(&rng, 11);
        stream_record(&bytes, work);
        for (int round = 0; round < 1500; round++) {
                struct reader *reader;
                struct check *check;
                struct event event;

                if (round % 50 == 0) {
                        stream_record(&bytes, work);
                        stream_take_apart(&recorded, &bytes);
                }
                for (int changes = 0; changes < 3; changes++) {
                        struct recorded_event *victim = &recorded.event[rng_below(&rng, recorded.count)];
                        uint64_t value = rng_below(&rng, 16);

                        if (rng_below(&rng, 8) == 0)
                                value = UINT64_MAX - value;
                        if (rng_below(&rng, 4) == 0)
                                *victim = recorded.event[rng_below(&rng, recorded.count)];
                        else
                                victim->field[rng_below(&rng, 8)] = value;
                }
                stream_put_together(&bytes, &recorded);
                reader = stream_open(&bytes);
                assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
                while (reader_next(reader, &event))
                        assert_int_equal(check_event(check, &event).code, ERROR_OK);
                for (size_t i = 0; model_tree_at(check_model(check), i); i++)
                        model_height(model_tree_at(check_model(check), i));
                check_destroy(check);
                reader_close(reader);
        }
        recorded_free(&recorded);
        bytes_free(&bytes);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(no_flipped_byte_passes_or_crashes),
                cmocka_unit_test(no_cut_passes_or_crashes),
                cmocka_unit_test(a_doubled_stream_does_not_pass),
                cmocka_unit_test(no_event_changed_at_random_crashes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
