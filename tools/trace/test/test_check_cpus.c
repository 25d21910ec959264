/* The check sees to what several cpus, tasks and locks may do, and to frames: each rule is broken once here. */
#include "support_run.h"

/* Adds events to a run before its last keyframe; the first finding must be at the last of them, and say `words`. */
static void assert_found(const struct recorded_event *events, size_t count, const char *words)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_keyframe_begin, 0);

        for (size_t i = 0; i < count; i++)
                recorded_insert(&run.recorded, at + i, &events[i]);
        run_assert_finds(&run, at + count - 1, words);
}

static void assert_fine(const struct recorded_event *events, size_t count)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_keyframe_begin, 0);

        for (size_t i = 0; i < count; i++)
                recorded_insert(&run.recorded, at + i, &events[i]);
        stream_put_together(&run.bytes, &run.recorded);
        assert_passes(&run.bytes);
        run_free(&run);
}

#define ON(cpu_, event, ...) { .type = EVENT_##event, .cpu = (cpu_), .field = { __VA_ARGS__ } }
#define FOUND(words, ...)                                                                                           \
        assert_found((struct recorded_event[]){ __VA_ARGS__ },                                                      \
                     sizeof((struct recorded_event[]){ __VA_ARGS__ }) / sizeof(struct recorded_event), words)
#define FINE(...)                                                                                                   \
        assert_fine((struct recorded_event[]){ __VA_ARGS__ },                                                       \
                    sizeof((struct recorded_event[]){ __VA_ARGS__ }) / sizeof(struct recorded_event))

/* --- tasks ------------------------------------------------------------------------------------------------ */

static void a_task_may_go_on_where_another_cpu_left_it([[maybe_unused]] void **state)
{
        FINE(ON(0, task_created, 7, 3, 1), ON(1, task_switched, 7), ON(1, system_call_begin, 7, SYSTEM_READ),
             ON(1, task_switched, 0), ON(0, task_woken, 7, 1), ON(2, task_switched, 7),
             ON(2, system_call_end, 7, SYSTEM_READ), ON(2, task_exited, 7, 0), ON(2, task_switched, 0));
}

static void a_task_that_runs_on_two_cpus_is_found([[maybe_unused]] void **state)
{
        FOUND("of cpu 2: task 7 runs on cpu 2, but is running on cpu 1 already", ON(0, task_created, 7, 3, 1),
              ON(1, task_switched, 7), ON(2, task_switched, 7));
}

static void a_task_that_runs_after_its_exit_is_found([[maybe_unused]] void **state)
{
        FOUND("task 7 runs on cpu 0, but has exited", ON(0, task_created, 7, 3, 1), ON(1, task_switched, 7),
              ON(1, task_exited, 7, 0), ON(1, task_switched, 0), ON(0, task_switched, 7));
}

static void a_task_that_never_came_to_be_is_found([[maybe_unused]] void **state)
{
        FOUND("task_switched: there is no task 8", ON(0, task_created, 7, 3, 1), ON(0, task_switched, 8));
        FOUND("task_woken: there is no task 8", ON(1, task_woken, 8, 1));
}

#define TASK_RUNS ON(0, task_created, 7, 3, 1), ON(0, task_switched, 7)

static void a_call_that_begins_or_ends_alone_is_found([[maybe_unused]] void **state)
{
        FINE(TASK_RUNS, ON(0, system_call_begin, 7, SYSTEM_READ), ON(0, system_call_end, 7, SYSTEM_READ));
        FOUND("begins the system call write, but is in read", TASK_RUNS, ON(0, system_call_begin, 7, SYSTEM_READ),
              ON(0, system_call_begin, 7, SYSTEM_WRITE));
        FOUND("ends the system call read, but is in none", TASK_RUNS, ON(0, system_call_end, 7, SYSTEM_READ));
}

static void a_task_that_calls_or_exits_where_it_does_not_run_is_found([[maybe_unused]] void **state)
{
        FOUND("system_call_begin of task 7, but cpu 1 runs task 0", TASK_RUNS,
              ON(1, system_call_begin, 7, SYSTEM_READ));
        FOUND("task_exited of task 7, but cpu 0 runs task 0", TASK_RUNS, ON(0, task_switched, 0),
              ON(0, task_exited, 7));
}

