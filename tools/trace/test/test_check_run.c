/* The check holds keyframes against events, and sees to the rest of a run: verdicts, the end, what never arrived. */
#include "support_run.h"

#include <stdio.h>

/* --- keyframes -------------------------------------------------------------------------------------------- */

static void a_keyframe_that_differs_is_found([[maybe_unused]] void **state)
{
        static const struct {
                size_t field;
                const char *words;
        } changes[] = {
                { EVENT_FIELD(keyframe_node, colour), "changed unseen: in memory its colour is" },
                { EVENT_FIELD(keyframe_node, protection), "changed unseen: in memory its protection is" },
                { EVENT_FIELD(keyframe_node, gap), "changed unseen: in memory its gap (pages) is" },
                { EVENT_FIELD(keyframe_node, max_left), "changed unseen: in memory the largest gap on its left" },
                { EVENT_FIELD(keyframe_node, side), "changed unseen: in memory its side is" },
        };

        for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
                struct run run = run_record();
                size_t at = recorded_nth(&run.recorded, EVENT_keyframe_node, 5);

                *run_field(&run, at, changes[i].field) ^= 1;
                run_assert_finds(&run, at, changes[i].words);
        }
}

static void a_node_missing_from_a_keyframe_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t end = recorded_nth(&run.recorded, EVENT_keyframe_end, 0);

        recorded_drop(&run.recorded, end - 2);          /* the last one shown has no children */
        run_assert_finds(&run, end - 2, "changed unseen: in memory the number of nodes is");
}

static void an_unknown_region_in_a_keyframe_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_keyframe_end, 0) - 2;

        *run_field(&run, at, EVENT_FIELD(keyframe_node, region)) = 4711;
        run_assert_finds(&run, at, "changed unseen: in memory node 4711");
}

/* --- the end, and what never arrived ---------------------------------------------------------------------- */

static void a_missing_end_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();

        run.recorded.count--;
        stream_put_together(&run.bytes, &run.recorded);
        assert_finds(&run.bytes, 0, "cut short");
        run_free(&run);
}

static void a_wrong_total_at_the_end_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = run.recorded.count - 1;

        *run_field(&run, at, EVENT_FIELD(end, events)) = 0;
        run_assert_finds(&run, at, "the end counts 0 events, but their numbers go up to");
}

static void an_event_after_the_end_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct recorded_event extra = { .type = EVENT_clock };

        recorded_insert(&run.recorded, run.recorded.count, &extra);
        run_assert_finds(&run, run.recorded.count - 1, "clock after the end");
}

static void a_failed_verdict_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = run.recorded.count - 1;

        *run_field(&run, at, EVENT_FIELD(end, verdict)) = VERDICT_FAILED;
        run_assert_finds(&run, at, "the run's own verdict is failed");
}

static void a_mismatch_a_failed_case_and_a_panic_are_found([[maybe_unused]] void **state)
{
        static const struct recorded_event events[] = {
                { .type = EVENT_script_mismatch, .field = { 7, ERROR_OK, 0x1000, ERROR_NO_MEMORY, 0 } },
                { .type = EVENT_case_end, .field = { 0, VERDICT_FAILED }, .text = "place_works" },
                { .type = EVENT_panicked, .text = "out of \x1b[31mideas" },
        };
        static const char *const words[] = {
                "the outcome is ok 0x1000, but the script expects no_memory",
                "test case place_works failed",
                "the kernel panicked: out of ?[31mideas",
        };

        for (size_t i = 0; i < 3; i++) {
                struct run run = run_record();

                recorded_insert(&run.recorded, run.recorded.count - 1, &events[i]);
                run_assert_finds(&run, run.recorded.count - 2, words[i]);
        }
}

/* Removes one frame from the bytes: from the n-th zero byte to the next. */
static void cut_frame(struct bytes *bytes, size_t n)
{
        uint8_t *start = bytes->at, *end;

        while (n--)
                start = (uint8_t *)memchr(start, 0, bytes->length - (size_t)(start - bytes->at)) + 1;
        end = (uint8_t *)memchr(start, 0, bytes->length - (size_t)(start - bytes->at)) + 1;
        memmove(start, end, bytes->length - (size_t)(end - bytes->at));
        bytes->length -= (size_t)(end - start);
}

