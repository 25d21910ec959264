/* The check passes what a kernel did right, and names the first wrong event in what was tampered with. */
#include "check.h"
#include "support_stream.h"

#include <stdio.h>

/* --- a run to tamper with --------------------------------------------------------------------------------- */

/* Forty regions with holes between them, then some that fill holes, some removed: every kind of rotation. */
static void work(void)
{
        struct region *region[40];
        struct rng rng;

        rng_seed(&rng, 3);
        for (size_t i = 0; i < 40; i++)
                region[i] = play_place(1 + rng_below(&rng, 6));
        for (size_t i = 0; i < 40; i += 1 + rng_below(&rng, 3)) {
                play_remove(region[i]);
                region[i] = NULL;
        }
        for (size_t i = 0; i < 12; i++)
                play_place(1 + rng_below(&rng, 4));
        assert_null(play_place(10000));
        assert_null(play_place_at(0x20000, 200));
        region_tree_find_containing(play_tree(), 0x12345);
        region_tree_find_containing(play_tree(), 0x10ffff);
}

struct run {
        struct bytes bytes;
        struct recorded recorded;
};

static struct run record(void)
{
        struct run run = { 0 };

        stream_record(&run.bytes, work);
        stream_take_apart(&run.recorded, &run.bytes);
        return run;
}

static void done(struct run *run)
{
        bytes_free(&run->bytes);
        recorded_free(&run->recorded);
}

/* --- checking --------------------------------------------------------------------------------------------- */

static struct check *check_bytes(const struct bytes *bytes)
{
        struct reader *reader = stream_open(bytes);
        struct check *check;
        struct event event;

        assert_int_equal(check_create(&check, EVERY_EVENT_COUNTS).code, ERROR_OK);
        while (reader_next(reader, &event))
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        assert_int_equal(check_finish(check, reader).code, ERROR_OK);
        reader_close(reader);
        return check;
}

static void assert_passes(const struct bytes *bytes)
{
        struct check *check = check_bytes(bytes);

        if (check_findings(check))
                fail_msg("%s", check_finding(check, 0)->words);
        check_destroy(check);
}

/* The first finding must be at an event, counted from 1 (0: at none), and speak of `words`. */
static void assert_finds_in(const struct bytes *bytes, uint64_t event, const char *words)
{
        struct check *check = check_bytes(bytes);
        const struct finding *finding = check_finding(check, 0);

        if (!finding)
                fail_msg("nothing was found, but expected: %s", words);
        if (!strstr(finding->words, words))
                fail_msg("expected \"%s\" in: %s", words, finding->words);
        if (finding->event != event)
                fail_msg("expected at event %lu: %s", (unsigned long)event, finding->words);
        check_destroy(check);
}

static void assert_finds(struct run *run, size_t position, const char *words)
{
        stream_put_together(&run->bytes, &run->recorded);
        assert_finds_in(&run->bytes, position + 1, words);
        done(run);
}

static uint64_t *field(struct run *run, size_t position, size_t i)
{
        return &run->recorded.event[position].field[i];
}

/* The end of the operation that an event belongs to: that is where a broken rule shows. */
static size_t end_of(const struct run *run, size_t position)
{
        return recorded_next(&run->recorded, EVENT_tree_end, position);
}

/* --- what is right ---------------------------------------------------------------------------------------- */

static void a_good_run_passes([[maybe_unused]] void **state)
{
        struct run run = record();

        assert_passes(&run.bytes);
        done(&run);
}

static void a_run_taken_apart_and_put_together_passes([[maybe_unused]] void **state)
{
        struct run run = record();

        stream_put_together(&run.bytes, &run.recorded);
        assert_passes(&run.bytes);
        done(&run);
}

/* --- links and colours ------------------------------------------------------------------------------------ */

static void a_rotation_to_the_other_side_is_found([[maybe_unused]] void **state)
{
        struct run first = record();
        size_t rotations = 0;

        for (size_t i = 0; i < first.recorded.count; i++)
                rotations += first.recorded.event[i].type == EVENT_tree_rotate;
        assert_true(rotations > 10);
        for (size_t n = 0; n < rotations; n++) {
                struct run run = record();
                size_t at = recorded_nth(&run.recorded, EVENT_tree_rotate, n);
                struct check *check;

                *field(&run, at, EVENT_FIELD(tree_rotate, side)) ^= 1;
                stream_put_together(&run.bytes, &run.recorded);
                check = check_bytes(&run.bytes);
                /* Impossible, and then named at once; or possible, but the tree breaks a rule when the operation ends. */
                assert_true(check_findings(check) > 0);
                assert_true(check_finding(check, 0)->event >= at + 1 && check_finding(check, 0)->event <= end_of(&run, at) + 1);
                check_destroy(check);
                done(&run);
        }
        done(&first);
}