static void a_wake_up_that_is_not_the_next_is_found([[maybe_unused]] void **state)
{
        FINE(TASK_RUNS, ON(0, task_woken, 7, 1), ON(0, task_woken, 7, 2));
        FOUND("is woken in turn 3, but 2 should be next", TASK_RUNS, ON(0, task_woken, 7, 1), ON(0, task_woken, 7, 3));
}

/* A field of the first event of a type is altered in the recording of a right run. */
static void assert_altered_is_found(enum trace_event type, size_t field, uint64_t value, const char *words)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, type, 0);

        *run_field(&run, at, field) = value;
        run_assert_finds(&run, at, words);
}

static void what_a_keyframe_says_besides_the_nodes_is_compared([[maybe_unused]] void **state)
{
        assert_altered_is_found(EVENT_keyframe_space, EVENT_FIELD(keyframe_space, operation), 9,
                                "newest operation is 9");
        assert_altered_is_found(EVENT_keyframe_space, EVENT_FIELD(keyframe_space, in_progress), 1,
                                "in progress on the space");
        assert_altered_is_found(EVENT_keyframe_tree, EVENT_FIELD(keyframe_tree, promises), PROMISE_ORDER,
                                "its promise is order");
        assert_altered_is_found(EVENT_keyframe_tree_end, EVENT_FIELD(keyframe_tree_end, operation), 1,
                                "newest operation is 1");
}

static void a_cause_that_is_not_in_progress_is_found([[maybe_unused]] void **state)
{
        assert_altered_is_found(EVENT_tree_begin, EVENT_FIELD(tree_begin, cause), 5, "its cause is operation 5");
}

/* --- locks ------------------------------------------------------------------------------------------------ */

static void locks_taken_in_turn_pass([[maybe_unused]] void **state)
{
        FINE(ON(0, lock_released, LOCK_PIPE, 0x9000, 12, 0),               /* tracing began while it was held */
             ON(1, lock_acquired, LOCK_PIPE, 0x9000, 13), ON(0, lock_wanted, LOCK_PIPE, 0x9000),
             ON(1, lock_acquired, LOCK_KMALLOC, 0x8000, 100), ON(1, lock_released, LOCK_PIPE, 0x9000, 13, 0),
             ON(0, lock_acquired, LOCK_PIPE, 0x9000, 14), ON(1, lock_released, LOCK_KMALLOC, 0x8000, 100, 0),
             ON(0, lock_released, LOCK_PIPE, 0x9000, 14, 0),
             ON(2, lock_acquired, LOCK_FILES, 0x9000, 1),               /* another lock, where that one was */
             ON(0, lock_wanted, LOCK_PIPE, 0xa000), ON(1, lock_released, LOCK_PIPE, 0xa000, 4, 0),
             ON(0, lock_acquired, LOCK_PIPE, 0xa000, 5));
}

static void a_lock_held_by_two_is_found([[maybe_unused]] void **state)
{
        FOUND("cpu 1 acquires the lock of class pipe at 0x9000, but cpu 0 holds it",
              ON(0, lock_acquired, LOCK_PIPE, 0x9000, 1), ON(1, lock_acquired, LOCK_PIPE, 0x9000, 2));
        FOUND("cpu 0 acquires the lock of class pipe at 0x9000, but cpu 0 holds it",
              ON(0, lock_acquired, LOCK_PIPE, 0x9000, 1), ON(0, lock_acquired, LOCK_PIPE, 0x9000, 2));
}

static void a_lock_given_back_by_another_is_found([[maybe_unused]] void **state)
{
        FOUND("cpu 1 releases the lock of class pipe at 0x9000, but cpu 0 holds it",
              ON(0, lock_acquired, LOCK_PIPE, 0x9000, 1), ON(1, lock_released, LOCK_PIPE, 0x9000, 1, 0));
        FOUND("cpu 0 releases the lock of class pipe at 0x9000, but cpu 0 has released it",
              ON(0, lock_acquired, LOCK_PIPE, 0x9000, 1), ON(0, lock_released, LOCK_PIPE, 0x9000, 1, 0),
              ON(0, lock_released, LOCK_PIPE, 0x9000, 1, 0));
}

