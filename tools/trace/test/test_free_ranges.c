/*
 * The model follows the free ranges of an early kernel's allocator, and check reports where the allocator and the
 * regions first disagree. Each test tells a short story by hand.
 */
#include "support_early.h"

#include <stdio.h>

static void assert_free(const char *expected)
{
        const struct model_allocator *allocator = model_allocator(check_model(check), ALLOCATOR);
        char text[200] = "", *out = text;

        for (size_t i = 0; i < allocator->count; i++)
                out += sprintf(out, "%s%lx-%lx", i ? " " : "", allocator->free[i].base, allocator->free[i].end);
        assert_string_equal(text, expected);
}

/* --- free ranges ------------------------------------------------------------------------------------------ */

static void free_ranges_are_cut_and_joined([[maybe_unused]] void **state)
{
        assert_free("10000-20000");
        TELL(free_range_carved, ALLOCATOR, 0x14000, 0x16000);
        assert_free("10000-14000 16000-20000");
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x11000);
        TELL(free_range_shrunk, ALLOCATOR, 0x1f000, 0x20000);
        assert_free("11000-14000 16000-1f000");
        TELL(free_range_removed, ALLOCATOR, 0x11000, 0x14000);
        assert_free("16000-1f000");
        TELL(free_range_added, ALLOCATOR, 0x11000, 0x12000);
        TELL(free_range_merged, ALLOCATOR, 0x12000, 0x16000);
        assert_free("11000-1f000");
        assert_no_finding();
}

static void taking_what_is_not_free_is_found([[maybe_unused]] void **state)
{
        TELL(free_range_carved, ALLOCATOR, 0x14000, 0x16000);
        TELL(free_range_shrunk, ALLOCATOR, 0x15000, 0x17000);
        assert_finding("0x15000 to 0x17000 is taken from the free addresses, but not all of it is free");
}

static void freeing_what_is_free_is_found([[maybe_unused]] void **state)
{
        TELL(free_range_carved, ALLOCATOR, 0x14000, 0x16000);
        TELL(free_range_merged, ALLOCATOR, 0x15000, 0x17000);
        assert_finding("0x15000 to 0x17000 is freed, but 0x16000 is free already");
}

static void an_event_that_names_another_change_is_found([[maybe_unused]] void **state)
{
        TELL(free_range_shrunk, ALLOCATOR, 0x14000, 0x16000);
        assert_finding("0x14000 to 0x16000 is taken from the free range 0x10000 to 0x20000, and that is not what the event");
}

/* --- two authorities -------------------------------------------------------------------------------------- */

static void two_authorities_that_agree_are_fine([[maybe_unused]] void **state)
{
        tell_early_begin();
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, QUESTION_PLACE, 0, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_ALLOCATOR, ERROR_OK, 0x10000);
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x12000);
        tell_early_placed(0x10000);
        tell_early_end(0x10000);
        assert_no_finding();
}

static void a_region_where_the_allocator_is_free_is_found([[maybe_unused]] void **state)
{
        tell_early_begin();
        tell_early_placed(0x14000);
        tell_early_end(0x14000);
        assert_finding("the allocator has 0x14000 to 0x16000 free, but region 7 \"heap\" is there");
}

static void no_region_where_the_allocator_is_not_free_is_found([[maybe_unused]] void **state)
{
        tell_early_begin();
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x13000);
        tell_early_placed(0x10000);
        tell_early_end(0x10000);
        assert_finding("no region is at 0x12000 to 0x13000, but the allocator does not have it free");
}

static void an_answer_of_the_regions_that_the_allocator_denies_is_found([[maybe_unused]] void **state)
{
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x11000);
        tell_early_begin();
        TELL(authority_asked, TREE, AUTHORITY_REGIONS, QUESTION_PLACE, 0, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_REGIONS, ERROR_OK, 0x10000);
        assert_finding("the regions answer that 0x10000 to 0x12000 is free, but for the allocator it is not");
}

