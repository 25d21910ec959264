/* Who waits for whom, and the order of lock classes, as events tell. */
#include "analysis/locks.h"
#include "base/error_message.h"
#include "support_run.h"

#include <stdio.h>
#include <unistd.h>

#define ON(cpu_, event, ...) { .type = EVENT_##event, .cpu = (cpu_), .field = { __VA_ARGS__ } }
#define READ(event, ...)                                                                                            \
        read_run((struct recorded_event[]){ __VA_ARGS__ },                                                          \
                 sizeof((struct recorded_event[]){ __VA_ARGS__ }) / sizeof(struct recorded_event), event)

/* The number of the first of these events in the run. */
static uint64_t first;

/*
 * Adds events to a run before its last keyframe, and reads it: up to the n-th of them, or (0) as locks_read() chooses.
 */
static struct locks *read_run(const struct recorded_event *events, size_t count, uint64_t nth)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_keyframe_begin, 0);
        char path[] = "/tmp/understory-locks-XXXXXX";
        int file = mkstemp(path);
        struct locks *locks;

        assert_true(file >= 0);
        for (size_t i = 0; i < count; i++)
                recorded_insert(&run.recorded, at + i, &events[i]);
        stream_put_together(&run.bytes, &run.recorded);
        first = at + 1;
        assert_int_equal(write(file, run.bytes.at, run.bytes.length), run.bytes.length);
        close(file);
        if (locks_read(path, nth ? at + nth : 0, &locks).code)
                fail_msg("%s", error_message());
        unlink(path);
        run_free(&run);
        return locks;
}

static void a_cycle_of_three_processors_is_found([[maybe_unused]] void **state)
{
        struct locks *locks = READ(0, ON(0, lock_acquired, LOCK_PIPE, 0xa, 1), ON(1, lock_acquired, LOCK_FILES, 0xb, 1),
                                   ON(2, lock_acquired, LOCK_OBJECT, 0xc, 1), ON(0, lock_wanted, LOCK_FILES, 0xb),
                                   ON(3, lock_wanted, LOCK_PIPE, 0xa), ON(1, lock_wanted, LOCK_OBJECT, 0xc),
                                   ON(2, lock_wanted, LOCK_PIPE, 0xa));

        assert_int_equal(locks->moment, LOCKS_AT_CYCLE);
        assert_int_equal(locks->event, first + 6);
        assert_int_equal(locks->waiting, 4);
        assert_int_equal(locks->cycle, 3);
        assert_int_equal(locks->in_cycle[0], 0);
        assert_int_equal(locks->in_cycle[1], 1);
        assert_int_equal(locks->in_cycle[2], 2);
        assert_true(locks->cpu[3].waits && !locks->cpu[3].is_in_cycle);
        assert_int_equal(locks->cpu[2].holder, 0);
        assert_int_equal(locks->cpu[2].wanted.since, first + 6);
        assert_int_equal(locks->cpu[0].hold[0].since, first);
        /* The third edge closes the cycle of classes as well. */
        assert_int_equal(locks->violation.event, first + 6);
        assert_int_equal(locks->violation.steps, 3);
        locks_free(locks);
}

static void a_processor_that_waits_for_its_own_lock_is_a_cycle_of_one([[maybe_unused]] void **state)
{
        struct locks *locks = READ(0, ON(1, lock_acquired, LOCK_PIPE, 0xa, 1), ON(1, lock_wanted, LOCK_PIPE, 0xa));

        assert_int_equal(locks->cycle, 1);
        assert_int_equal(locks->in_cycle[0], 1);
        assert_int_equal(locks->violation.steps, 1);
        locks_free(locks);
}

static void a_chain_is_no_cycle_and_the_most_waiting_are_shown([[maybe_unused]] void **state)
{
        struct locks *locks =
                READ(0, ON(0, lock_acquired, LOCK_PIPE, 0xa, 1), ON(1, lock_acquired, LOCK_FILES, 0xb, 1),
                     ON(1, lock_wanted, LOCK_PIPE, 0xa), ON(2, lock_wanted, LOCK_FILES, 0xb),
                     ON(0, lock_released, LOCK_PIPE, 0xa, 1, 0), ON(1, lock_acquired, LOCK_PIPE, 0xa, 2),
                     ON(1, lock_released, LOCK_PIPE, 0xa, 2, 0), ON(1, lock_released, LOCK_FILES, 0xb, 1, 0),
                     ON(2, lock_acquired, LOCK_FILES, 0xb, 2));

        assert_int_equal(locks->moment, LOCKS_AT_MOST_WAITING);
        assert_int_equal(locks->event, first + 3);
        assert_int_equal(locks->cycle, 0);
        assert_int_equal(locks->violation.event, 0);
        assert_int_equal(locks->edge[LOCK_FILES][LOCK_PIPE].count, 1);
        locks_free(locks);
}