static void a_rotation_of_another_node_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_rotate, 0);

        *field(&run, at, EVENT_FIELD(tree_rotate, region)) = 777;
        assert_finds(&run, at, "tree_rotate: there is no region 777");
}

static void a_dropped_recolouring_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t link = recorded_nth(&run.recorded, EVENT_tree_link, 2);
        size_t at = recorded_next(&run.recorded, EVENT_tree_colour, link);

        recorded_drop(&run.recorded, at);
        assert_finds(&run, end_of(&run, at), "is red");
}

static void every_dropped_recolouring_is_found_in_its_operation([[maybe_unused]] void **state)
{
        struct run first = record();

        for (size_t at = 0; at < first.recorded.count; at++) {
                struct run run;
                struct check *check;

                if (first.recorded.event[at].type != EVENT_tree_colour)
                        continue;
                run = record();
                recorded_drop(&run.recorded, at);
                stream_put_together(&run.bytes, &run.recorded);
                check = check_bytes(&run.bytes);
                /* When the operation ends, or at once if the node is then given a colour that it has. */
                if (!check_findings(check))
                        fail_msg("nothing was found without event %zu", at + 1);
                assert_true(check_finding(check, 0)->event > at && check_finding(check, 0)->event <= end_of(&run, at) + 1);
                check_destroy(check);
                done(&run);
        }
        done(&first);
}

static void a_link_on_the_other_side_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_link, 1);

        *field(&run, at, EVENT_FIELD(tree_link, side)) ^= 1;
        assert_finds(&run, end_of(&run, at), "out of order");
}

/* --- ranges and gaps -------------------------------------------------------------------------------------- */

static void a_region_moved_onto_its_neighbour_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_region_changed, 20), end = end_of(&run, at);

        *field(&run, at, EVENT_FIELD(region_changed, base)) -= PAGE_SIZE;
        *field(&run, at, EVENT_FIELD(region_changed, end)) -= PAGE_SIZE;
        *field(&run, end, EVENT_FIELD(tree_end, address)) -= PAGE_SIZE;
        assert_finds(&run, end, "overlaps node");
}

static void a_region_that_lies_where_it_was_not_placed_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 4);

        *field(&run, at, EVENT_FIELD(tree_end, address)) += PAGE_SIZE;
        assert_finds(&run, at, "but the lowest place that fits is");
}

static void a_wrong_gap_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_gap, 30);

        *field(&run, at, EVENT_FIELD(tree_gap, gap)) += 1;
        stream_put_together(&run.bytes, &run.recorded);
        assert_finds_in(&run.bytes, end_of(&run, at) + 1, "gap");
        done(&run);
}

static void a_dropped_largest_gap_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t remove = recorded_nth(&run.recorded, EVENT_tree_unlink, 3), begin = remove;
        size_t at;

        while (run.recorded.event[begin].type != EVENT_tree_begin)
                begin--;
        at = recorded_next(&run.recorded, EVENT_tree_max, begin);
        assert_true(at < end_of(&run, begin));
        recorded_drop(&run.recorded, at);
        assert_finds(&run, end_of(&run, begin), "says the largest gap on its");
}

/* --- what operations say ---------------------------------------------------------------------------------- */

static void a_refusal_while_a_hole_exists_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 45);

        while (*field(&run, at, EVENT_FIELD(tree_end, result)) != ERROR_NO_MEMORY)
                at = recorded_next(&run.recorded, EVENT_tree_end, at + 1);
        while (run.recorded.event[at].type != EVENT_tree_begin)
                at--;
        *field(&run, at, EVENT_FIELD(tree_begin, size)) = PAGE_SIZE;
        assert_finds(&run, end_of(&run, at), "said no_memory, but a hole exists: 4 KiB fit at");
}