static void an_answer_of_the_allocator_that_a_region_denies_is_found([[maybe_unused]] void **state)
{
        tell_early_begin();
        tell_early_placed(0x10000);
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, QUESTION_PLACE, 0, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_ALLOCATOR, ERROR_OK, 0x11000);
        assert_finding("the allocator answers that 0x11000 to 0x13000 is free, but region 7 \"heap\" is there");
}

static void a_placed_region_that_the_allocator_refuses_is_found([[maybe_unused]] void **state)
{
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x11000);
        tell_early_begin();
        tell_early_placed(0x10000);
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, QUESTION_TAKE, 0x10000, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_ALLOCATOR, ERROR_OVERLAP, 0);
        assert_finding("region 7 was placed at 0x10000 to 0x12000, but for the allocator that is not free");
}

static void ask(enum question question, uint64_t base, enum error_code result)
{
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, question, base, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_ALLOCATOR, result, base);
}

static void an_answer_that_the_free_ranges_deny_is_found([[maybe_unused]] void **state)
{
        ask(QUESTION_TAKE, 0x14000, ERROR_OK);
        assert_finding("the allocator was asked for 0x14000 to 0x16000, which is taken, but is still free");
}

static void a_refusal_of_what_is_free_is_found([[maybe_unused]] void **state)
{
        ask(QUESTION_TAKE, 0x14000, ERROR_OVERLAP);
        assert_finding("the allocator was asked for 0x14000 to 0x16000, which is refused, but it was free");
}

static void a_question_without_an_answer_is_found([[maybe_unused]] void **state)
{
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, QUESTION_TAKE, 0x14000, 0x2000);
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, QUESTION_TAKE, 0x16000, 0x2000);
        assert_finding("an authority is asked, but the question of event ");
}

/* --- promises --------------------------------------------------------------------------------------------- */

static void a_tree_without_gaps_has_those_between_its_regions([[maybe_unused]] void **state)
{
        const struct model_tree *tree = model_tree(check_model(check), TREE);

        assert_int_equal(model_gap(tree, NULL), 16);
        tell_early_begin();
        tell_early_placed(0x14000);
        assert_int_equal(model_gap(tree, model_region(check_model(check), 7)), 4);
        assert_int_equal(model_gap(tree, NULL), 10);
        assert_no_finding();
}

/* A red root breaks a rule, but only as long as the tree promises to be balanced. */
static void a_tree_may_promise_balance_until_a_node_is_unlinked([[maybe_unused]] void **state)
{
        enum { AT_FIRST = 2 };

        TELL(tree_created, AT_FIRST, 0x10000, 0x20000, PROMISE_BALANCE_AT_FIRST);
        TELL_TEXT(region_created, "a", 8);
        TELL(tree_begin, AT_FIRST, 1, 0, PLACE_SPECIFICALLY, 8, 0x1000, 0x1000, 0, 0, 0x10000, 0x20000, 0x10000);
        TELL(region_changed, 8, 0, 0, PROTECT_READ, 0x10000, 0x11000, PROTECT_READ, 0, 0);
        TELL(tree_link, AT_FIRST, 8, 0, LEFT);
        TELL(tree_colour, AT_FIRST, 8, BLACK);
        TELL(tree_end, AT_FIRST, 1, ERROR_OK, 8, 0x10000);
        TELL(tree_begin, AT_FIRST, 2, 0, RESIZE, 8, 0x2000, 0x1000, 0, 0, 0x10000, 0x20000, 0x10000);
        TELL(tree_unlink, AT_FIRST, 8);
        TELL(region_changed, 8, 0x10000, 0x11000, PROTECT_READ, 0x10000, 0x12000, PROTECT_READ, 0, 0);
        TELL(tree_link, AT_FIRST, 8, 0, LEFT);
        TELL(tree_end, AT_FIRST, 2, ERROR_OK, 8, 0x10000);
        assert_no_finding();
        assert_int_equal(model_tree(check_model(check), AT_FIRST)->promises, PROMISE_ORDER);
}