static void at_the_event_that_was_asked_for_the_wait_is_over([[maybe_unused]] void **state)
{
        struct locks *locks = READ(4, ON(0, lock_acquired, LOCK_PIPE, 0xa, 1), ON(1, lock_wanted, LOCK_PIPE, 0xa),
                                   ON(0, lock_released, LOCK_PIPE, 0xa, 1, 0), ON(1, lock_acquired, LOCK_PIPE, 0xa, 2));

        assert_int_equal(locks->moment, LOCKS_AS_ASKED);
        assert_int_equal(locks->waiting, 0);
        assert_int_equal(locks->cpu[0].held, 0);
        assert_int_equal(locks->cpu[1].held, 1);
        locks_free(locks);
}

/* The order is a way: memory before kmalloc before the heap; then memory is wanted while the heap is held. */
static void the_first_edge_that_leads_back_is_the_violation([[maybe_unused]] void **state)
{
        struct locks *locks = READ(
                0, ON(0, lock_acquired, LOCK_KERNEL_MEMORY, 0xa, 1), ON(0, lock_acquired, LOCK_KMALLOC, 0xb, 1),
                ON(0, lock_released, LOCK_KMALLOC, 0xb, 1, 0), ON(0, lock_released, LOCK_KERNEL_MEMORY, 0xa, 1, 0),
                ON(1, lock_acquired, LOCK_KMALLOC, 0xb, 2), ON(1, lock_acquired, LOCK_RANGE_ALLOCATOR, 0xc, 1),
                ON(1, lock_released, LOCK_RANGE_ALLOCATOR, 0xc, 1, 0), ON(1, lock_released, LOCK_KMALLOC, 0xb, 2, 0),
                ON(2, lock_acquired, LOCK_RANGE_ALLOCATOR, 0xc, 2), ON(2, lock_acquired, LOCK_KERNEL_MEMORY, 0xa, 2),
                ON(2, lock_released, LOCK_KERNEL_MEMORY, 0xa, 2, 0), ON(2, lock_acquired, LOCK_KMALLOC, 0xb, 3));
        const struct lock_violation *violation = &locks->violation;

        assert_int_equal(locks->moment, LOCKS_AT_VIOLATION);
        assert_int_equal(violation->event, first + 9);
        assert_int_equal(violation->cpu, 2);
        assert_int_equal(violation->held, LOCK_RANGE_ALLOCATOR);
        assert_int_equal(violation->wanted, LOCK_KERNEL_MEMORY);
        assert_false(violation->was_found_by_kernel);
        assert_int_equal(violation->steps, 3);
        assert_int_equal(violation->step[1], LOCK_KMALLOC);
        assert_int_equal(violation->others, 1);
        locks_free(locks);
}

static void what_the_kernel_finds_is_the_violation_even_without_events_of_locks([[maybe_unused]] void **state)
{
        struct locks *locks = READ(0, ON(1, lock_order_violated, LOCK_KMALLOC, LOCK_FRAMES));

        assert_false(locks->has_events);
        assert_true(locks->violation.was_found_by_kernel);
        assert_int_equal(locks->violation.event, first);
        assert_int_equal(locks->violation.steps, 0);
        locks_free(locks);
}

static void an_edge_that_others_imply_is_known([[maybe_unused]] void **state)
{
        struct locks *locks = READ(0, ON(0, lock_acquired, LOCK_PIPE, 0xa, 1), ON(0, lock_acquired, LOCK_FILES, 0xb, 1),
                                   ON(0, lock_acquired, LOCK_OBJECT, 0xc, 1));

        assert_int_equal(locks->edge[LOCK_PIPE][LOCK_OBJECT].count, 1);
        assert_true(locks_is_implied(locks, LOCK_PIPE, LOCK_OBJECT));
        assert_false(locks_is_implied(locks, LOCK_PIPE, LOCK_FILES));
        assert_false(locks_is_implied(locks, LOCK_FILES, LOCK_OBJECT));
        locks_free(locks);
}

static void a_file_that_is_not_there_is_refused([[maybe_unused]] void **state)
{
        struct locks *locks;

        assert_int_equal(locks_read("/nowhere", 0, &locks).code, ERROR_IO);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_cycle_of_three_processors_is_found),
                cmocka_unit_test(a_processor_that_waits_for_its_own_lock_is_a_cycle_of_one),
                cmocka_unit_test(a_chain_is_no_cycle_and_the_most_waiting_are_shown),
                cmocka_unit_test(at_the_event_that_was_asked_for_the_wait_is_over),
                cmocka_unit_test(the_first_edge_that_leads_back_is_the_violation),
                cmocka_unit_test(what_the_kernel_finds_is_the_violation_even_without_events_of_locks),
                cmocka_unit_test(an_edge_that_others_imply_is_known),
                cmocka_unit_test(a_file_that_is_not_there_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