static void overlap_where_nothing_is_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 45);

        while (*field(&run, at, EVENT_FIELD(tree_end, result)) != ERROR_OVERLAP)
                at = recorded_next(&run.recorded, EVENT_tree_end, at + 1);
        while (run.recorded.event[at].type != EVENT_tree_begin)
                at--;
        *field(&run, at, EVENT_FIELD(tree_begin, address)) = 0x10f000;
        *field(&run, at, EVENT_FIELD(tree_begin, size)) = PAGE_SIZE;
        assert_finds(&run, end_of(&run, at), "said overlap, but nothing is in the way");
}

static void a_wrong_answer_of_find_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 0);

        while (*field(&run, at, EVENT_FIELD(tree_begin, kind)) != FIND)
                at = recorded_next(&run.recorded, EVENT_tree_begin, at + 1);
        at = recorded_next(&run.recorded, EVENT_tree_begin, at + 1);
        *field(&run, end_of(&run, at), EVENT_FIELD(tree_end, region)) = 1;
        *field(&run, end_of(&run, at), EVENT_FIELD(tree_end, result)) = ERROR_OK;
        assert_finds(&run, end_of(&run, at), "found region 1 for 0x10ffff, but nothing is there");
}

static void an_operation_left_out_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 30), end = end_of(&run, at);

        for (size_t i = at; i <= end; i++)
                recorded_drop(&run.recorded, at);
        at = recorded_next(&run.recorded, EVENT_tree_begin, at);
        assert_finds(&run, at, "should be next");
}

/* --- memory and time -------------------------------------------------------------------------------------- */

static void an_allocation_inside_an_operation_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_link, 9);
        struct recorded_event allocation = { .type = EVENT_kmalloc_allocated, .field = { 0x1000, 64, PURPOSE_ANY } };

        recorded_insert(&run.recorded, at, &allocation);
        assert_finds(&run, at, "kmalloc_allocated inside the operation");
}

static void a_change_outside_operations_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 9) + 1;
        struct recorded_event change = { .type = EVENT_tree_colour };

        change.field[EVENT_FIELD(tree_colour, tree)] = *field(&run, at - 1, EVENT_FIELD(tree_end, tree));
        change.field[EVENT_FIELD(tree_colour, region)] = *field(&run, at - 1, EVENT_FIELD(tree_end, region));
        change.field[EVENT_FIELD(tree_colour, colour)] = RED;
        recorded_insert(&run.recorded, at, &change);
        assert_finds(&run, at, "tree_colour outside any operation");
}

static void a_region_freed_while_linked_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 9) + 1;
        struct recorded_event freed = { .type = EVENT_region_freed };

        freed.field[0] = *field(&run, at - 1, EVENT_FIELD(tree_end, region));
        recorded_insert(&run.recorded, at, &freed);
        assert_finds(&run, at, "is freed while linked in tree");
}

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
                struct run run = record();
                size_t at = recorded_nth(&run.recorded, EVENT_keyframe_node, 5);

                *field(&run, at, changes[i].field) ^= 1;
                assert_finds(&run, at, changes[i].words);
        }
}

static void a_node_missing_from_a_keyframe_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t end = recorded_nth(&run.recorded, EVENT_keyframe_end, 0);

        recorded_drop(&run.recorded, end - 1);          /* the last one shown has no children */
        assert_finds(&run, end - 1, "changed unseen: in memory the number of nodes is");
}

static void a_stranger_in_a_keyframe_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = recorded_nth(&run.recorded, EVENT_keyframe_end, 0) - 1;

        *field(&run, at, EVENT_FIELD(keyframe_node, region)) = 4711;
        assert_finds(&run, at, "changed unseen: in memory node 4711");
}

/* --- the end, and what never arrived ---------------------------------------------------------------------- */

static void a_missing_end_is_found([[maybe_unused]] void **state)
{
        struct run run = record();

        run.recorded.count--;
        stream_put_together(&run.bytes, &run.recorded);
        assert_finds_in(&run.bytes, 0, "cut short");
        done(&run);
}

static void a_wrong_total_at_the_end_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = run.recorded.count - 1;

        *field(&run, at, EVENT_FIELD(end, events)) = 0;
        assert_finds(&run, at, "the end speaks of 0 events, but their numbers go up to");
}

static void an_event_after_the_end_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        struct recorded_event extra = { .type = EVENT_clock };

        recorded_insert(&run.recorded, run.recorded.count, &extra);
        assert_finds(&run, run.recorded.count - 1, "clock after the end");
}

