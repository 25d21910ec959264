/* A recording that is walked in both directions shows at every event the state that reading it forwards leads to. */
#include "base/error_message.h"
#include "support_history.h"

#include <stdio.h>

/* --- seeking ---------------------------------------------------------------------------------------------- */

static void assert_seeks(const struct bytes *bytes, size_t memory, uint64_t spacing)
{
        struct truth truth = read_truth(bytes);
        struct history *history = open_history(bytes, memory);
        struct rng rng;
        bool moved;

        history_set_spacing(history, spacing);
        index_all(history);
        assert_int_equal(history_progress(history).newest, truth.state[truth.count - 1].number);
        rng_seed(&rng, 7);
        for (size_t i = 0; i < 300; i++) {
                size_t at = rng_below(&rng, truth.count);

                assert_int_equal(history_seek(history, truth.state[at].number).code, ERROR_OK);
                assert_is_at(history, &truth.state[at]);
                for (size_t next = at + 1; next < truth.count && next < at + 3; next++) {
                        assert_int_equal(history_step(history, &moved).code, ERROR_OK);
                        assert_true(moved);
                        assert_is_at(history, &truth.state[next]);
                }
        }
        for (size_t at = truth.count; at-- > truth.count - 50;) {
                assert_int_equal(history_seek(history, truth.state[at].number).code, ERROR_OK);
                assert_is_at(history, &truth.state[at]);
        }
        history_close(history);
        free_truth(&truth);
}

static void any_event_is_reached_in_any_order([[maybe_unused]] void **state)
{
        struct run run = run_record();

        assert_seeks(&run.bytes, 64 << 20, 1000000);
        assert_seeks(&run.bytes, 64 << 20, 100);
        assert_seeks(&run.bytes, 64 << 20, 1);
        run_free(&run);
}

static void events_of_several_cpus_keep_their_order([[maybe_unused]] void **state)
{
        struct bytes bytes = run_on_all_cpus();

        assert_seeks(&bytes, 64 << 20, 1000000);
        assert_seeks(&bytes, 64 << 20, 1);
        bytes_free(&bytes);
}

/* Takes the n-th frame out of a stream. */
static void drop_frame(struct bytes *bytes, size_t n)
{
        uint8_t *begin = bytes->at, *end;

        while (n--)
                begin = (uint8_t *)memchr(begin, 0, (size_t)(bytes->at + bytes->length - begin)) + 1;
        end = (uint8_t *)memchr(begin, 0, (size_t)(bytes->at + bytes->length - begin)) + 1;
        memmove(begin, end, (size_t)(bytes->at + bytes->length - end));
        bytes->length -= (size_t)(end - begin);
}

static size_t count_frames(const struct bytes *bytes)
{
        size_t frames = 0;

        for (size_t i = 0; i < bytes->length; i++)
                frames += bytes->at[i] == 0;
        return frames;
}

static void events_around_missing_ones_are_reached([[maybe_unused]] void **state)
{
        struct bytes bytes = run_on_all_cpus();

        drop_frame(&bytes, count_frames(&bytes) / 2);
        drop_frame(&bytes, count_frames(&bytes) * 3 / 4);
        assert_seeks(&bytes, 64 << 20, 1000000);
        assert_seeks(&bytes, 64 << 20, 1);
        bytes_free(&bytes);
}

static void checkpoints_are_thinned_to_the_memory_allowed([[maybe_unused]] void **state)
{
        enum { ALLOWED = 200000, LEAST = 80000 };
        struct run run = run_record();
        struct history *history = open_history(&run.bytes, ALLOWED);

        history_set_spacing(history, 1);
        index_all(history);
        assert_true(history_progress(history).memory <= ALLOWED);
        assert_in_range(history_progress(history).checkpoints, 5, run.recorded.count / 4);
        history_close(history);
        assert_seeks(&run.bytes, ALLOWED, 1);
        history = open_history(&run.bytes, LEAST);
        history_set_spacing(history, 1);
        index_all(history);
        assert_in_range(history_progress(history).checkpoints, 1, 10);
        history_close(history);
        assert_seeks(&run.bytes, LEAST, 1);
        assert_seeks(&run.bytes, ALLOWED, 1 << 20);    /* there is only the first one */
        run_free(&run);
}

