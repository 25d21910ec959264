/* The check passes what a tree did right, and names the first wrong event of an operation that was tampered with. */
#include "support_run.h"

/* --- what is right ---------------------------------------------------------------------------------------- */

static void a_good_run_passes([[maybe_unused]] void **state)
{
        struct run run = run_record();

        assert_passes(&run.bytes);
        run_free(&run);
}

static void a_run_taken_apart_and_put_together_passes([[maybe_unused]] void **state)
{
        struct run run = run_record();

        stream_put_together(&run.bytes, &run.recorded);
        assert_passes(&run.bytes);
        run_free(&run);
}

/* --- links and colours ------------------------------------------------------------------------------------ */

static void a_rotation_to_the_other_side_is_found([[maybe_unused]] void **state)
{
        struct run first = run_record();
        size_t rotations = 0;

        for (size_t i = 0; i < first.recorded.count; i++)
                rotations += first.recorded.event[i].type == EVENT_tree_rotate;
        assert_true(rotations > 10);
        for (size_t n = 0; n < rotations; n++) {
                struct run run = run_record();
                size_t at = recorded_nth(&run.recorded, EVENT_tree_rotate, n);
                struct check *check;

                *run_field(&run, at, EVENT_FIELD(tree_rotate, side)) ^= 1;
                stream_put_together(&run.bytes, &run.recorded);
                check = check_bytes(&run.bytes);
                /* Impossible, and then named at once; or possible, but then the tree breaks a rule in the end. */
                assert_true(check_findings(check) > 0);
                assert_true(check_finding(check, 0)->event >= at + 1 &&
                            check_finding(check, 0)->event <= run_end_of(&run, at) + 1);
                check_destroy(check);
                run_free(&run);
        }
        run_free(&first);
}

static void a_rotation_of_another_node_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_rotate, 0);

        *run_field(&run, at, EVENT_FIELD(tree_rotate, region)) = 777;
        run_assert_finds(&run, at, "tree_rotate: there is no region 777");
}

static void a_dropped_recolouring_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t link = recorded_nth(&run.recorded, EVENT_tree_link, 2);
        size_t at = recorded_next(&run.recorded, EVENT_tree_colour, link);

        recorded_drop(&run.recorded, at);
        run_assert_finds(&run, run_end_of(&run, at), "is red");
}

static void every_dropped_recolouring_is_found_in_its_operation([[maybe_unused]] void **state)
{
        struct run first = run_record();

        for (size_t at = 0; at < first.recorded.count; at++) {
                struct run run;
                struct check *check;

                if (first.recorded.event[at].type != EVENT_tree_colour)
                        continue;
                run = run_record();
                recorded_drop(&run.recorded, at);
                stream_put_together(&run.bytes, &run.recorded);
                check = check_bytes(&run.bytes);
                /* When the operation ends, or at once if the node is then given a colour that it has. */
                if (!check_findings(check))
                        fail_msg("nothing was found without event %zu", at + 1);
                assert_true(check_finding(check, 0)->event > at &&
                            check_finding(check, 0)->event <= run_end_of(&run, at) + 1);
                check_destroy(check);
                run_free(&run);
        }
        run_free(&first);
}

static void a_link_on_the_other_side_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_link, 1);

        *run_field(&run, at, EVENT_FIELD(tree_link, side)) ^= 1;
        run_assert_finds(&run, run_end_of(&run, at), "out of order");
}

/* --- ranges and gaps -------------------------------------------------------------------------------------- */

static void a_region_moved_onto_its_neighbour_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_region_changed, 20), end = run_end_of(&run, at);

        *run_field(&run, at, EVENT_FIELD(region_changed, base)) -= PAGE_SIZE;
        *run_field(&run, at, EVENT_FIELD(region_changed, end)) -= PAGE_SIZE;
        *run_field(&run, end, EVENT_FIELD(tree_end, address)) -= PAGE_SIZE;
        run_assert_finds(&run, end, "overlaps node");
}

static void a_region_that_lies_where_it_was_not_placed_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 4);

        *run_field(&run, at, EVENT_FIELD(tree_end, address)) += PAGE_SIZE;
        run_assert_finds(&run, at, "but the lowest place that fits is");
}

static void a_wrong_gap_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_gap, 30);

        *run_field(&run, at, EVENT_FIELD(tree_gap, gap)) += 1;
        stream_put_together(&run.bytes, &run.recorded);
        assert_finds(&run.bytes, run_end_of(&run, at) + 1, "gap");
        run_free(&run);
}

