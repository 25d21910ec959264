/*
 * How two trees differ: each kind of difference, and only where there is one.
 */
#include "built_tree.h"
#include "diff/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct built_tree one, other;

static void compare(struct comparison *comparison)
{
        assert_int_equal(comparison_make(comparison, &one.tree, &other.tree).code, ERROR_OK);
}

/* The two examples, which are alike until a test changes `other`. */
static int build_both([[maybe_unused]] void **state)
{
        build_example(&one);
        build_example(&other);
        return 0;
}

static void assert_one_difference(const char *at_a, const char *at_b)
{
        struct comparison comparison;

        compare(&comparison);
        assert_int_equal(comparison.differences, 1);
        assert_string_equal(comparison.difference[0].words[SIDE_A], at_a);
        assert_string_equal(comparison.difference[0].words[SIDE_B], at_b);
        comparison_clear(&comparison);
}

static void equal_trees_do_not_differ([[maybe_unused]] void **state)
{
        struct comparison comparison;

        compare(&comparison);
        assert_int_equal(comparison.regions, 10);
        assert_int_equal(comparison.differences, 0);
        comparison_clear(&comparison);
}

static void ids_do_not_matter([[maybe_unused]] void **state)
{
        struct comparison comparison;

        for (size_t i = 0; i < 10; i++)
                other.region[i].id += 100;
        compare(&comparison);
        assert_int_equal(comparison.differences, 0);
        comparison_clear(&comparison);
}

static void a_colour_differs([[maybe_unused]] void **state)
{
        other.region[0].colour = one.region[0].colour == RED ? BLACK : RED;
        if (one.region[0].colour == RED)
                assert_one_difference("in B: black", "in A: red");
        else
                assert_one_difference("in B: red", "in A: black");
}

static void an_end_and_a_protection_differ([[maybe_unused]] void **state)
{
        one.region[4].protection = PROTECT_READ;
        other.region[4].protection = PROTECT_READ | PROTECT_WRITE;
        one.region[4].range = (struct vrange){ 0x26000, 0x28000 };
        other.region[4].range = (struct vrange){ 0x26000, 0x27000 };
        assert_one_difference("in B: 26000–27000, rw-", "in A: 26000–28000, r--");
}

static void a_stale_maximum_differs_where_all_else_is_alike([[maybe_unused]] void **state)
{
        struct comparison comparison;

        other.region[7].gap = one.region[7].gap + 1;
        compare(&comparison);
        assert_int_equal(comparison.differences, 1);
        assert_false(comparison.difference[0].is_of_space);
        assert_non_null(strstr(comparison.difference[0].words[SIDE_A], "in B: gap "));
        comparison_clear(&comparison);
}

/* With another region the gaps differ, which is no difference of its own. */
static void a_region_that_only_one_has([[maybe_unused]] void **state)
{
        struct comparison comparison;
        struct model_region *gone = model_outermost(&other.tree, RIGHT);
        enum side side = gone->parent->child[RIGHT] == gone ? RIGHT : LEFT;

        assert_null(gone->child[LEFT]);
        gone->parent->child[side] = NULL;
        gone->parent->max[side] = 0;
        other.tree.regions--;
        compare(&comparison);
        assert_int_equal(comparison.differences, 1);
        assert_string_equal(comparison.difference[0].words[SIDE_A], "only in A");
        assert_true(comparison.difference[0].region[SIDE_A] && !comparison.difference[0].region[SIDE_B]);
        assert_true(comparison.difference[0].is_of_space);
        comparison_clear(&comparison);
}

/* A rotation at the root: both nodes have other places, the subtree between them another parent. */
static void a_rotation_differs_in_three_places([[maybe_unused]] void **state)
{
        struct model_region *sinks = other.tree.root, *rises = sinks->child[RIGHT], *moves = rises->child[LEFT];
        struct comparison comparison;

        rises->child[LEFT] = sinks;
        rises->parent = NULL;
        sinks->parent = rises;
        sinks->child[RIGHT] = moves;
        moves->parent = sinks;
        other.tree.root = rises;
        compare(&comparison);
        assert_int_equal(comparison.differences, 3);
        assert_non_null(strstr(comparison.difference[2].words[SIDE_A], "in B: root"));
        comparison_clear(&comparison);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(equal_trees_do_not_differ, build_both),
                cmocka_unit_test_setup(ids_do_not_matter, build_both),
                cmocka_unit_test_setup(a_colour_differs, build_both),
                cmocka_unit_test_setup(an_end_and_a_protection_differ, build_both),
                cmocka_unit_test_setup(a_stale_maximum_differs_where_all_else_is_alike, build_both),
                cmocka_unit_test_setup(a_region_that_only_one_has, build_both),
                cmocka_unit_test_setup(a_rotation_differs_in_three_places, build_both),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
