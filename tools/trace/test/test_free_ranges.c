/*
 * The model follows the free ranges of an early kernel's allocator, and check reports where the allocator and the regions
 * first disagree. Each test tells a short story by hand.
 */
#include "check.h"
#include "schema.h"
#include "support_stream.h"

#include <stdio.h>

enum { TREE = 1, SPACE = 1, ALLOCATOR = 5 };

static struct check *check;
static uint64_t number;

/* --- telling ---------------------------------------------------------------------------------------------- */

static void tell_event(enum trace_event type, const char *text, const uint64_t *fields, size_t count)
{
        static struct event_schema schema = { .name = (char *)(uintptr_t)"event" };
        struct event event = { .type = type, .number = ++number, .cpu_number = number, .text = text, .schema = &schema };

        memcpy(event.field, fields, count * sizeof *fields);
        assert_int_equal(check_event(check, &event).code, ERROR_OK);
}

#define FIELDS(...) ((uint64_t[]){ __VA_ARGS__ })
#define TELL_TEXT(type, text, ...) tell_event(EVENT_##type, text, FIELDS(__VA_ARGS__), sizeof FIELDS(__VA_ARGS__) / 8)
#define TELL(type, ...) TELL_TEXT(type, NULL, __VA_ARGS__)

/* A space of 0x10000 to 0x20000, all of it free, whose tree keeps no gaps. */
static int set_up([[maybe_unused]] void **state)
{
        number = 0;
        if (check_create(EVERY_EVENT_COUNTS, &check).code)
                return -1;
        TELL(tree_created, TREE, 0x10000, 0x20000, PROMISE_BALANCE);
        TELL_TEXT(space_created, "play", SPACE, TREE);
        TELL(allocator_created, ALLOCATOR, TREE, 0x10000, 0x20000);
        TELL(free_range_added, ALLOCATOR, 0x10000, 0x20000);
        return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
        check_destroy(check);
        return 0;
}

static void assert_free(const char *expected)
{
        const struct model_allocator *allocator = model_allocator(check_model(check), ALLOCATOR);
        char text[200] = "", *out = text;

        for (size_t i = 0; i < allocator->count; i++)
                out += sprintf(out, "%s%lx-%lx", i ? " " : "", allocator->free[i].base, allocator->free[i].end);
        assert_string_equal(text, expected);
}

static void assert_finding(const char *words)
{
        if (check_findings(check) != 1 || !strstr(check_finding(check, 0)->words, words))
                fail_msg("%zu findings, expected \"%s\" in: %s", check_findings(check), words,
                         check_findings(check) ? check_finding(check, 0)->words : "nothing");
        assert_int_equal(check_finding(check, 0)->event, number);
}

static void assert_no_finding(void)
{
        assert_string_equal(check_findings(check) ? check_finding(check, 0)->words : "", "");
}

static void tell_space_begin(void)
{
        TELL(space_begin, SPACE, 1, MAP, 0, 0x2000, PROTECT_READ);
}

static void tell_space_end(uint64_t base)
{
        TELL(space_end, SPACE, 1, ERROR_OK, base);
}

/* Region 7, two pages at `base`, is placed as the root. */
static void tell_placed(uint64_t base)
{
        TELL_TEXT(region_created, "heap", 7);
        TELL(tree_begin, TREE, 1, 1, PLACE_SPECIFICALLY, 7, 0x2000, 0x1000, 0, 0, 0x10000, 0x20000, base);
        TELL(region_changed, 7, 0, 0, PROTECT_READ, base, base + 0x2000, PROTECT_READ, 0, 0);
        TELL(tree_link, TREE, 7, 0, LEFT);
        TELL(tree_colour, TREE, 7, BLACK);
        TELL(tree_end, TREE, 1, ERROR_OK, 7, base);
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
        tell_space_begin();
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, QUESTION_PLACE, 0, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_ALLOCATOR, ERROR_OK, 0x10000);
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x12000);
        tell_placed(0x10000);
        tell_space_end(0x10000);
        assert_no_finding();
}

static void a_region_where_the_allocator_is_free_is_found([[maybe_unused]] void **state)
{
        tell_space_begin();
        tell_placed(0x14000);
        tell_space_end(0x14000);
        assert_finding("the allocator has 0x14000 to 0x16000 free, but region 7 \"heap\" is there");
}

static void no_region_where_the_allocator_is_not_free_is_found([[maybe_unused]] void **state)
{
        tell_space_begin();
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x13000);
        tell_placed(0x10000);
        tell_space_end(0x10000);
        assert_finding("no region is at 0x12000 to 0x13000, but the allocator does not have it free");
}

static void an_answer_of_the_regions_that_the_allocator_denies_is_found([[maybe_unused]] void **state)
{
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x11000);
        tell_space_begin();
        TELL(authority_asked, TREE, AUTHORITY_REGIONS, QUESTION_PLACE, 0, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_REGIONS, ERROR_OK, 0x10000);
        assert_finding("the regions answer that 0x10000 to 0x12000 is free, but for the allocator it is not");
}