static void a_moment_that_takes_more_than_is_allowed_is_told([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct history *history = open_history(&run.bytes, 50000);
        bool more = true;
        struct error error = SUCCESS;

        while (more && !error.code)
                error = history_index(history, 100, &more);
        assert_int_equal(error.code, ERROR_NO_MEMORY);
        assert_string_equal(error_message(), "test.rtrace: at event 666 what is shown takes more than 25,000 bytes, "
                                             "the most that is allowed for one moment");
        history_close(history);
        run_free(&run);
}

static void the_first_state_is_empty_and_events_beyond_the_last_are_refused([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct history *history = open_history(&run.bytes, 64 << 20);
        bool moved;

        index_all(history);
        assert_int_equal(history_seek(history, 100).code, ERROR_OK);
        assert_int_equal(history_seek(history, 0).code, ERROR_OK);
        assert_null(history_event(history));
        assert_null(model_tree_at(history_model(history), 0));
        assert_int_equal(history_seek(history, history_progress(history).newest + 1).code, ERROR_NOT_FOUND);
        assert_int_equal(history_seek(history, history_progress(history).newest).code, ERROR_OK);
        assert_int_equal(history_step(history, &moved).code, ERROR_OK);
        assert_false(moved);
        history_close(history);
        run_free(&run);
}

/* --- landmarks and single events -------------------------------------------------------------------------- */

static void landmarks_are_where_operations_begin([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct history *history = open_history(&run.bytes, 64 << 20);
        const struct history_landmark *landmark = NULL, *found;
        size_t count, operations = 0;

        index_all(history);
        history_landmarks(history, &count);
        assert_true(count > 0);
        for (size_t i = 0; i < run.recorded.count; i++) {
                const struct recorded_event *event = &run.recorded.event[i];

                if (event->type != EVENT_tree_begin)
                        continue;
                found = history_landmark_after(history, i, LANDMARKS_OF(LANDMARK_OPERATION), 0);
                assert_non_null(found);
                assert_int_equal(found->event, i + 1);
                assert_int_equal(found->number, event->field[EVENT_FIELD(tree_begin, operation)]);
                assert_int_equal(run.recorded.event[found->end - 1].type, EVENT_tree_end);
                assert_ptr_equal(history_operation(history, found->object, found->number), found);
                if (landmark)
                        assert_ptr_equal(history_landmark_before(history, i + 1, LANDMARKS_OF(LANDMARK_OPERATION),
                                                                 landmark->object), landmark);
                landmark = found;
                operations++;
        }
        assert_true(operations > 50);
        assert_null(history_landmark_after(history, run.recorded.count, LANDMARKS_ALL, 0));
        assert_null(history_landmark_before(history, 1, LANDMARKS_ALL, 0));
        history_close(history);
        run_free(&run);
}

static void single_events_are_read_in_any_order([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct history *history = open_history(&run.bytes, 64 << 20);
        struct history_event *event = malloc(sizeof *event);
        struct rng rng;

        assert_non_null(event);
        index_all(history);
        assert_int_equal(history_seek(history, 200).code, ERROR_OK);
        rng_seed(&rng, 11);
        for (size_t i = 0; i < 500; i++) {
                size_t at = rng_below(&rng, run.recorded.count);

                assert_int_equal(history_read(history, at + 1, event).code, ERROR_OK);
                assert_int_equal(event->event.number, at + 1);
                assert_int_equal(event->event.type, run.recorded.event[at].type);
                assert_memory_equal(event->event.field, run.recorded.event[at].field, sizeof event->event.field);
                if (event->event.text)
                        assert_string_equal(event->event.text, run.recorded.event[at].text);
        }
        assert_int_equal(history_position(history), 200);
        assert_int_equal(history_read(history, run.recorded.count + 1, event).code, ERROR_NOT_FOUND);
        free(event);
        history_close(history);
        run_free(&run);
}

static void a_time_is_the_event_before_the_first_later_one([[maybe_unused]] void **state)
{
        struct bytes bytes = run_on_all_cpus();
        struct truth truth = read_truth(&bytes);
        struct history *history = open_history(&bytes, 64 << 20);
        uint64_t number;

        index_all(history);
        for (size_t at = 0; at + 1 < truth.count; at += 17) {
                size_t last = at;

                while (last + 1 < truth.count && truth.state[last + 1].ticks <= truth.state[at].ticks)
                        last++;
                assert_int_equal(history_at_time(history, truth.state[at].ticks, &number).code, ERROR_OK);
                assert_int_equal(number, truth.state[last].number);
        }
        assert_int_equal(history_at_time(history, 0, &number).code, ERROR_OK);
        assert_int_equal(number, 0);
        history_close(history);
        free_truth(&truth);
        bytes_free(&bytes);
}

/* --- growing ---------------------------------------------------------------------------------------------- */

/* A recording that arrives in pieces of any size is the same as the one that was there at once. */
static void a_growing_recording_keeps_its_order([[maybe_unused]] void **state)
{
        struct bytes bytes = run_on_all_cpus();
        struct truth truth = read_truth(&bytes);
        struct history *history = NULL;
        char path[] = "/tmp/test_history.XXXXXX";
        FILE *file = fdopen(mkstemp(path), "w");
        struct rng rng;
        bool more;

        assert_non_null(file);
        rng_seed(&rng, 5);
        for (size_t written = 0; written < bytes.length;) {
                size_t piece = 1 + rng_below(&rng, 700);

                if (piece > bytes.length - written)
                        piece = bytes.length - written;
                fwrite(bytes.at + written, 1, piece, file);
                fflush(file);
                written += piece;
                if (!history && history_open(path, HISTORY_GROWING, 64 << 20, &history).code)
                        continue;
                assert_int_equal(history_index(history, UINT64_MAX, &more).code, ERROR_OK);
                assert_false(more);
        }
        assert_true(history_progress(history).newest < truth.state[truth.count - 1].number);
        history_finish(history);
        assert_int_equal(history_index(history, UINT64_MAX, &more).code, ERROR_OK);
        assert_int_equal(history_progress(history).newest, truth.state[truth.count - 1].number);
        for (size_t at = truth.count; at > 0; at -= 1 + at / 50) {
                assert_int_equal(history_seek(history, truth.state[at - 1].number).code, ERROR_OK);
                assert_is_at(history, &truth.state[at - 1]);
        }
        assert_null(reader_notice(history_reader(history), 0));
        history_close(history);
        fclose(file);
        remove(path);
        free_truth(&truth);
        bytes_free(&bytes);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(any_event_is_reached_in_any_order),
                cmocka_unit_test(events_of_several_cpus_keep_their_order),
                cmocka_unit_test(events_around_missing_ones_are_reached),
                cmocka_unit_test(checkpoints_are_thinned_to_the_memory_allowed),
                cmocka_unit_test(a_moment_that_takes_more_than_is_allowed_is_told),
                cmocka_unit_test(the_first_state_is_empty_and_events_beyond_the_last_are_refused),
                cmocka_unit_test(landmarks_are_where_operations_begin),
                cmocka_unit_test(single_events_are_read_in_any_order),
                cmocka_unit_test(a_time_is_the_event_before_the_first_later_one),
                cmocka_unit_test(a_growing_recording_keeps_its_order),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
