/*
 * Check follows how early kernels look regions up: one after the other, in a list or a tree, and in the cache of the
 * region that was found last. Each test tells a short story by hand.
 */
#include "support_early.h"

/* --- lookups ---------------------------------------------------------------------------------------------- */

/* Regions 7 and 8, two pages each, at 0x10000 and 0x14000; the second hangs below the first. */
static void tell_two_regions(void)
{
        TELL(free_range_shrunk, ALLOCATOR, 0x10000, 0x12000);
        TELL(free_range_carved, ALLOCATOR, 0x14000, 0x16000);
        tell_early_placed(0x10000);
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
#define STORY(name) cmocka_unit_test_setup_teardown(name, early_set_up, early_tear_down)
        const struct CMUnitTest tests[] = {
                STORY(a_search_in_order_passes_every_region),
                STORY(a_place_behind_the_last_region_of_a_list_is_free),
                STORY(a_place_behind_another_region_is_not_the_last),
                STORY(a_list_out_of_order_is_found),
                STORY(a_list_changes_inside_operations),
                STORY(the_lookup_cache_is_right_or_found_out),
                STORY(the_lookup_cache_must_forget_what_leaves),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