static void a_turn_left_out_is_found([[maybe_unused]] void **state)
{
        FOUND("is acquired in turn 7, but 6 should be next", ON(0, lock_acquired, LOCK_PIPE, 0x9000, 5),
              ON(0, lock_released, LOCK_PIPE, 0x9000, 5, 0), ON(1, lock_acquired, LOCK_PIPE, 0x9000, 7));
        FOUND("is acquired in turn 6, but 5 should be next", ON(0, lock_acquired, LOCK_PIPE, 0x9000, 5),
              ON(0, lock_released, LOCK_PIPE, 0x9000, 6, 0));
}

static void locks_taken_the_other_way_round_are_found([[maybe_unused]] void **state)
{
        FOUND("cpu 2 wants a lock of class pipe while it holds one of class frames; elsewhere",
              ON(2, lock_order_violated, LOCK_FRAMES, LOCK_PIPE));
}

/* --- frames ----------------------------------------------------------------------------------------------- */

static void frames_that_come_and_go_pass([[maybe_unused]] void **state)
{
        FINE(ON(0, frame_allocated, 0x6000, PURPOSE_USER_PAGE),
             ON(0, page_fault, 1, 0x1000, ACCESS_WRITE, FAULT_FILLED, 0, 0x6000),
             ON(1, frame_allocated, 0x7000, PURPOSE_USER_PAGE),
             ON(1, page_fault, 2, 0x1000, ACCESS_WRITE, FAULT_COPIED, 0, 0x7000),
             ON(0, page_fault, 1, 0x1008, ACCESS_WRITE, FAULT_SOLE, 0, 0x6000),
             ON(2, page_fault, 3, 0x1000, ACCESS_READ, FAULT_SHARED, 0, 0x6000), ON(1, frame_freed, 0x6000),
             ON(2, frame_allocated, 0x6000, PURPOSE_USER_PAGE),
             ON(2, page_fault, 1, 0x1000, ACCESS_WRITE, FAULT_FILLED, 0, 0x6000));
}

static void a_frame_allocated_twice_is_found([[maybe_unused]] void **state)
{
        FOUND("frame 0x6000 is allocated, but is in use already", ON(0, frame_allocated, 0x6000, PURPOSE_ANY),
              ON(1, frame_allocated, 0x6000, PURPOSE_ANY));
}

static void a_frame_freed_twice_or_never_allocated_is_found([[maybe_unused]] void **state)
{
        FOUND("frame 0x6000 is freed, but is not allocated", ON(0, frame_allocated, 0x6000, PURPOSE_ANY),
              ON(1, frame_freed, 0x6000), ON(0, frame_freed, 0x6000));
        FOUND("frame 0x6000 is freed, but is not allocated", ON(0, frame_freed, 0x6000));
}

static void a_copy_that_is_the_old_frame_is_found([[maybe_unused]] void **state)
{
        FOUND("the fault at 0x1008 is copied with frame 0x6000, which is the old one",
              ON(0, frame_allocated, 0x6000, PURPOSE_USER_PAGE),
              ON(0, page_fault, 1, 0x1000, ACCESS_READ, FAULT_FILLED, 0, 0x6000),
              ON(1, page_fault, 1, 0x1008, ACCESS_WRITE, FAULT_COPIED, 0, 0x6000));
        FOUND("the fault at 0x1000 is filled with frame 0x6000, which is in use elsewhere",
              ON(0, frame_allocated, 0x6000, PURPOSE_USER_PAGE),
              ON(0, page_fault, 1, 0x1000, ACCESS_READ, FAULT_FILLED, 0, 0x6000),
              ON(1, page_fault, 2, 0x1000, ACCESS_WRITE, FAULT_FILLED, 0, 0x6000));
        FOUND("the fault at 0x1000 is copied with frame 0x6000, which is free",
              ON(0, frame_allocated, 0x6000, PURPOSE_USER_PAGE), ON(0, frame_freed, 0x6000),
              ON(1, page_fault, 2, 0x1000, ACCESS_WRITE, FAULT_COPIED, 0, 0x6000));
}

