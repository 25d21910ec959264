/* The model does to its trees what events say, and refuses what cannot be. Each test tells a short story by hand. */
#include "support_model.h"

/* --- nodes ------------------------------------------------------------------------------------------------ */

static void links_make_red_leaves([[maybe_unused]] void **state)
{
        tell_tree(3);
        TELL(tree_link, 1, 2, 0, LEFT);
        TELL(tree_link, 1, 1, 2, LEFT);
        TELL(tree_link, 1, 3, 2, RIGHT);
        assert_shape("2r(1r,3r)");
        assert_int_equal(model_tree(model, 1)->regions, 3);
        assert_ptr_equal(model_outermost(model_tree(model, 1), LEFT), model_region(model, 1));
        assert_ptr_equal(model_neighbour(model_region(model, 2), RIGHT), model_region(model, 3));
        assert_null(model_neighbour(model_region(model, 3), RIGHT));
        assert_int_equal(model_height(model_tree(model, 1)), 2);
        assert_int_equal(model_depth(model_region(model, 3)), 1);
}

static void impossible_links_are_refused([[maybe_unused]] void **state)
{
        tell_tree(3);
        TELL(tree_created, 2, 0x10000, 0x200000);
        REFUSED("there is no region 9", tree_link, 1, 9, 0, LEFT);
        REFUSED("there is no tree 7", tree_link, 7, 1, 0, LEFT);
        REFUSED("region 2 is not in tree 1", tree_link, 1, 1, 2, LEFT);
        TELL(tree_link, 1, 2, 0, LEFT);
        REFUSED("is in tree 1 already", tree_link, 1, 2, 0, LEFT);
        REFUSED("is linked where region 2 is", tree_link, 1, 1, 0, LEFT);
        REFUSED("neither left nor right", tree_link, 1, 1, 2, 2);
        REFUSED("region 2 is not in tree 2", tree_link, 2, 1, 2, LEFT);
        assert_shape("2r");
}

static void a_rotation_keeps_the_order([[maybe_unused]] void **state)
{
        tell_tree(5);
        TELL(tree_link, 1, 2, 0, LEFT);
        TELL(tree_link, 1, 1, 2, LEFT);
        TELL(tree_link, 1, 4, 2, RIGHT);
        TELL(tree_link, 1, 3, 4, LEFT);
        TELL(tree_link, 1, 5, 4, RIGHT);
        TELL(tree_rotate, 1, 2, LEFT);
        assert_shape("4r(2r(1r,3r),5r)");
        TELL(tree_rotate, 1, 4, RIGHT);
        assert_shape("2r(1r,4r(3r,5r))");
        REFUSED("has no left child to rise", tree_rotate, 1, 5, RIGHT);
        REFUSED("has no right child to rise", tree_rotate, 1, 5, LEFT);
}

static void an_exchange_trades_places_colours_and_largest_gaps([[maybe_unused]] void **state)
{
        tell_tree(6);
        TELL(tree_link, 1, 2, 0, LEFT);
        TELL(tree_colour, 1, 2, BLACK);
        TELL(tree_link, 1, 1, 2, LEFT);
        TELL(tree_link, 1, 5, 2, RIGHT);
        TELL(tree_link, 1, 3, 5, LEFT);
        TELL(tree_link, 1, 4, 3, RIGHT);
        TELL(tree_link, 1, 6, 5, RIGHT);
        TELL(tree_max, 1, 2, LEFT, 11);
        TELL(tree_max, 1, 2, RIGHT, 12);
        TELL(tree_gap, 1, 2, 13);
        REFUSED("is not its successor", tree_exchange, 1, 2, 4);
        REFUSED("has not two children", tree_exchange, 1, 3, 4);
        TELL(tree_exchange, 1, 2, 3);
        assert_shape("3b(1r,5r(2r(,4r),6r))");
        assert_int_equal(model_region(model, 3)->max[LEFT], 11);
        assert_int_equal(model_region(model, 3)->max[RIGHT], 12);
        assert_int_equal(model_region(model, 2)->gap, 13);
        TELL(tree_unlink, 1, 2);
        assert_shape("3b(1r,5r(4r,6r))");
        TELL(tree_exchange, 1, 3, 4);
        assert_shape("4b(1r,5r(3r,6r))");
        TELL(tree_exchange, 1, 5, 6);
        assert_shape("4b(1r,6r(3r,5r))");
        REFUSED("has two children", tree_unlink, 1, 6);
        TELL(tree_unlink, 1, 5);
        TELL(tree_unlink, 1, 6);
        assert_shape("4b(1r,3r)");
        assert_null(model_region(model, 5)->tree);
        assert_int_equal(model_tree(model, 1)->regions, 3);
}

