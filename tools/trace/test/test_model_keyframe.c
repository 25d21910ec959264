/*
 * The model takes over what a keyframe shows, and nothing of one that contradicts itself. After a loss all is unknown
 * until a keyframe. Each test tells a short story by hand.
 */
#include "support_model.h"

/* Tree 1 in space 5, in memory: 2 above 1 and 3. */
static void tell_keyframe(void)
{
        TELL(keyframe_begin, 1);
        TELL_TEXT(keyframe_space, "init", 5, 1);
        TELL(keyframe_tree, 1, 77, 0x10000, 0x200000, 3, 2, 4);
        TELL(keyframe_node, 1, 2, 0, LEFT, BLACK, 0x20000, 0x21000, PROTECT_READ, 0, 0, 1, 2, 3);
        TELL(keyframe_node, 1, 1, 2, LEFT, RED, 0x10000, 0x11000, PROTECT_READ, 0, 0, 0, 0, 0);
        TELL(keyframe_node, 1, 3, 2, RIGHT, RED, 0x30000, 0x31000, PROTECT_WRITE, 1, 2, 0, 0, 0);
        TELL(keyframe_end, 3);
}

static void a_keyframe_shows_what_was_never_told([[maybe_unused]] void **state)
{
        tell_keyframe();
        assert_shape("2b(1r,3r)");
        assert_int_equal(model_tree(model, 1)->operations, 77);
        assert_int_equal(model_tree(model, 1)->tail_gap, 4);
        assert_int_equal(model_tree(model, 1)->space, 5);
        assert_int_equal(model_region(model, 3)->protection, PROTECT_WRITE);
        assert_int_equal(model_footprint(model_region(model, 3)).base, 0x2f000);
        assert_int_equal(model_footprint(model_region(model, 3)).end, 0x33000);
        assert_int_equal(model_subtree_gap(model_region(model, 2)), 3);
}

/* Region 9 was on its way into the tree when the keyframe was made. The event that created it is missing. */
static void a_region_that_was_in_no_tree_is_met_when_it_is_linked([[maybe_unused]] void **state)
{
        model_lost(model, 1);
        tell_keyframe();
        TELL(tree_begin, 1, 78, 0, PLACE_ANYWHERE, 9, 0x1000, 0x1000, 0, 0, 0x10000, 0x200000, 0);
        TELL(region_changed, 9, 0, 0, 0, 0x80000, 0x81000, PROTECT_READ, 0, 0);
        TELL(tree_link, 1, 9, 3, RIGHT);
        assert_shape("2b(1r,3r(,9r))");
        assert_int_equal(model_region(model, 9)->range.base, 0x80000);
        assert_string_equal(model_region(model, 9)->name, "");
        TELL(tree_unlink, 1, 9);
        TELL(region_freed, 9);
        TELL(region_freed, 10);                 /* it was in no tree either */
}

/* If its range is missing, too, the tree is unknown. */
static void a_tree_with_a_region_of_unknown_range_is_unknown([[maybe_unused]] void **state)
{
        model_lost(model, 1);
        tell_keyframe();
        TELL(tree_begin, 1, 78, 0, PLACE_ANYWHERE, 9, 0x1000, 0x1000, 0, 0, 0x10000, 0x200000, 0);
        TELL(tree_link, 1, 9, 3, RIGHT);
        assert_true(model_tree(model, 1)->unknown);
        assert_null(model_tree(model, 1)->root);
}

static void after_a_loss_all_is_unknown_until_a_keyframe([[maybe_unused]] void **state)
{
        tell_tree(3);
        TELL(tree_link, 1, 3, 0, LEFT);
        model_lost(model, 30);
        model_lost(model, 40);
        assert_int_equal(model_unknown_since(model), 30);
        assert_true(model_tree(model, 1)->unknown);
        TELL(tree_rotate, 1, 99, LEFT);         /* cannot be, but who knows */
        TELL(region_freed, 12345);
        assert_int_equal(model_unknown_since(model), 30);
        tell_keyframe();
        assert_int_equal(model_unknown_since(model), 0);
        assert_false(model_tree(model, 1)->unknown);
        assert_shape("2b(1r,3r)");
        REFUSED("there is no region 99", tree_rotate, 1, 99, LEFT);
}

static void an_event_says_itself_what_is_missing_before_it([[maybe_unused]] void **state)
{
        struct event event = { .type = EVENT_clock, .number = 20, .missing = 5 };

        tell_tree(0);
        assert_int_equal(model_apply(model, &event).code, ERROR_OK);
        assert_int_equal(model_unknown_since(model), 15);
}

static void a_keyframe_that_cannot_be_is_refused_whole([[maybe_unused]] void **state)
{
        static const uint64_t bad_nodes[][5] = {
                { 2, 7, 0, LEFT, RED },         /* another tree */
                { 1, 2, 1, LEFT, RED },         /* twice */
                { 1, 7, 8, LEFT, RED },         /* an unknown parent */
                { 1, 7, 0, LEFT, RED },         /* a second root */
                { 1, 7, 2, LEFT, RED },         /* where another is */
                { 1, 7, 2, 2, RED },            /* no side */
                { 1, 7, 2, RIGHT, 2 },          /* no colour */
                { 1, 0, 2, RIGHT, RED },        /* a region that does not exist */
        };

        for (size_t i = 0; i < sizeof bad_nodes / sizeof bad_nodes[0]; i++) {
                TELL(keyframe_begin, 1);
                TELL(keyframe_tree, 1, 77, 0x10000, 0x200000, 2, 2, 4);
                TELL(keyframe_node, 1, 2, 0, LEFT, BLACK, 0x20000, 0x21000, PROTECT_READ, 0, 0, 1, 2, 3);
                TELL(keyframe_node, 1, 1, 2, LEFT, RED, 0x10000, 0x11000, PROTECT_READ, 0, 0, 0, 0, 0);
                assert_int_equal(tell_model_event(EVENT_keyframe_node, NULL, bad_nodes[i], 5).code, ERROR_BAD_INPUT);
                REFUSED("none has begun or it was refused", keyframe_end, 2);
                assert_null(model_tree(model, 1));
        }
        TELL(keyframe_begin, 0);
        REFUSED("says it has 4 nodes, but shows 0", keyframe_end, 4);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, model_set_up, model_tear_down)
        const struct CMUnitTest tests[] = {
                STORY(a_keyframe_shows_what_was_never_told),
                STORY(a_region_that_was_in_no_tree_is_met_when_it_is_linked),
                STORY(a_tree_with_a_region_of_unknown_range_is_unknown),
                STORY(after_a_loss_all_is_unknown_until_a_keyframe),
                STORY(an_event_says_itself_what_is_missing_before_it),
                STORY(a_keyframe_that_cannot_be_is_refused_whole),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