static void a_balance_that_is_promised_at_first_is_checked([[maybe_unused]] void **state)
{
        enum { AT_FIRST = 2 };

        TELL(tree_created, AT_FIRST, 0x10000, 0x20000, PROMISE_BALANCE_AT_FIRST);
        TELL_TEXT(region_created, "a", 8);
        TELL(tree_begin, AT_FIRST, 1, 0, PLACE_SPECIFICALLY, 8, 0x1000, 0x1000, 0, 0, 0x10000, 0x20000, 0x10000);
        TELL(region_changed, 8, 0, 0, PROTECT_READ, 0x10000, 0x11000, PROTECT_READ, 0, 0);
        TELL(tree_link, AT_FIRST, 8, 0, LEFT);
        TELL(tree_end, AT_FIRST, 1, ERROR_OK, 8, 0x10000);
        assert_finding("the root, node 8, is red");
}

/* --- holes that are refused ------------------------------------------------------------------------------- */

/*
 * Two pages at 0x14000 are there; two more, aligned to 32 KiB, are wanted between 0x18000 and 0x20000. The hole
 * below is visited.
 */
static void tell_visit_of_a_hole_outside_the_window(enum decision decision)
{
        TELL(free_range_carved, ALLOCATOR, 0x14000, 0x16000);
        tell_early_placed(0x14000);
        TELL(tree_begin, TREE, 2, 1, PLACE_ANYWHERE, 8, 0x2000, 0x8000, 0, 0, 0x18000, 0x20000, 0);
        TELL(tree_visit, TREE, 7, decision, SKIPPED_NONE);
}

static void a_hole_outside_the_window_is_no_misaligned_one([[maybe_unused]] void **state)
{
        tell_visit_of_a_hole_outside_the_window(MISALIGNED);
        assert_finding("the visit of region 7 \"heap\" calls the gap misaligned, but too little of it lies inside the window");
}

static void a_hole_outside_the_window_is_called_so([[maybe_unused]] void **state)
{
        tell_visit_of_a_hole_outside_the_window(OUTSIDE_WINDOW);
        assert_no_finding();
        TELL(tree_visit, TREE, 0, OUTSIDE_WINDOW, SKIPPED_NONE);
        assert_finding("the visit of the tail gap calls the gap outside the window, but enough of it lies inside");
}

static void a_hole_that_fits_is_not_misaligned([[maybe_unused]] void **state)
{
        tell_visit_of_a_hole_outside_the_window(OUTSIDE_WINDOW);
        TELL(tree_visit, TREE, 0, MISALIGNED, SKIPPED_NONE);
        assert_finding("the visit of the tail gap calls the gap misaligned, which it is not");
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, early_set_up, early_tear_down)
        const struct CMUnitTest tests[] = {
                STORY(free_ranges_are_cut_and_joined),
                STORY(taking_what_is_not_free_is_found),
                STORY(freeing_what_is_free_is_found),
                STORY(an_event_that_names_another_change_is_found),
                STORY(two_authorities_that_agree_are_fine),
                STORY(a_region_where_the_allocator_is_free_is_found),
                STORY(no_region_where_the_allocator_is_not_free_is_found),
                STORY(an_answer_of_the_regions_that_the_allocator_denies_is_found),
                STORY(an_answer_of_the_allocator_that_a_region_denies_is_found),
                STORY(a_placed_region_that_the_allocator_refuses_is_found),
                STORY(an_answer_that_the_free_ranges_deny_is_found),
                STORY(a_refusal_of_what_is_free_is_found),
                STORY(a_question_without_an_answer_is_found),
                STORY(a_tree_without_gaps_has_those_between_its_regions),
                STORY(a_tree_may_promise_balance_until_a_node_is_unlinked),
                STORY(a_balance_that_is_promised_at_first_is_checked),
                STORY(a_hole_outside_the_window_is_no_misaligned_one),
                STORY(a_hole_outside_the_window_is_called_so),
                STORY(a_hole_that_fits_is_not_misaligned),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
