/*
 * What the model knows after events went missing: a tree that its next operation proves untouched, and no other. Each
 * test tells a short story by hand: tree 1, of space 5, is worked on by cpus 0 and 1.
 */
#include "model/model.h"
#include "support_stream.h"

/* --- telling ---------------------------------------------------------------------------------------------- */

static struct model *model;
static uint64_t number;
static unsigned cpu;                            /* that the next events are of */
static uint64_t missing;                        /* how many are missing before the next one */
static bool gap_elsewhere;

static struct error tell_event(enum trace_event type, const uint64_t *fields, size_t count)
{
        struct event event = {
                .type = type, .cpu = cpu, .number = number += 1 + missing, .missing = missing,
                .gap_elsewhere = gap_elsewhere,
        };

        missing = 0;
        memcpy(event.field, fields, count * sizeof *fields);
        return model_apply(model, &event);
}

#define FIELDS(...) ((uint64_t[]){ __VA_ARGS__ })
#define TELL(type, ...)                                                                                             \
        assert_int_equal(tell_event(EVENT_##type, FIELDS(__VA_ARGS__), sizeof FIELDS(__VA_ARGS__) / 8).code, ERROR_OK)

static void tell_begin(uint64_t operation, uint64_t cause, enum tree_operation kind, uint64_t region)
{
        TELL(tree_begin, 1, operation, cause, kind, region, 0x1000, 0x1000, 0, 0, 0x10000, 0x200000, 0);
}

static void tell_end(uint64_t operation)
{
        TELL(tree_end, 1, operation, ERROR_OK, 0, 0);
}

static void tell_find(uint64_t operation, uint64_t cause)
{
        tell_begin(operation, cause, FIND, 0);
        tell_end(operation);
}

/* After 41 operations the tree has region 7. Nothing is in progress. */
static int set_up([[maybe_unused]] void **state)
{
        number = cpu = 0;
        missing = 0;
        gap_elsewhere = false;
        if (model_create(&model).code)
                return -1;
        TELL(tree_created, 1, 0x10000, 0x200000, PROMISE_GAPS);
        TELL(space_created, 5, 1);
        TELL(region_created, 7);
        TELL(space_begin, 5, 30, MAP, 0, 0x1000, PROTECT_READ);
        tell_begin(41, 30, PLACE_ANYWHERE, 7);
        TELL(region_changed, 7, 0, 0, PROTECT_READ, 0x20000, 0x21000, PROTECT_READ, 0, 0);
        TELL(tree_link, 1, 7, 0, LEFT);
        tell_end(41);
        TELL(space_end, 5, 30, ERROR_OK, 0x20000);
        return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
        model_destroy(model);
        return 0;
}

/* Events are missing of a cpu; the first one after them is about nothing. */
static void lose_events_of(unsigned of_cpu)
{
        const unsigned before = cpu;

        cpu = of_cpu;
        missing = 3;
        TELL(clock, 1, 1);
        cpu = before;
}

static struct model_tree *tree(void)
{
        return model_tree(model, 1);
}

static void assert_known(enum knowledge knowledge)
{
        assert_int_equal(model_tree_knowledge(model, tree()), knowledge);
        assert_int_equal(tree()->regions, knowledge != KNOWN_NOTHING);
}

/* --- a tree's own operations ------------------------------------------------------------------------------ */

static void a_tree_that_missed_no_operation_is_as_it_was([[maybe_unused]] void **state)
{
        assert_known(KNOWN_NOW);
        lose_events_of(0);
        assert_known(KNOWN_ONCE);
        cpu = 1;
        tell_find(42, 0);
        assert_known(KNOWN_NOW);
        assert_int_equal(model_unknown_since(model), number - 2 - 3);   /* for other things may still be unknown */
}

static void a_tree_that_missed_an_operation_is_unknown([[maybe_unused]] void **state)
{
        lose_events_of(0);
        tell_find(43, 0);
        assert_known(KNOWN_NOTHING);
        tell_find(44, 0);
        assert_known(KNOWN_NOTHING);
}

static void a_tree_is_unknown_if_its_operation_began_unseen([[maybe_unused]] void **state)
{
        lose_events_of(0);
        TELL(tree_colour, 1, 7, BLACK);
        assert_known(KNOWN_NOTHING);
}

static void a_cpu_that_loses_events_leaves_its_tree_unknown([[maybe_unused]] void **state)
{
        tell_begin(42, 0, REMOVE, 7);
        lose_events_of(0);
        assert_known(KNOWN_NOTHING);
        assert_null(model_cpu(model, 0)->tree);
}

static void an_operation_of_another_cpu_goes_on([[maybe_unused]] void **state)
{
        tell_begin(42, 0, REMOVE, 7);
        lose_events_of(1);
        assert_known(KNOWN_ONCE);
        TELL(tree_colour, 1, 7, BLACK);
        assert_known(KNOWN_NOW);
        tell_end(42);
        tell_find(43, 0);
        assert_known(KNOWN_NOW);
}

static void a_search_that_is_cut_short_has_changed_nothing([[maybe_unused]] void **state)
{
        tell_begin(42, 0, FIND, 0);
        lose_events_of(0);
        assert_known(KNOWN_ONCE);
        tell_find(43, 0);
        assert_known(KNOWN_NOW);
}

/* While a gap is open, each event may come after something that is missing. */
static void during_a_gap_each_operation_proves_itself([[maybe_unused]] void **state)
{
        gap_elsewhere = true;
        tell_find(42, 0);
        assert_known(KNOWN_NOW);
        TELL(clock, 1, 1);
        assert_known(KNOWN_ONCE);
        tell_find(43, 0);
        assert_known(KNOWN_NOW);
        tell_find(45, 0);
        assert_known(KNOWN_NOTHING);
}

/* --- its space's operations ------------------------------------------------------------------------------- */

/* The protection of a region changes behind the search for it, in no operation of the tree. */
static void a_cpu_that_loses_events_leaves_its_space_unknown([[maybe_unused]] void **state)
{
        TELL(space_begin, 5, 31, PROTECT, 0x20000, 0x1000, PROTECT_NONE);
        tell_find(42, 31);
        lose_events_of(0);
        assert_known(KNOWN_NOTHING);
        assert_false(model_space(model, 5)->in_progress);
}

/* The same, but the space_begin was lost, too: the search says which operation is in progress. */
static void a_cause_says_what_is_in_progress([[maybe_unused]] void **state)
{
        lose_events_of(0);
        tell_find(42, 31);
        assert_known(KNOWN_NOW);
        assert_true(model_space(model, 5)->in_progress);
        assert_int_equal(model_space(model, 5)->operation, 31);
        lose_events_of(0);
        assert_known(KNOWN_NOTHING);
}

static void an_operation_that_ended_unseen_may_have_changed_regions([[maybe_unused]] void **state)
{
        TELL(space_begin, 5, 31, PROTECT, 0x20000, 0x1000, PROTECT_NONE);
        tell_find(42, 31);
        gap_elsewhere = true;                   /* of cpu 0 */
        cpu = 1;
        TELL(clock, 1, 1);
        assert_known(KNOWN_ONCE);
        tell_find(43, 0);
        assert_known(KNOWN_NOTHING);
}

/* Its thread was switched away from: it may go on anywhere, and so any cpu may lose events of it. */
static void an_operation_that_moves_is_cut_by_any_loss([[maybe_unused]] void **state)
{
        TELL(task_created, 9, 1, 5);
        TELL(space_begin, 5, 31, PROTECT, 0x20000, 0x1000, PROTECT_NONE);
        tell_find(42, 31);
        lose_events_of(1);
        assert_known(KNOWN_ONCE);
        TELL(task_switched, 9);
        lose_events_of(1);
        assert_known(KNOWN_NOTHING);
}

static void a_range_that_differs_shows_a_change_unseen([[maybe_unused]] void **state)
{
        lose_events_of(0);
        TELL(region_changed, 7, 0x20000, 0x21000, PROTECT_NONE, 0x20000, 0x21000, PROTECT_READ, 0, 0);
        assert_known(KNOWN_NOTHING);
        assert_int_equal(model_region(model, 7)->protection, PROTECT_READ);
}

static void a_region_that_is_linked_elsewhere_has_left([[maybe_unused]] void **state)
{
        TELL(tree_created, 2, 0x10000, 0x200000, PROMISE_GAPS);
        lose_events_of(0);
        TELL(tree_begin, 2, 1, 0, PLACE_ANYWHERE, 7, 0x1000, 0x1000, 0, 0, 0x10000, 0x200000, 0);
        TELL(tree_link, 2, 7, 0, LEFT);
        assert_known(KNOWN_NOTHING);
        assert_int_equal(model_tree_knowledge(model, model_tree(model, 2)), KNOWN_NOW);
        assert_int_equal(model_tree(model, 2)->regions, 1);
}

static void the_trees_of_early_kernels_are_unknown_at_once([[maybe_unused]] void **state)
{
        TELL(tree_created, 2, 0x10000, 0x200000, PROMISE_BALANCE);
        lose_events_of(0);
        assert_known(KNOWN_ONCE);
        assert_true(model_tree(model, 2)->unknown);
}

/* --- keyframes -------------------------------------------------------------------------------------------- */

static void tell_keyframe(uint64_t operation, uint64_t of_space)
{
        TELL(keyframe_begin, 1);
        TELL(keyframe_space, 5, 1, of_space, 0);
        TELL(keyframe_tree, 1, operation, 0x10000, 0x200000, 1, 7, 10, 1, PROMISE_GAPS);
}

static void tell_node_and_end(uint64_t operation)
{
        TELL(keyframe_node, 1, 7, 0, LEFT, BLACK, 0x20000, 0x21000, PROTECT_READ, 0, 0, 16, 0, 0);
        TELL(keyframe_tree_end, 1, operation, 1);
        TELL(keyframe_end, 1);
}

/* So it can be compared with what the keyframe shows. */
static void a_keyframe_proves_that_no_operation_was_missed([[maybe_unused]] void **state)
{
        lose_events_of(0);
        tell_keyframe(41, 30);
        assert_known(KNOWN_NOW);
        tell_node_and_end(41);
        assert_int_equal(model_unknown_since(model), 0);
}

static void a_keyframe_shows_what_was_missed([[maybe_unused]] void **state)
{
        lose_events_of(0);
        tell_keyframe(50, 33);
        assert_known(KNOWN_ONCE);
        tell_node_and_end(50);
        assert_known(KNOWN_NOW);
        assert_int_equal(tree()->operations, 50);
        assert_int_equal(model_space(model, 5)->operation, 33);
        assert_int_equal(model_unknown_since(model), 0);
}

/* Its own events are all there. But a space may have been created that it does not show. */
static void a_keyframe_during_a_gap_shows_trees_but_not_all_there_is([[maybe_unused]] void **state)
{
        lose_events_of(0);
        gap_elsewhere = true;
        tell_keyframe(50, 33);
        tell_node_and_end(50);
        tell_find(51, 0);
        assert_known(KNOWN_NOW);
        assert_int_not_equal(model_unknown_since(model), 0);
        gap_elsewhere = false;
        tell_keyframe(51, 33);
        tell_node_and_end(51);
        assert_int_equal(model_unknown_since(model), 0);
}

static void a_keyframe_that_loses_events_shows_nothing_more([[maybe_unused]] void **state)
{
        lose_events_of(0);
        tell_keyframe(50, 33);
        missing = 1;
        tell_node_and_end(50);
        assert_known(KNOWN_ONCE);
        assert_int_not_equal(model_unknown_since(model), 0);
}

/* The third attempt holds the lock, but the space was shown before the first: something may have begun since. */
static void the_last_attempt_does_not_say_what_is_in_progress([[maybe_unused]] void **state)
{
        lose_events_of(1);
        tell_keyframe(50, 33);
        cpu = 1;
        gap_elsewhere = true;
        TELL(clock, 1, 1);
        cpu = 0;
        TELL(keyframe_tree, 1, 51, 0x10000, 0x200000, 1, 7, 10, 2, PROMISE_GAPS);
        TELL(keyframe_tree, 1, 52, 0x10000, 0x200000, 1, 7, 10, 3, PROMISE_GAPS);
        tell_node_and_end(52);
        assert_int_not_equal(model_tree_knowledge(model, tree()), KNOWN_NOW);
}

static void a_task_that_a_keyframe_does_not_show_has_exited([[maybe_unused]] void **state)
{
        TELL(task_created, 9, 1, 5);
        TELL(task_created, 10, 2, 5);
        lose_events_of(0);
        TELL(keyframe_begin, 0);
        TELL(keyframe_task, 10, 2, 5, 0);
        TELL(keyframe_cpu, 0, 10);
        assert_true(model_task(model, 9)->exited);
        assert_false(model_task(model, 10)->exited);
        assert_ptr_equal(model_running(model, 0), model_task(model, 10));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        const struct CMUnitTest tests[] = {
                TEST(a_tree_that_missed_no_operation_is_as_it_was),
                TEST(a_tree_that_missed_an_operation_is_unknown),
                TEST(a_tree_is_unknown_if_its_operation_began_unseen),
                TEST(a_cpu_that_loses_events_leaves_its_tree_unknown),
                TEST(an_operation_of_another_cpu_goes_on),
                TEST(a_search_that_is_cut_short_has_changed_nothing),
                TEST(during_a_gap_each_operation_proves_itself),
                TEST(a_cpu_that_loses_events_leaves_its_space_unknown),
                TEST(a_cause_says_what_is_in_progress),
                TEST(an_operation_that_ended_unseen_may_have_changed_regions),
                TEST(an_operation_that_moves_is_cut_by_any_loss),
                TEST(a_range_that_differs_shows_a_change_unseen),
                TEST(a_region_that_is_linked_elsewhere_has_left),
                TEST(the_trees_of_early_kernels_are_unknown_at_once),
                TEST(a_keyframe_proves_that_no_operation_was_missed),
                TEST(a_keyframe_shows_what_was_missed),
                TEST(a_keyframe_during_a_gap_shows_trees_but_not_all_there_is),
                TEST(a_keyframe_that_loses_events_shows_nothing_more),
                TEST(the_last_attempt_does_not_say_what_is_in_progress),
                TEST(a_task_that_a_keyframe_does_not_show_has_exited),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