/* --- lives ------------------------------------------------------------------------------------------------ */

static void things_come_to_be_once_and_are_gone_in_order([[maybe_unused]] void **state)
{
        tell_tree(1);
        REFUSED("there is one already", tree_created, 1, 0, 0x1000);
        REFUSED("there is one already", region_created, 1);
        REFUSED("0 means none", region_created, 0);
        TELL(tree_link, 1, 1, 0, LEFT);
        REFUSED("is freed while linked in tree 1", region_freed, 1);
        REFUSED("is destroyed while a region is linked in it", tree_destroyed, 1);
        TELL(tree_unlink, 1, 1);
        TELL(region_freed, 1);
        assert_null(model_region(model, 1));
        TELL(tree_destroyed, 1);
        assert_true(model_tree(model, 1)->gone);
        REFUSED("tree 1 was destroyed", tree_gap, 1, 0, 3);
        assert_ptr_equal(model_tree_at(model, 0), model_tree(model, 1));
        assert_null(model_tree_at(model, 1));
}

static void spaces_and_scripts_are_followed([[maybe_unused]] void **state)
{
        tell_tree(0);
        TELL_TEXT(space_created, "init", 5, 1);
        assert_string_equal(model_space(model, 5)->name, "init");
        assert_int_equal(model_tree(model, 1)->space, 5);
        assert_null(model_script_name(model));
        TELL_TEXT(script_begin, "a.ops", 5);
        TELL(script_line, 12);
        assert_int_equal(model_script_line(model), 12);
        assert_string_equal(model_script_name(model), "a.ops");
        TELL(space_begin, 5, 1, MAP, 0x1000, 0x2000, PROTECT_READ);
        assert_true(model_space(model, 5)->in_progress);
        assert_int_equal(model_space(model, 5)->size, 0x2000);
        TELL(space_end, 5, 1, ERROR_OK, 0x1000);
        assert_false(model_space(model, 5)->in_progress);
        TELL_TEXT(space_created, "copy", 6, 2);
        TELL(space_begin, 6, 1, CLONE, 0, 0, PROTECT_NONE);
        REFUSED("there is no space 7", space_cloned, 6, 7);
        TELL(space_cloned, 6, 5);
        assert_int_equal(model_space(model, 6)->parent, 5);
        TELL(space_begin, 6, 2, MAP, 0x1000, 0x2000, PROTECT_READ);
        assert_int_equal(model_space(model, 6)->parent, 0);
        TELL(script_end, 1, VERDICT_PASSED);
        assert_null(model_script_name(model));
        TELL(space_destroyed, 5);
        REFUSED("space 5 was destroyed", space_begin, 5, 2, MAP, 0, 0, 0);
}

static void operations_are_kept_with_visits_in_order([[maybe_unused]] void **state)
{
        const struct model_operation *operation;

        tell_tree(1);
        REFUSED("none is in progress", tree_end, 1, 1, ERROR_OK, 0, 0);
        TELL(tree_begin, 1, 1, 9, PLACE_NEAR, 1, 0x1000, 0x2000, 0x3000, 0x4000, 0x10000, 0x20000, 0x18000);
        operation = &model_tree(model, 1)->operation;
        assert_true(operation->in_progress);
        REFUSED("begins before operation 1 has ended", tree_begin, 1, 2, 0, FIND, 0, 0, 0, 0, 0, 0, 0, 0);
        for (uint64_t i = 0; i < 100; i++)
                TELL(tree_visit, 1, i, i % 2 ? GO_LEFT : TOO_SMALL);
        TELL(tree_link, 1, 1, 0, LEFT);
        REFUSED("operation 2 ends, but operation 1", tree_end, 1, 2, ERROR_OK, 1, 0x10000);
        TELL(tree_end, 1, 1, ERROR_OK, 1, 0x10000);
        assert_false(operation->in_progress);
        assert_int_equal(operation->visits, 100);
        assert_int_equal(operation->visit[42].region, 42);
        assert_int_equal(operation->visit[42].decision, TOO_SMALL);
        assert_int_equal(operation->cause, 9);
        assert_int_equal(operation->window.end, 0x20000);
        assert_int_equal(operation->before, 0x3000);
        assert_int_equal(operation->links, 1);
        assert_int_equal(operation->result_address, 0x10000);
}

