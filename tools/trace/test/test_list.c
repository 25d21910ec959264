/* The model holds the lists of regions that the earliest kernels of the labs have, in whatever order they are. */
#include "base/error_message.h"
#include "check/check.h"
#include "stream/schema.h"
#include "support_stream.h"

#include <stdio.h>

enum { LIST = 1, HEAP = 1, TEXT, STACK };

static struct model *model;
static uint64_t number;

static struct error tell_event(enum trace_event type, const uint64_t *fields, size_t count)
{
        static struct event_schema schema = { .name = (char *)(uintptr_t)"event" };
        struct event event = {
                .type = type, .number = number + 1, .cpu_number = number + 1, .text = "", .schema = &schema
        };

        number++;
        memcpy(event.field, fields, count * sizeof *fields);
        return model_apply(model, &event);
}

#define FIELDS(...) ((uint64_t[]){ __VA_ARGS__ })
#define TELL(type, ...) assert_int_equal(TRY_TO_TELL(type, __VA_ARGS__).code, ERROR_OK)
#define TRY_TO_TELL(type, ...) tell_event(EVENT_##type, FIELDS(__VA_ARGS__), sizeof FIELDS(__VA_ARGS__) / 8)

/* A list in no order: heap, text, stack. */
static int set_up([[maybe_unused]] void **state)
{
        number = 0;
        if (model_create(&model).code)
                return -1;
        TELL(list_created, LIST, 0x10000, 0x90000, PROMISE_NOTHING);
        TELL(region_created, HEAP);
        TELL(region_changed, HEAP, 0, 0, 0, 0x40000, 0x44000, 3, 0, 0);
        TELL(region_created, TEXT);
        TELL(region_changed, TEXT, 0, 0, 0, 0x20000, 0x22000, 5, 0, 0);
        TELL(region_created, STACK);
        TELL(region_changed, STACK, 0, 0, 0, 0x80000, 0x90000, 3, 1, 0);
        TELL(list_link, LIST, HEAP, 0);
        TELL(list_link, LIST, STACK, HEAP);
        TELL(list_link, LIST, TEXT, HEAP);
        return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
        model_destroy(model);
        return 0;
}

static void assert_list(const char *expected)
{
        const struct model_tree *list = model_tree(model, LIST);
        char text[100] = "", *out = text;

        for (struct model_region *region = model_outermost(list, LEFT); region; region = model_neighbour(region, RIGHT))
                out += sprintf(out, "%lu ", region->id);
        assert_string_equal(text, expected);
}

static void a_list_has_its_own_order([[maybe_unused]] void **state)
{
        assert_true(model_tree(model, LIST)->is_list);
        assert_int_equal(model_tree(model, LIST)->regions, 3);
        assert_list("1 2 3 ");
}

static void a_region_is_linked_at_the_front_and_unlinked_anywhere([[maybe_unused]] void **state)
{
        TELL(list_unlink, LIST, TEXT);
        assert_list("1 3 ");
        TELL(list_link, LIST, TEXT, 0);
        assert_list("2 1 3 ");
        TELL(list_unlink, LIST, TEXT);
        TELL(list_unlink, LIST, STACK);
        assert_list("1 ");
        TELL(list_unlink, LIST, HEAP);
        assert_list("");
        TELL(list_destroyed, LIST);
}

static void the_next_above_goes_by_address([[maybe_unused]] void **state)
{
        const struct model_tree *list = model_tree(model, LIST);
        const struct model_region *region = model_next_above(list, NULL);

        assert_int_equal(region->id, TEXT);
        region = model_next_above(list, region);
        assert_int_equal(region->id, HEAP);
        region = model_next_above(list, region);
        assert_int_equal(region->id, STACK);
        assert_null(model_next_above(list, region));
}

static void gaps_are_computed_from_the_addresses([[maybe_unused]] void **state)
{
        const struct model_tree *list = model_tree(model, LIST);

        assert_int_equal(model_gap(list, model_region(model, TEXT)), 0x10);
        assert_int_equal(model_gap(list, model_region(model, HEAP)), 0x1e);
        assert_int_equal(model_gap(list, model_region(model, STACK)), 0x3b);    /* up to its guard page */
        assert_int_equal(model_gap(list, NULL), 0);
        assert_int_equal(model_largest_hole(list), 0x3b);
}

static void a_visit_is_one_of_the_operation([[maybe_unused]] void **state)
{
        const struct model_operation *operation = &model_tree(model, LIST)->operation;

        TELL(tree_begin, LIST, 1, 0, FIND, 0, 0x1000, 0x1000, 0, 0, 0x10000, 0x90000, 0x20000);
        TELL(list_visit, LIST, HEAP, ADDRESS_RIGHT);
        TELL(list_visit, LIST, TEXT, FOUND);
        TELL(tree_end, LIST, 1, ERROR_OK, TEXT, 0x20000);
        assert_int_equal(operation->visits, 2);
        assert_int_equal(operation->visit[1].region, TEXT);
        assert_int_equal(operation->visit[1].decision, FOUND);
        assert_int_equal(operation->visit[1].skipped, SKIPPED_NONE);
}

static void what_cannot_be_is_refused([[maybe_unused]] void **state)
{
        assert_int_equal(TRY_TO_TELL(list_link, LIST, HEAP, 0).code, ERROR_BAD_INPUT);
        assert_int_equal(TRY_TO_TELL(list_link, LIST, 99, 0).code, ERROR_BAD_INPUT);
        assert_int_equal(TRY_TO_TELL(list_unlink, LIST, 99).code, ERROR_BAD_INPUT);
        assert_int_equal(TRY_TO_TELL(list_destroyed, LIST).code, ERROR_BAD_INPUT);
        TELL(tree_created, 2, 0x10000, 0x90000, PROMISE_ORDER);
        TELL(region_created, 7);
        assert_int_equal(TRY_TO_TELL(list_link, 2, 7, 0).code, ERROR_BAD_INPUT);
        TELL(tree_begin, 2, 1, 0, FIND, 0, 0x1000, 0x1000, 0, 0, 0x10000, 0x90000, 0x20000);
        TELL(list_visit, 2, 0, GO_RIGHT);               /* a tree may be searched as a list was */
        assert_int_equal(TRY_TO_TELL(list_link, LIST, 7, 7).code, ERROR_BAD_INPUT);
        assert_list("1 2 3 ");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(a_list_has_its_own_order),
                CASE(a_region_is_linked_at_the_front_and_unlinked_anywhere),
                CASE(the_next_above_goes_by_address),
                CASE(gaps_are_computed_from_the_addresses),
                CASE(a_visit_is_one_of_the_operation),
                CASE(what_cannot_be_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
