/* The check of what events say besides links: pairs, old values, counts, times. */
#include "support_run.h"

static void insert(struct run *run, size_t position, struct recorded_event event)
{
        recorded_insert(&run->recorded, position, &event);
}

/* Puts two events in before an operation; the second must be found, with these words. */
static void assert_second_found(struct recorded_event first, struct recorded_event second, const char *words)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 3);

        if (first.type == EVENT_space_begin || first.type == EVENT_space_end)
                first.field[0] = second.field[0] = play_space();
        if (first.type == EVENT_script_begin)
                first.field[EVENT_FIELD(script_begin, space)] = play_space();
        insert(&run, at, second);
        insert(&run, at, first);
        run_assert_finds(&run, at + 1, words);
}

static void a_block_freed_that_was_not_allocated_is_found([[maybe_unused]] void **state)
{
        assert_second_found((struct recorded_event){ .type = EVENT_kmalloc_allocated, .field = { 0x7f000000, 64, 0 } },
                            (struct recorded_event){ .type = EVENT_kmalloc_freed, .field = { 0x7f002000 } },
                            "block 0x7f002000 is freed, but is not allocated");
        assert_second_found((struct recorded_event){ .type = EVENT_kmalloc_allocated, .field = { 0x7f000000, 64, 0 } },
                            (struct recorded_event){ .type = EVENT_kmalloc_allocated, .field = { 0x7f000000, 64, 0 } },
                            "block 0x7f000000 is allocated, but is in use already");
}

static void a_script_that_counts_wrong_is_found([[maybe_unused]] void **state)
{
        assert_second_found((struct recorded_event){ .type = EVENT_script_begin, .field = { 1 }, .text = "x.ops" },
                            (struct recorded_event){ .type = EVENT_script_end, .field = { 7, VERDICT_PASSED } },
                            "the script ended with 7 operations, but it had 0 lines");
}

static void an_operation_on_a_space_without_its_pair_is_found([[maybe_unused]] void **state)
{
        struct recorded_event begin = { .type = EVENT_space_begin, .field = { 1, 5, UNMAP, 0x80000, 0x1000, 0 } };
        struct recorded_event end = { .type = EVENT_space_end, .field = { 1, 6, ERROR_OK, 0x80000 } };

        assert_second_found(begin, begin, "begins, but operation 5 has not ended");
        assert_second_found(begin, end, "ends, but operation 5 is in progress");
}

static void an_operation_on_a_space_that_only_ends_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 3);
        uint64_t space = play_space();

        insert(&run, at, (struct recorded_event){ .type = EVENT_space_end, .field = { space, 5, ERROR_OK, 0x80000 } });
        insert(&run, at, (struct recorded_event){ .type = EVENT_space_end, .field = { space, 5, ERROR_OK, 0x80000 } });
        insert(&run, at, (struct recorded_event){ .type = EVENT_space_begin,
                                                  .field = { space, 5, SPACE_FIND, 0x80000, 0x1000, 0 } });
        run_assert_finds(&run, at + 2, "ends, but none is in progress");
}

static void a_system_call_that_ends_as_another_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 3);

        insert(&run, at, (struct recorded_event){ .type = EVENT_system_call_end, .field = { 3, SYSTEM_MUNMAP } });
        insert(&run, at, (struct recorded_event){ .type = EVENT_system_call_begin, .field = { 3, SYSTEM_MMAP } });
        insert(&run, at, (struct recorded_event){ .type = EVENT_task_switched, .field = { 3 } });
        insert(&run, at, (struct recorded_event){ .type = EVENT_task_created, .field = { 3, 1, 1 }, .text = "sh" });
        run_assert_finds(&run, at + 3, "task 3 ends the system call munmap, but is in mmap");
}

static void a_lock_that_changes_its_class_is_found([[maybe_unused]] void **state)
{
        assert_second_found((struct recorded_event){ .type = EVENT_lock_acquired, .field = { LOCK_PIPE, 0x1000, 4 } },
                            (struct recorded_event){ .type = EVENT_lock_released, .field = { LOCK_TEST, 0x1000, 4 } },
                            "the lock at 0x1000 is of class test, but was of class pipe");
}

static void an_old_range_that_was_another_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_region_changed, 0);
        uint64_t id = *run_field(&run, at, EVENT_FIELD(region_changed, region));
        struct recorded_event again = run.recorded.event[at];

        again.field[EVENT_FIELD(region_changed, old_base)] = again.field[EVENT_FIELD(region_changed, base)] + PAGE_SIZE;
        again.field[EVENT_FIELD(region_changed, old_end)] = again.field[EVENT_FIELD(region_changed, end)];
        again.field[EVENT_FIELD(region_changed, region)] = id;
        insert(&run, at + 1, again);
        run_assert_finds(&run, at + 1, "is said to have been");
}

static void a_visit_of_no_region_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_visit, 20);

        *run_field(&run, at, EVENT_FIELD(tree_visit, region)) = 9999;
        run_assert_finds(&run, at, "region 9999 is visited, but is not in tree");
}