static void a_failed_verdict_is_found([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t at = run.recorded.count - 1;

        *field(&run, at, EVENT_FIELD(end, verdict)) = VERDICT_FAILED;
        assert_finds(&run, at, "the run's own verdict is failed");
}

static void a_mismatch_a_failed_case_and_a_panic_are_found([[maybe_unused]] void **state)
{
        static const struct recorded_event events[] = {
                { .type = EVENT_script_mismatch, .field = { 7, ERROR_OK, 0x1000, ERROR_NO_MEMORY, 0 } },
                { .type = EVENT_case_end, .field = { 0, VERDICT_FAILED }, .text = "place_works" },
                { .type = EVENT_panicked, .text = "out of \x1b[31mideas" },
        };
        static const char *const words[] = {
                "the outcome is ok 0x1000, but the script expects no_memory 0x0",
                "test case place_works failed",
                "the kernel panicked: out of ?[31mideas",
        };

        for (size_t i = 0; i < 3; i++) {
                struct run run = record();

                recorded_insert(&run.recorded, run.recorded.count - 1, &events[i]);
                assert_finds(&run, run.recorded.count - 2, words[i]);
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
        struct run run = record();
        struct check *check;

        cut_frame(&run.bytes, 20);
        check = check_bytes(&run.bytes);
        assert_int_equal(check_findings(check), 1);
        assert_non_null(strstr(check_finding(check, 0)->words, "missing; unknown from there until the keyframe at event"));
        check_destroy(check);
        done(&run);
}

static void the_event_is_named_with_script_line_and_operation([[maybe_unused]] void **state)
{
        struct run run = record();
        size_t begin = recorded_nth(&run.recorded, EVENT_tree_begin, 5);
        struct recorded_event script = { .type = EVENT_script_begin, .field = { 1 }, .text = "python3.ops" };
        struct recorded_event line = { .type = EVENT_script_line, .field = { 31 } };
        uint64_t size = *field(&run, begin, EVENT_FIELD(tree_begin, size)) / 1024;
        char words[128];
        size_t end;

        recorded_insert(&run.recorded, begin, &line);
        recorded_insert(&run.recorded, begin, &script);
        end = end_of(&run, begin);
        *field(&run, end, EVENT_FIELD(tree_end, address)) = 0;
        snprintf(words, sizeof words, "event %zu (tree %lu, operation 6: place_anywhere %lu KiB, python3.ops line 31): placed at 0x0, but",
                 end + 1, (unsigned long)*field(&run, end, EVENT_FIELD(tree_end, tree)), (unsigned long)size);
        assert_finds(&run, end, words);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_good_run_passes),
                cmocka_unit_test(a_run_taken_apart_and_put_together_passes),
                cmocka_unit_test(a_rotation_to_the_other_side_is_found),
                cmocka_unit_test(a_rotation_of_another_node_is_found),
                cmocka_unit_test(a_dropped_recolouring_is_found),
                cmocka_unit_test(every_dropped_recolouring_is_found_in_its_operation),
                cmocka_unit_test(a_link_on_the_other_side_is_found),
                cmocka_unit_test(a_region_moved_onto_its_neighbour_is_found),
                cmocka_unit_test(a_region_that_lies_where_it_was_not_placed_is_found),
                cmocka_unit_test(a_wrong_gap_is_found),
                cmocka_unit_test(a_dropped_largest_gap_is_found),
                cmocka_unit_test(a_refusal_while_a_hole_exists_is_found),
                cmocka_unit_test(overlap_where_nothing_is_is_found),
                cmocka_unit_test(a_wrong_answer_of_find_is_found),
                cmocka_unit_test(an_operation_left_out_is_found),
                cmocka_unit_test(an_allocation_inside_an_operation_is_found),
                cmocka_unit_test(a_change_outside_operations_is_found),
                cmocka_unit_test(a_region_freed_while_linked_is_found),
                cmocka_unit_test(a_keyframe_that_differs_is_found),
                cmocka_unit_test(a_node_missing_from_a_keyframe_is_found),
                cmocka_unit_test(a_stranger_in_a_keyframe_is_found),
                cmocka_unit_test(a_missing_end_is_found),
                cmocka_unit_test(a_wrong_total_at_the_end_is_found),
                cmocka_unit_test(an_event_after_the_end_is_found),
                cmocka_unit_test(a_failed_verdict_is_found),
                cmocka_unit_test(a_mismatch_a_failed_case_and_a_panic_are_found),
                cmocka_unit_test(missing_events_are_unknown_until_the_keyframe_not_wrong),
                cmocka_unit_test(the_event_is_named_with_script_line_and_operation),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
