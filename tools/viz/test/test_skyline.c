/*
 * The holes of a space and what looks at them: the linear walk as a second opinion, the subtrees that a comparison
 * dismissed, and the columns in which they stand.
 */
#include "built_tree.h"
#include "skyline/skyline.h"
#include "skyline/skyline_columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct built_tree built;

static struct skyline *skyline_of(const struct shown_operation *shown)
{
        struct skyline *skyline = NULL;
        struct error error = skyline_make(
                &skyline, &(struct skyline_request){.tree = &built.tree, .shown = shown, .space = "test", .event = 1});

        assert_int_equal(error.code, ERROR_OK);
        return skyline;
}

static void the_walk_and_the_search_agree_on_the_lowest_hole_that_fits(void **state)
{
        (void)state;
        for (uint64_t pages = 1; pages <= 7; pages++) {
                struct shown_operation shown;
                struct skyline *skyline;

                build_example(&built);
                build_search(&shown, &built, pages);
                skyline = skyline_of(&shown);
                assert_int_equal(skyline->expected, skyline->taken);
                assert_int_equal(skyline->expected == NOWHERE_IN_SKYLINE, pages > skyline->largest);
                assert_false(skyline->is_wrong);
                skyline_free(skyline);
        }
}

static void holes_come_from_the_addresses_whatever_the_tree_keeps_of_them(void **state)
{
        struct skyline *skyline;

        (void)state;
        build_example(&built);
        built.region[4].gap = 77;
        built.tree.promises = PROMISE_NOTHING;
        skyline = skyline_of(NULL);
        assert_int_equal(skyline->gaps, built.tree.regions + 1);
        assert_int_equal(skyline->largest, 5);
        assert_false(skyline->has_request);
        skyline_free(skyline);
}

static void a_hole_of_exactly_the_size_that_was_refused_is_told(void **state)
{
        struct shown_operation shown;
        struct skyline *skyline;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 5);
        shown.operation.result = ERROR_NO_MEMORY;
        skyline = skyline_of(&shown);
        assert_true(skyline->is_wrong);
        assert_non_null(strstr(skyline->alert, "Refused, though the hole "));
        assert_non_null(strstr(skyline->alert, " fits: it has 5 pages, exactly what is needed."));
        skyline_free(skyline);
}

static void another_hole_than_the_lowest_is_told(void **state)
{
        struct shown_operation shown;
        struct skyline *skyline;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 2);
        shown.operation.result_address = 0x40000;
        skyline = skyline_of(&shown);
        assert_true(skyline->is_wrong);
        assert_non_null(strstr(skyline->alert, "Not the lowest hole that fits: that is "));
        skyline_free(skyline);
}

static const size_t sizes[] = {0, 1, 2, 7, 40, 500, 3000};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void what_is_dismissed_was_never_looked_at_and_does_not_fit(void **state)
{
        (void)state;
        for (size_t i = 0; i < SIZES; i++) {
                struct shown_operation shown;
                struct skyline *skyline;
                size_t dismissed = 0;

                build_sparse(&built, sizes[i]);
                build_search(&shown, &built, 2);
                skyline = skyline_of(&shown);
                for (size_t j = 0; j < skyline->gaps; j++) {
                        const struct skyline_gap *gap = &skyline->gap[j];

                        if (gap->fate != GAP_DISMISSED)
                                continue;
                        dismissed += gap->pages > 0;
                        assert_true(gap->pages < skyline->need);
                        assert_string_equal(gap->number, "");
                        assert_in_range(j, skyline->dismissal[gap->dismissal].first,
                                        skyline->dismissal[gap->dismissal].last);
                }
                assert_int_equal(dismissed, skyline->dismissed);
                skyline_free(skyline);
        }
}