static void missing_events_are_unknown_until_the_keyframe_not_wrong([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct check *check;

        cut_frame(&run.bytes, 20);
        check = check_bytes(&run.bytes);
        assert_int_equal(check_findings(check), 1);
        assert_non_null(
                strstr(check_finding(check, 0)->words, "missing; unknown from there until the keyframe at event"));
        check_destroy(check);
        run_free(&run);
}

/* The first byte of the n-th frame of a stream, from 0. */
static uint8_t *frame_at(const struct bytes *bytes, size_t n)
{
        uint8_t *start = bytes->at + 1, *end = bytes->at + bytes->length;

        while (n--)
                start = (uint8_t *)memchr(start, 0, (size_t)(end - start)) + 1;
        return start;
}

/* What was lost on the line earlier is another matter. */
static void the_first_frame_thrown_away_is_the_one_named([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct check *check;
        const char *words;

        *frame_at(&run.bytes, 24) ^= 0x40;
        cut_frame(&run.bytes, 20);
        check = check_bytes(&run.bytes);
        words = check_finding(check, check_findings(check) - 1)->words;
        if (!strstr(words, "1 frame thrown away; the first: frame 23 (byte"))
                fail_msg("%s", words);
        check_destroy(check);
        run_free(&run);
}

static void a_frame_sent_twice_is_no_fault([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct bytes bytes = { 0 };
        size_t begin = (size_t)(frame_at(&run.bytes, 20) - run.bytes.at);
        size_t end = (size_t)(frame_at(&run.bytes, 21) - run.bytes.at);

        bytes_add(&bytes, run.bytes.at, end);
        bytes_add(&bytes, run.bytes.at + begin, run.bytes.length - begin);
        assert_passes(&bytes);
        bytes_free(&bytes);
        run_free(&run);
}

static void the_event_is_named_with_script_line_and_operation([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t begin = recorded_nth(&run.recorded, EVENT_tree_begin, 5);
        struct recorded_event script = { .type = EVENT_script_begin, .field = { play_space() }, .text = "python3.ops" };
        struct recorded_event line = { .type = EVENT_script_line, .field = { 31 } };
        uint64_t size = *run_field(&run, begin, EVENT_FIELD(tree_begin, size)) / 1024;
        char words[128];
        size_t end;

        recorded_insert(&run.recorded, begin, &line);
        recorded_insert(&run.recorded, begin, &script);
        end = run_end_of(&run, begin);
        *run_field(&run, end, EVENT_FIELD(tree_end, address)) = 0;
        snprintf(words, sizeof words,
                 "event %zu (tree %lu, operation 6: place_anywhere %lu KiB, python3.ops line 31): placed at 0x0, "
                 "but",
                 end + 1, (unsigned long)*run_field(&run, end, EVENT_FIELD(tree_end, tree)), (unsigned long)size);
        run_assert_finds(&run, end, words);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_keyframe_that_differs_is_found),
                cmocka_unit_test(a_node_missing_from_a_keyframe_is_found),
                cmocka_unit_test(an_unknown_region_in_a_keyframe_is_found),
                cmocka_unit_test(a_missing_end_is_found),
                cmocka_unit_test(a_wrong_total_at_the_end_is_found),
                cmocka_unit_test(an_event_after_the_end_is_found),
                cmocka_unit_test(a_failed_verdict_is_found),
                cmocka_unit_test(a_mismatch_a_failed_case_and_a_panic_are_found),
                cmocka_unit_test(missing_events_are_unknown_until_the_keyframe_not_wrong),
                cmocka_unit_test(the_first_frame_thrown_away_is_the_one_named),
                cmocka_unit_test(a_frame_sent_twice_is_no_fault),
                cmocka_unit_test(the_event_is_named_with_script_line_and_operation),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