/* --- trees of several cpus -------------------------------------------------------------------------------- */

static void work_on_three_cpus(void)
{
        struct region *region[30];
        struct rng rng;

        rng_seed(&rng, 4);
        for (size_t i = 0; i < 30; i++) {
                play_on((unsigned)rng_below(&rng, 3));
                region[i] = play_place(1 + rng_below(&rng, 6));
        }
        for (size_t i = 0; i < 30; i += 1 + rng_below(&rng, 3)) {
                play_on((unsigned)rng_below(&rng, 3));
                play_remove(region[i]);
        }
}

static void a_tree_that_three_cpus_work_on_passes([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        stream_record(&bytes, work_on_three_cpus);
        assert_passes(&bytes);
        bytes_free(&bytes);
}

/* Two operations of two cpus trade places in time: that is no fault of the tree's. */
static void operations_out_of_order_are_clock_disorder([[maybe_unused]] void **state)
{
        struct run run = { 0 };
        size_t first, second, end;

        stream_record(&run.bytes, work_on_three_cpus);
        stream_take_apart(&run.recorded, &run.bytes);
        first = recorded_nth(&run.recorded, EVENT_tree_begin, 10);
        second = recorded_next(&run.recorded, EVENT_tree_begin, first + 1);
        end = run_end_of(&run, second);
        for (size_t i = second; i <= end; i++) {
                struct recorded_event event = run.recorded.event[i];

                event.cpu = 3;
                recorded_drop(&run.recorded, i);
                recorded_insert(&run.recorded, first + i - second, &event);
        }
        run_assert_finds(&run, first,
                         "clock disorder: by time operation 12 begins now, on cpu 3, but 11 should be next");
}

static void two_cpus_at_work_in_one_space_are_found([[maybe_unused]] void **state)
{
        uint64_t space = play_space();

        FOUND("begins on cpu 1 while one is in progress on cpu 0",
              ON(0, space_begin, space + 1, 1, UNMAP, 0x10ff000, PAGE_SIZE),
              ON(1, space_begin, space + 1, 2, UNMAP, 0x10ff000, PAGE_SIZE));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_task_may_go_on_where_another_cpu_left_it),
                cmocka_unit_test(a_call_that_begins_or_ends_alone_is_found),
                cmocka_unit_test(a_task_that_calls_or_exits_where_it_does_not_run_is_found),
                cmocka_unit_test(a_wake_up_that_is_not_the_next_is_found),
                cmocka_unit_test(what_a_keyframe_says_besides_the_nodes_is_compared),
                cmocka_unit_test(a_cause_that_is_not_in_progress_is_found),
                cmocka_unit_test(a_task_that_runs_on_two_cpus_is_found),
                cmocka_unit_test(a_task_that_runs_after_its_exit_is_found),
                cmocka_unit_test(a_task_that_never_came_to_be_is_found),
                cmocka_unit_test(locks_taken_in_turn_pass),
                cmocka_unit_test(a_lock_held_by_two_is_found),
                cmocka_unit_test(a_lock_given_back_by_another_is_found),
                cmocka_unit_test(a_turn_left_out_is_found),
                cmocka_unit_test(locks_taken_the_other_way_round_are_found),
                cmocka_unit_test(frames_that_come_and_go_pass),
                cmocka_unit_test(a_frame_allocated_twice_is_found),
                cmocka_unit_test(a_frame_freed_twice_or_never_allocated_is_found),
                cmocka_unit_test(a_copy_that_is_the_old_frame_is_found),
                cmocka_unit_test(a_tree_that_three_cpus_work_on_passes),
                cmocka_unit_test(operations_out_of_order_are_clock_disorder),
                cmocka_unit_test(two_cpus_at_work_in_one_space_are_found),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
