/* The stream says which categories of events are sent: what is not sent is not missed, and all the rest is checked. */
#include "stream/event_table.h"
#include "support_run.h"

enum { ALL = (1 << CATEGORY_COUNT) - 1, NO_LOCKS = ALL & ~(1 << CATEGORY_lock) };

/* Says at a position that from now on events of these categories are sent. */
static void choose(struct run *run, size_t position, uint64_t categories)
{
        const struct recorded_event chosen = { .type = EVENT_categories_chosen, .field = { categories } };

        recorded_insert(&run->recorded, position, &chosen);
}

/* Leaves out the events from one type to another, within these positions. */
static void leave_out(struct run *run, enum trace_event first, enum trace_event last, size_t from, size_t to)
{
        for (size_t at = to; at-- > from;)
                if (run->recorded.event[at].type >= first && run->recorded.event[at].type <= last)
                        recorded_drop(&run->recorded, at);
}

static struct check_totals assert_run_passes(struct run *run)
{
        struct check_totals totals;
        struct check *check;

        stream_put_together(&run->bytes, &run->recorded);
        check = check_bytes(&run->bytes);
        if (check_findings(check))
                fail_msg("%s", check_finding(check, 0)->words);
        totals = check_totals(check);
        check_destroy(check);
        run_free(run);
        return totals;
}

static void visits_that_are_not_sent_are_not_missed([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct check_totals totals;

        leave_out(&run, EVENT_tree_visit, EVENT_tree_visit, 0, run.recorded.count);
        choose(&run, 0, NO_LOCKS & ~(1 << CATEGORY_visit));
        totals = assert_run_passes(&run);
        assert_int_equal(totals.unsent, 1 << CATEGORY_visit);
        assert_true(totals.operations > 40);
}

/* From the middle of one operation to the middle of another: of both some visits are there. */
static void visits_may_be_switched_off_and_on_inside_operations([[maybe_unused]] void **state)
{
        struct run run = run_record();
        const size_t off = recorded_nth(&run.recorded, EVENT_tree_visit, 60) + 1;
        const size_t on = recorded_nth(&run.recorded, EVENT_tree_visit, 120);

        choose(&run, on, NO_LOCKS);
        leave_out(&run, EVENT_tree_visit, EVENT_tree_visit, off, on);
        choose(&run, off, NO_LOCKS & ~(1 << CATEGORY_visit));
        assert_run_passes(&run);
}

static void visits_are_missed_once_they_are_sent_again([[maybe_unused]] void **state)
{
        struct run run = run_record();
        const size_t on = recorded_nth(&run.recorded, EVENT_tree_begin, 30);
        size_t dropped;

        choose(&run, on, NO_LOCKS);
        leave_out(&run, EVENT_tree_visit, EVENT_tree_visit, 0, on);
        choose(&run, 0, NO_LOCKS & ~(1 << CATEGORY_visit));
        dropped = recorded_nth(&run.recorded, EVENT_categories_chosen, 1);
        dropped = recorded_next(&run.recorded, EVENT_tree_visit, dropped);
        recorded_drop(&run.recorded, dropped);
        run_assert_finds(&run, dropped, "goes up before its hole was looked at");
}

static void trees_of_which_no_events_are_sent_are_unknown([[maybe_unused]] void **state)
{
        static const struct { enum category category; enum trace_event first, last; } left_out[] = {
                { CATEGORY_tree, EVENT_tree_created, EVENT_tree_max },
                { CATEGORY_region, EVENT_region_created, EVENT_region_freed },
        };

        for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
                struct run run = run_record();
                const size_t off = recorded_nth(&run.recorded, EVENT_tree_begin, 30);

                leave_out(&run, left_out[i].first, left_out[i].last, off, run.recorded.count);
                choose(&run, off, NO_LOCKS & ~(1 << left_out[i].category));
                assert_int_equal(assert_run_passes(&run).operations, 30);
        }
}

/* --- tasks in a keyframe ---------------------------------------------------------------------------------- */

#define SHOW(event, words, ...) { .type = EVENT_##event, .field = { __VA_ARGS__ }, .text = words }

static void assert_shown(const struct recorded_event shown[3], size_t wrong, const char *words)
{
        static const struct recorded_event before[] = {
                SHOW(task_created, "sh", 7, 3, 1, 2), SHOW(task_switched, "", 7),
                SHOW(system_call_begin, "", 7, SYSTEM_READ),
        };
        struct run run = run_record();
        const size_t at = recorded_nth(&run.recorded, EVENT_keyframe_begin, 0);

        for (size_t i = 0; i < 3; i++)
                recorded_insert(&run.recorded, at + 1 + i, &shown[i]);
        for (size_t i = 0; i < 3; i++)
                recorded_insert(&run.recorded, at + i, &before[i]);
        if (words)
                run_assert_finds(&run, at + 4 + wrong, words);
        else
                assert_run_passes(&run);
}

#define SHOWN(task, call, cpu, wrong, words) assert_shown((struct recorded_event[]){ task, call, cpu }, wrong, words)
#define TASK(name, ...) SHOW(keyframe_task, name, __VA_ARGS__)

static void tasks_that_a_keyframe_shows_as_they_are_pass([[maybe_unused]] void **state)
{
        SHOWN(TASK("sh", 7, 3, 1, 0, 2), SHOW(keyframe_call, "", 7, SYSTEM_READ), SHOW(keyframe_cpu, "", 0, 7),
              0, NULL);
}

static void tasks_that_changed_unseen_are_found([[maybe_unused]] void **state)
{
        const struct recorded_event right = TASK("sh", 7, 3, 1, 0, 2), call = SHOW(keyframe_call, "", 7, SYSTEM_READ);
        const struct recorded_event cpu = SHOW(keyframe_cpu, "", 0, 7);

        SHOWN(TASK("sh", 8, 3, 1, 0, 2), call, cpu, 0, "there is task 8, but by the events it was never created");
        SHOWN(TASK("sh", 7, 4, 1, 0, 2), call, cpu, 0, "of process 4 and space 1, but by the events of process 3");
        SHOWN(TASK("sh", 7, 3, 1, 1, 2), call, cpu, 0, "was woken 1 times, but by the events 0");
        SHOWN(TASK("su", 7, 3, 1, 0, 2), call, cpu, 0, "is called \"su\", but by the events \"sh\"");
        SHOWN(right, SHOW(keyframe_call, "", 7, SYSTEM_WRITE), cpu, 1,
              "is in the system call write, but by the events in read");
        SHOWN(right, call, SHOW(keyframe_cpu, "", 0, 0), 2, "cpu 0 runs task 0, but by the events task 7");
        SHOWN(SHOW(clock, "", 1, 1), SHOW(clock, "", 1, 1), cpu, 2, "there are 0 tasks, but by the events 1");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(visits_that_are_not_sent_are_not_missed),
                cmocka_unit_test(visits_may_be_switched_off_and_on_inside_operations),
                cmocka_unit_test(visits_are_missed_once_they_are_sent_again),
                cmocka_unit_test(trees_of_which_no_events_are_sent_are_unknown),
                cmocka_unit_test(tasks_that_a_keyframe_shows_as_they_are_pass),
                cmocka_unit_test(tasks_that_changed_unseen_are_found),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