static void every_gap_has_its_column_and_all_of_them_fit(void **state)
{
        enum { ROOM = 1000 };

        (void)state;
        for (size_t i = 0; i < SIZES; i++) {
                struct shown_operation shown;
                struct skyline *skyline;
                struct skyline_columns columns;
                size_t next = 0;

                build_sparse(&built, sizes[i]);
                build_search(&shown, &built, 2);
                skyline = skyline_of(&shown);
                assert_int_equal(skyline_columns_make(&columns, skyline, &(struct skyline_frame){10, ROOM, 200, 2}).code, ERROR_OK);
                for (size_t j = 0; j < columns.count; j++) {
                        const struct skyline_column *column = &columns.column[j];

                        assert_int_equal(column->first, next);
                        next = column->last + 1;
                        assert_true(column->width > 0);
                        for (size_t gap = column->first; gap <= column->last; gap++) {
                                assert_ptr_equal(skyline_column_of(&columns, gap), column);
                                assert_int_equal(skyline->gap[gap].fate, skyline->gap[column->first].fate);
                                assert_true(skyline->gap[gap].pages <= skyline->gap[column->highest].pages);
                        }
                }
                assert_int_equal(next, skyline->gaps);
                assert_true(columns.right <= 10 + ROOM + 1);
                skyline_columns_clear(&columns);
                skyline_free(skyline);
        }
}

static void a_bar_reaches_the_line_of_the_request_if_and_only_if_it_is_as_large(void **state)
{
        struct shown_operation shown;
        struct skyline *skyline;
        struct skyline_columns columns;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 4);
        skyline = skyline_of(&shown);
        assert_int_equal(skyline_columns_make(&columns, skyline, &(struct skyline_frame){0, 1000, 200, 2}).code, ERROR_OK);
        for (size_t i = 0; i < skyline->gaps; i++)
                assert_int_equal(skyline_bar_height(&columns, skyline->gap[i].pages) >= skyline_bar_height(&columns, 4),
                                 skyline->gap[i].pages >= 4);
        skyline_columns_clear(&columns);
        skyline_free(skyline);
}

static void a_huge_hole_is_cut_so_that_the_line_of_the_request_lies_high_enough(void **state)
{
        const uint64_t needs[] = { 4, 6, 500, 1000000 };

        (void)state;
        for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
                struct shown_operation shown;
                struct skyline *skyline;
                struct skyline_columns columns;

                build_sparse(&built, 40);
                build_search(&shown, &built, needs[i]);
                skyline = skyline_of(&shown);
                assert_true(skyline->largest > 1ull << 30);
                assert_int_equal(
                        skyline_columns_make(&columns, skyline, &(struct skyline_frame){0, 1000, 300, 2}).code, ERROR_OK);
                assert_true(skyline_bar_height(&columns, needs[i]) > 95);
                assert_true(skyline_bar_height(&columns, needs[i]) < 300);
                assert_true(skyline_bar_height(&columns, skyline->largest) <= 300);
                assert_int_equal(skyline_is_cut(&columns, skyline->largest), needs[i] < 1000000);
                assert_false(skyline_is_cut(&columns, needs[i]));
                skyline_columns_clear(&columns);
                skyline_free(skyline);
        }
}

static void aligned_addresses_are_counted_from_above_the_guard(void **state)
{
        struct shown_operation shown;
        struct skyline *skyline;
        uint64_t base;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 1);
        shown.operation.alignment = 0x4000;
        shown.operation.before = 0x1000;
        skyline = skyline_of(&shown);
        skyline->gap[0].range = (struct vrange){0x14000, 0x1a000};
        assert_true(skyline_slot(skyline, &skyline->gap[0], 0, &base));
        assert_int_equal(base, 0x18000);
        assert_false(skyline_slot(skyline, &skyline->gap[0], 0x18001, &base));
        skyline_free(skyline);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_walk_and_the_search_agree_on_the_lowest_hole_that_fits),
                cmocka_unit_test(holes_come_from_the_addresses_whatever_the_tree_keeps_of_them),
                cmocka_unit_test(a_hole_of_exactly_the_size_that_was_refused_is_told),
                cmocka_unit_test(another_hole_than_the_lowest_is_told),
                cmocka_unit_test(what_is_dismissed_was_never_looked_at_and_does_not_fit),
                cmocka_unit_test(every_gap_has_its_column_and_all_of_them_fit),
                cmocka_unit_test(a_bar_reaches_the_line_of_the_request_if_and_only_if_it_is_as_large),
                cmocka_unit_test(a_huge_hole_is_cut_so_that_the_line_of_the_request_lies_high_enough),
                cmocka_unit_test(aligned_addresses_are_counted_from_above_the_guard),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