static void a_fault_judged_wrong_is_found([[maybe_unused]] void **state)
{
        static const struct {
                uint64_t region, verdict;
                const char *words;
        } faults[] = {
                { 9999, FAULT_FILLED, "names region 9999, which is not in the tree" },
                { 0, FAULT_FILLED, "but names no region" },
                { 0, FAULT_GUARD, "but that is no guard of the region" },
                { 0, FAULT_NOT_ALLOWED, "but the region does not have the address" },
        };

        for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
                struct recorded_event fault = { .type = EVENT_page_fault, .field = {
                        [EVENT_FIELD(page_fault, space)] = play_space(),
                        [EVENT_FIELD(page_fault, address)] = 0x10000,
                        [EVENT_FIELD(page_fault, access)] = ACCESS_READ,
                        [EVENT_FIELD(page_fault, verdict)] = faults[i].verdict,
                        [EVENT_FIELD(page_fault, region)] = faults[i].region,
                } };
                struct run run = run_record();
                size_t at = recorded_nth(&run.recorded, EVENT_tree_begin, 3);

                fault.field[EVENT_FIELD(page_fault, space)] = play_space();
                insert(&run, at, fault);
                run_assert_finds(&run, at, faults[i].words);
        }
}

/* --- keyframes -------------------------------------------------------------------------------------------- */

static void a_keyframe_that_is_not_complete_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t end = recorded_nth(&run.recorded, EVENT_keyframe_end, 0);

        recorded_drop(&run.recorded, end);
        run_assert_finds(&run, end, "is not complete");
}

static void a_keyframe_inside_an_operation_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t keyframe = recorded_nth(&run.recorded, EVENT_keyframe_tree, 0), end = keyframe;

        while (run.recorded.event[end].type != EVENT_tree_end)
                end--;
        recorded_drop(&run.recorded, end);
        run_assert_finds(&run, keyframe - 1, "a keyframe comes before the operation has ended: there is no tree_end");
}

static void a_keyframe_that_counts_its_spaces_wrong_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();

        *run_field(&run, recorded_nth(&run.recorded, EVENT_keyframe_begin, 0), EVENT_FIELD(keyframe_begin, spaces)) += 1;
        run_assert_finds(&run, recorded_nth(&run.recorded, EVENT_keyframe_end, 0),
                         "the keyframe said that it would show");
}

/* --- times and losses ------------------------------------------------------------------------------------- */

static const char header[] = "understory-trace 1\ncategory tree\nevent tree_created tree tree:id base:address end:address\n"
                             "event tree_end tree tree:id\n";

static void time_that_goes_back_is_found([[maybe_unused]] void **state)
{
        static const uint8_t early[] = { 'E', 0, 1, 0, 90, 1, 1, 0, 2 }, late[] = { 'E', 0, 2, 0, 80, 1, 2, 0, 2 };
        struct bytes bytes = { 0 };

        stream_add_header(&bytes, header);
        stream_add_frame(&bytes, early, sizeof early);
        stream_add_frame(&bytes, late, sizeof late);
        assert_finds(&bytes, 2, "the time of cpu 0 goes back at its event 2: from 90 to 80 ticks");
        bytes_free(&bytes);
}

/* After a loss an event that cannot be carried out is no fault, and nothing may be concluded from it. */
static void a_tree_0_after_a_loss_does_no_harm([[maybe_unused]] void **state)
{
        static const uint8_t created[] = { 'E', 0, 5, 0, 90, 1, 0, 0, 2 };
        struct bytes bytes = { 0 };

        stream_add_header(&bytes, header);
        stream_add_frame(&bytes, created, sizeof created);
        assert_finds(&bytes, 1, "4 events missing; unknown from there to the end");
        bytes_free(&bytes);
}

static void a_counter_of_dropped_events_that_goes_back_is_found([[maybe_unused]] void **state)
{
        static const uint8_t first[] = { 'E', 0, 1, 5, 90, 1, 1, 0, 2 }, second[] = { 'E', 0, 2, 0, 95, 1, 2, 0, 2 };
        struct bytes bytes = { 0 };
        struct check *check;
        bool found = false;

        stream_add_header(&bytes, header);
        stream_add_frame(&bytes, first, sizeof first);
        stream_add_frame(&bytes, second, sizeof second);
        check = check_bytes(&bytes);
        for (size_t i = 0; i < check_findings(check); i++)
                found = found || strstr(check_finding(check, i)->words, "from 5 to 0 on cpu 0");
        assert_true(found);
        check_destroy(check);
        bytes_free(&bytes);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_block_freed_that_was_not_allocated_is_found),
                cmocka_unit_test(a_script_that_counts_wrong_is_found),
                cmocka_unit_test(an_operation_on_a_space_without_its_pair_is_found),
                cmocka_unit_test(an_operation_on_a_space_that_only_ends_is_found),
                cmocka_unit_test(a_system_call_that_ends_as_another_is_found),
                cmocka_unit_test(a_lock_that_changes_its_class_is_found),
                cmocka_unit_test(an_old_range_that_was_another_is_found),
                cmocka_unit_test(a_visit_of_no_region_is_found),
                cmocka_unit_test(a_fault_judged_wrong_is_found),
                cmocka_unit_test(a_keyframe_that_is_not_complete_is_found),
                cmocka_unit_test(a_keyframe_inside_an_operation_is_found),
                cmocka_unit_test(a_keyframe_that_counts_its_spaces_wrong_is_found),
                cmocka_unit_test(time_that_goes_back_is_found),
                cmocka_unit_test(a_tree_0_after_a_loss_does_no_harm),
                cmocka_unit_test(a_counter_of_dropped_events_that_goes_back_is_found),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