static void an_answer_of_the_allocator_that_a_region_denies_is_found([[maybe_unused]] void **state)
{
        tell_space_begin();
        tell_placed(0x10000);
        TELL(authority_asked, TREE, AUTHORITY_ALLOCATOR, QUESTION_PLACE, 0, 0x2000);
        TELL(authority_answered, TREE, AUTHORITY_ALLOCATOR, ERROR_OK, 0x11000);
        assert_finding("the allocator answers that 0x11000 to 0x13000 is free, but region 7 \"heap\" is there");
}

static void a_placed_region_that_the_allocator_refuses_is_found([[maybe_unused]] void **state)
{
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x11000);
        tell_space_begin();
        tell_placed(0x10000);
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
        tell_space_begin();
        tell_placed(0x14000);
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

/* Two pages at 0x14000 are there; two more, aligned to 32 KiB, are wanted between 0x18000 and 0x20000. The hole below is visited. */
static void tell_visit_of_a_hole_outside_the_window(enum decision decision)
{
        TELL(free_range_carved, ALLOCATOR, 0x14000, 0x16000);
        tell_placed(0x14000);
        TELL(tree_begin, TREE, 2, 1, PLACE_ANYWHERE, 8, 0x2000, 0x8000, 0, 0, 0x18000, 0x20000, 0);
        TELL(tree_visit, TREE, 7, decision, SKIPPED_NONE);
}

static void a_hole_outside_the_window_is_no_misaligned_one([[maybe_unused]] void **state)
{
        tell_visit_of_a_hole_outside_the_window(MISALIGNED);
        assert_finding("the visit of region 7 calls the gap misaligned, but too little of it lies inside the window");
}

static void a_hole_outside_the_window_is_called_so([[maybe_unused]] void **state)
{
        tell_visit_of_a_hole_outside_the_window(OUTSIDE_WINDOW);
        assert_no_finding();
        TELL(tree_visit, TREE, 0, OUTSIDE_WINDOW, SKIPPED_NONE);
        assert_finding("the visit of region 0 calls the gap outside the window, but enough of it lies inside");
}

static void a_hole_that_fits_is_not_misaligned([[maybe_unused]] void **state)
{
        tell_visit_of_a_hole_outside_the_window(OUTSIDE_WINDOW);
        TELL(tree_visit, TREE, 0, MISALIGNED, SKIPPED_NONE);
        assert_finding("the visit of region 0 calls the gap misaligned, which it is not");
}

/* --- lookups ---------------------------------------------------------------------------------------------- */

/* Regions 7 and 8, two pages each, at 0x10000 and 0x14000; the second hangs below the first. */
static void tell_two_regions(void)
{
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x12000);
        TELL(free_range_carved, ALLOCATOR, 0x14000, 0x16000);
        tell_placed(0x10000);
        TELL_TEXT(region_created, "stack", 8);
        TELL(tree_begin, TREE, 2, 1, PLACE_SPECIFICALLY, 8, 0x2000, 0x1000, 0, 0, 0x10000, 0x20000, 0x14000);
        TELL(region_changed, 8, 0, 0, PROTECT_READ, 0x14000, 0x16000, PROTECT_READ, 0, 0);
        TELL(tree_link, TREE, 8, 7, RIGHT);
        TELL(tree_end, TREE, 2, ERROR_OK, 8, 0x14000);
}

static void tell_find(uint64_t operation, uint64_t address)
{
        TELL(tree_begin, TREE, operation, 1, FIND, 0, 1, 1, 0, 0, 0x10000, 0x20000, address);
}

static void a_search_in_order_passes_every_region([[maybe_unused]] void **state)
{
        tell_two_regions();
        tell_find(3, 0x14000);
        TELL(list_visit, TREE, 7, ADDRESS_RIGHT);
        TELL(list_visit, TREE, 8, FOUND);
        TELL(tree_end, TREE, 3, ERROR_OK, 8, 0x14000);
        assert_no_finding();
        tell_find(4, 0x17000);
        TELL(list_visit, TREE, 8, ADDRESS_RIGHT);
        assert_finding("the visit of region 8 comes where region 7 is next in order");
}

/* --- lists ------------------------------------------------------------------------------------------------ */

/* A list of one region, 8, of two pages at 0x14000. */
enum { LIST = 2 };