static void a_visit_keeps_what_its_node_knew_then([[maybe_unused]] void **state)
{
        const struct model_operation *operation;

        tell_tree(2);
        TELL(tree_begin, 1, 1, 0, PLACE_RANDOM, 2, 0x1000, 0x1000, 0, 0, 0x10000, 0x200000, 0);
        operation = &model_tree(model, 1)->operation;
        assert_false(operation->was_linked);
        TELL(tree_visit, 1, 0, TOO_SMALL);
        TELL(tree_draw, 1, 0x18000);
        TELL(tree_gap, 1, 2, 5);
        TELL(tree_link, 1, 2, 0, LEFT);
        TELL(tree_visit, 1, 2, GO_LEFT);
        TELL(tree_max, 1, 2, LEFT, 7);
        TELL(tree_end, 1, 1, ERROR_OK, 2, 0x18000);
        assert_int_equal(operation->visit[0].footprint.base, model_tree(model, 1)->range.end);
        assert_int_equal(operation->visit[0].draws, 0);
        assert_int_equal(operation->visit[1].gap, 5);
        assert_int_equal(operation->visit[1].max[LEFT], 0);
        assert_int_equal(operation->visit[1].address, 0x18000);
        assert_int_equal(operation->visit[1].draws, 1);
        assert_int_equal(operation->draw[0].address, 0x18000);
        TELL(tree_begin, 1, 2, 0, REMOVE, 2, 0, 0, 0, 0, 0, 0, 0);
        assert_true(operation->was_linked);
        assert_int_equal(operation->footprint.base, model_footprint(model_region(model, 2)).base);
        assert_ptr_equal(model_cpu(model, 0)->tree, model_tree(model, 1));
        model_lost(model, 100);
        assert_int_equal(operation->begin, 0);
        assert_null(model_cpu(model, 0)->tree);
}

static void events_we_never_heard_of_change_nothing([[maybe_unused]] void **state)
{
        tell_tree(1);
        TELL(TIME, 1, 2, 3);
        assert_shape("");
}

/* --- memory ----------------------------------------------------------------------------------------------- */

enum { ALLOWED = 1 << 20 };

static void a_model_takes_no_more_memory_than_it_may([[maybe_unused]] void **state)
{
        struct error error = SUCCESS;

        model_set_memory(model, ALLOWED);
        for (uint64_t id = 1; id < 100000 && !error.code; id++)
                error = tell_model_event(EVENT_region_created, "name", FIELDS(id), 1);
        assert_int_equal(error.code, ERROR_NO_MEMORY);
        assert_in_range(model_memory(model), ALLOWED, ALLOWED + ALLOWED / 4);
}

static void visits_of_one_operation_take_no_more_memory_than_they_may([[maybe_unused]] void **state)
{
        struct error error = SUCCESS;

        tell_tree(1);
        TELL(tree_begin, 1, 1);
        model_set_memory(model, ALLOWED);
        for (size_t i = 0; i < 100000 && !error.code; i++)
                error = tell_model_event(EVENT_tree_visit, NULL, FIELDS(1, 1), 2);
        assert_int_equal(error.code, ERROR_NO_MEMORY);
        assert_in_range(model_memory(model), ALLOWED, ALLOWED + ALLOWED / 4 + 10000);
}

static void regions_that_are_freed_give_their_memory_back([[maybe_unused]] void **state)
{
        size_t before;

        TELL_TEXT(region_created, "name", 1);
        TELL(region_freed, 1);
        before = model_memory(model);
        for (uint64_t id = 1; id < 1000; id++) {
                TELL_TEXT(region_created, "name", id);
                TELL(region_freed, id);
        }
        assert_int_equal(model_memory(model), before);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, model_set_up, model_tear_down)
        const struct CMUnitTest tests[] = {
                STORY(links_make_red_leaves),
                STORY(impossible_links_are_refused),
                STORY(a_rotation_keeps_the_order),
                STORY(an_exchange_trades_places_colours_and_largest_gaps),
                STORY(things_come_to_be_once_and_are_gone_in_order),
                STORY(spaces_and_scripts_are_followed),
                STORY(operations_are_kept_with_visits_in_order),
                STORY(a_visit_keeps_what_its_node_knew_then),
                STORY(events_we_never_heard_of_change_nothing),
                STORY(a_model_takes_no_more_memory_than_it_may),
                STORY(visits_of_one_operation_take_no_more_memory_than_they_may),
                STORY(regions_that_are_freed_give_their_memory_back),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