static void a_dropped_largest_gap_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t remove = recorded_nth(&run.recorded, EVENT_tree_unlink, 3), begin = remove;
        size_t at;

        while (run.recorded.event[begin].type != EVENT_tree_begin)
                begin--;
        at = recorded_next(&run.recorded, EVENT_tree_max, begin);
        assert_true(at < run_end_of(&run, begin));
        recorded_drop(&run.recorded, at);
        run_assert_finds(&run, run_end_of(&run, begin), "says the largest gap on its");
}

/* --- what operations say ---------------------------------------------------------------------------------- */

/* Of the operation that begins at a position: they would contradict the altered request before its end does. */
static void drop_visits(struct run *run, size_t begin)
{
        for (size_t i = run_end_of(run, begin); i > begin; i--)
                if (run->recorded.event[i].type == EVENT_tree_visit)
                        recorded_drop(&run->recorded, i);
}

static void a_refusal_while_a_hole_exists_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 45);

        while (*run_field(&run, at, EVENT_FIELD(tree_end, result)) != ERROR_NO_MEMORY)
                at = recorded_next(&run.recorded, EVENT_tree_end, at + 1);
        while (run.recorded.event[at].type != EVENT_tree_begin)
                at--;
        *run_field(&run, at, EVENT_FIELD(tree_begin, size)) = PAGE_SIZE;
        drop_visits(&run, at);
        run_assert_finds(&run, run_end_of(&run, at), "said no_memory, but a hole exists: 4 KiB fit at");
}

static void overlap_where_nothing_is_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 45);

        while (*run_field(&run, at, EVENT_FIELD(tree_end, result)) != ERROR_OVERLAP)
                at = recorded_next(&run.recorded, EVENT_tree_end, at + 1);
        while (run.recorded.event[at].type != EVENT_tree_begin)
                at--;
        *run_field(&run, at, EVENT_FIELD(tree_begin, address)) = 0x10f000;
        *run_field(&run, at, EVENT_FIELD(tree_begin, size)) = PAGE_SIZE;
        drop_visits(&run, at);
        run_assert_finds(&run, run_end_of(&run, at), "said overlap, but nothing is in the way");
}

static void a_wrong_answer_of_find_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 0);

        while (*run_field(&run, at, EVENT_FIELD(tree_begin, kind)) != FIND)
                at = recorded_next(&run.recorded, EVENT_tree_begin, at + 1);
        at = recorded_next(&run.recorded, EVENT_tree_begin, at + 1);
        *run_field(&run, run_end_of(&run, at), EVENT_FIELD(tree_end, region)) = 1;
        *run_field(&run, run_end_of(&run, at), EVENT_FIELD(tree_end, result)) = ERROR_OK;
        run_assert_finds(&run, run_end_of(&run, at), "found region 1 for 0x10ffff, but nothing is there");
}

static void an_operation_left_out_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 30), end = run_end_of(&run, at);

        for (size_t i = at; i <= end; i++)
                recorded_drop(&run.recorded, at);
        at = recorded_next(&run.recorded, EVENT_tree_begin, at);
        run_assert_finds(&run, at, "should be next");
}

/* --- memory and time -------------------------------------------------------------------------------------- */

static void an_allocation_inside_an_operation_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_link, 9);
        struct recorded_event allocation = { .type = EVENT_kmalloc_allocated, .field = { 0x1000, 64, PURPOSE_ANY } };

        recorded_insert(&run.recorded, at, &allocation);
        run_assert_finds(&run, at, "kmalloc_allocated inside the operation");
}

static void a_change_outside_operations_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 9) + 1;
        struct recorded_event change = { .type = EVENT_tree_colour };

        change.field[EVENT_FIELD(tree_colour, tree)] = *run_field(&run, at - 1, EVENT_FIELD(tree_end, tree));
        change.field[EVENT_FIELD(tree_colour, region)] = *run_field(&run, at - 1, EVENT_FIELD(tree_end, region));
        change.field[EVENT_FIELD(tree_colour, colour)] = RED;
        recorded_insert(&run.recorded, at, &change);
        run_assert_finds(&run, at, "tree_colour outside any operation");
}

static void a_region_freed_while_linked_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_end, 9) + 1;
        struct recorded_event freed = { .type = EVENT_region_freed };

        freed.field[0] = *run_field(&run, at - 1, EVENT_FIELD(tree_end, region));
        recorded_insert(&run.recorded, at, &freed);
        run_assert_finds(&run, at, "is freed while linked in tree");
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
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