static void tell_list(void)
{
        TELL(list_created, LIST, 0x10000, 0x20000, PROMISE_ORDER);
        TELL_TEXT(region_created, "stack", 8);
        TELL(tree_begin, LIST, 1, 0, PLACE_SPECIFICALLY, 8, 0x2000, 0x1000, 0, 0, 0x10000, 0x20000, 0x14000);
        TELL(list_visit, LIST, 0, FREE);
        TELL(region_changed, 8, 0, 0, PROTECT_READ, 0x14000, 0x16000, PROTECT_READ, 0, 0);
        TELL(list_link, LIST, 8, 0);
        TELL(tree_end, LIST, 1, ERROR_OK, 8, 0x14000);
        TELL_TEXT(region_created, "heap", 9);
}

/* Region 9, a page, is placed behind region 8. */
static void tell_second_in_list(uint64_t base)
{
        TELL(tree_begin, LIST, 2, 0, PLACE_SPECIFICALLY, 9, 0x1000, 0x1000, 0, 0, 0x10000, 0x20000, base);
        TELL(list_visit, LIST, 8, ADDRESS_RIGHT);
        TELL(list_visit, LIST, 0, FREE);
        TELL(region_changed, 9, 0, 0, PROTECT_READ, base, base + 0x1000, PROTECT_READ, 0, 0);
        TELL(list_link, LIST, 9, 8);
        TELL(tree_end, LIST, 2, ERROR_OK, 9, base);
}

static void a_place_behind_the_last_region_of_a_list_is_free([[maybe_unused]] void **state)
{
        tell_list();
        tell_second_in_list(0x18000);
        assert_no_finding();
}

static void a_place_behind_another_region_is_not_the_last([[maybe_unused]] void **state)
{
        tell_list();
        TELL(tree_begin, LIST, 2, 0, PLACE_SPECIFICALLY, 9, 0x1000, 0x1000, 0, 0, 0x10000, 0x20000, 0x11000);
        TELL(list_visit, LIST, 0, FREE);
        assert_finding("the visit of region 0 comes where region 8 is next in order");
}

static void a_list_out_of_order_is_found([[maybe_unused]] void **state)
{
        tell_list();
        tell_second_in_list(0x10000);
        assert_finding("out of order");
}

static void a_list_changes_inside_operations([[maybe_unused]] void **state)
{
        tell_list();
        TELL(list_unlink, LIST, 8);
        assert_finding("event outside any operation");
}

/* --- the lookup cache ------------------------------------------------------------------------------------- */

static void the_lookup_cache_is_right_or_found_out([[maybe_unused]] void **state)
{
        tell_two_regions();
        tell_find(3, 0x10000);
        TELL(lookup_hit, TREE, 7, 0x10000);
        TELL(tree_end, TREE, 3, ERROR_OK, 7, 0x10000);
        assert_no_finding();
        tell_find(4, 0x14000);
        TELL(lookup_hit, TREE, 7, 0x14000);
        assert_finding("the lookup cache answers with region 7, which does not have the address 0x14000");
}

static void the_lookup_cache_must_forget_what_leaves([[maybe_unused]] void **state)
{
        tell_two_regions();
        TELL(tree_begin, TREE, 3, 1, REMOVE, 8, 0x2000, 0x1000, 0, 0, 0x10000, 0x20000, 0x14000);
        TELL(tree_unlink, TREE, 8);
        TELL(tree_end, TREE, 3, ERROR_OK, 8, 0x14000);
        tell_find(4, 0x14000);
        TELL(lookup_hit, TREE, 8, 0x14000);
        assert_finding("the lookup cache answers with region 8, which is not in the tree any more");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(free_ranges_are_cut_and_joined, set_up, tear_down),
                cmocka_unit_test_setup_teardown(taking_what_is_not_free_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(freeing_what_is_free_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(an_event_that_names_another_change_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(two_authorities_that_agree_are_fine, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_region_where_the_allocator_is_free_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(no_region_where_the_allocator_is_not_free_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(an_answer_of_the_regions_that_the_allocator_denies_is_found, set_up,
                                                tear_down),
                cmocka_unit_test_setup_teardown(an_answer_of_the_allocator_that_a_region_denies_is_found, set_up,
                                                tear_down),
                cmocka_unit_test_setup_teardown(a_placed_region_that_the_allocator_refuses_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(an_answer_that_the_free_ranges_deny_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_refusal_of_what_is_free_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_question_without_an_answer_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_tree_may_promise_balance_until_a_node_is_unlinked, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_balance_that_is_promised_at_first_is_checked, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_hole_outside_the_window_is_no_misaligned_one, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_hole_outside_the_window_is_called_so, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_hole_that_fits_is_not_misaligned, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_search_in_order_passes_every_region, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_place_behind_the_last_region_of_a_list_is_free, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_place_behind_another_region_is_not_the_last, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_list_out_of_order_is_found, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_list_changes_inside_operations, set_up, tear_down),
                cmocka_unit_test_setup_teardown(the_lookup_cache_is_right_or_found_out, set_up, tear_down),
                cmocka_unit_test_setup_teardown(the_lookup_cache_must_forget_what_leaves, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_tree_without_gaps_has_those_between_its_regions, set_up, tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
