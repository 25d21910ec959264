/* What is said at the nodes of a search, tampered with: check must notice, at that visit. */
#include "support_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* The first visit at which this was decided. */
static size_t visit_that(const struct run *run, enum decision decision)
{
        size_t at = recorded_nth(&run->recorded, EVENT_tree_visit, 0);

        while (run->recorded.event[at].field[EVENT_FIELD(tree_visit, decision)] != (uint64_t)decision)
                at = recorded_next(&run->recorded, EVENT_tree_visit, at + 1);
        return at;
}

/* The first visit that skipped a subtree for this reason. */
static size_t visit_skipping(const struct run *run, enum skip skipped)
{
        size_t at = recorded_nth(&run->recorded, EVENT_tree_visit, 0);

        while (run->recorded.event[at].field[EVENT_FIELD(tree_visit, skipped)] != (uint64_t)skipped)
                at = recorded_next(&run->recorded, EVENT_tree_visit, at + 1);
        return at;
}

static void expect_decision(enum decision real, enum decision false_one, const char *words)
{
        struct run run = run_record();
        size_t at = visit_that(&run, real);

        *run_field(&run, at, EVENT_FIELD(tree_visit, decision)) = false_one;
        run_assert_finds(&run, at, words);
}

static void a_gap_that_fits_but_is_called_too_small_is_found([[maybe_unused]] void **state)
{
        expect_decision(TAKEN, TOO_SMALL, "calls the gap too small, which it is not");
        expect_decision(TAKEN, NO_ROOM_FOR_GUARDS, "no room for guards, but it has");
}

static void a_gap_that_is_too_small_but_taken_is_found([[maybe_unused]] void **state)
{
        expect_decision(TOO_SMALL, TAKEN, "takes a gap that is too small");
        expect_decision(TOO_SMALL, MISALIGNED, "another reason to refuse the gap");
        expect_decision(TOO_SMALL, NO_ROOM_FOR_GUARDS, "it has none for the region either");
}

static void a_way_to_a_child_that_is_not_there_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = visit_that(&run, LINKING);

        *run_field(&run, at, EVENT_FIELD(tree_visit, decision)) = GO_LEFT;
        run_assert_finds(&run, at, "goes on to a child that is not there");
}

static void a_subtree_that_is_skipped_for_a_wrong_reason_is_found([[maybe_unused]] void **state)
{
        static const struct { enum skip skipped; const char *words; } wrong[] = {
                { LEFT_OUTSIDE_WINDOW, "skips a subtree as outside the window, but it reaches into it" },
                { LEFT_BEYOND_HINT, "skips a subtree as beyond the hint, but it is not" },
                { LEFT_MISALIGNED, "skips a subtree as misaligned, but" },
        };

        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                struct run run = run_record();
                size_t at = visit_skipping(&run, LEFT_TOO_SMALL);

                *run_field(&run, at, EVENT_FIELD(tree_visit, skipped)) = wrong[i].skipped;
                run_assert_finds(&run, at, wrong[i].words);
        }
}

static void a_subtree_with_room_that_is_skipped_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = visit_that(&run, GO_RIGHT);

        *run_field(&run, at, EVENT_FIELD(tree_visit, skipped)) = RIGHT_TOO_SMALL;
        run_assert_finds(&run, at, "skips a subtree as too small, but its largest gap is large enough");
}

static void a_child_that_is_not_there_but_skipped_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = visit_that(&run, GO_LEFT);

        while (*run_field(&run, at, EVENT_FIELD(tree_visit, decision)) != LINKING)
                at = recorded_next(&run.recorded, EVENT_tree_visit, at + 1);
        *run_field(&run, at, EVENT_FIELD(tree_visit, skipped)) = RIGHT_TOO_SMALL;
        run_assert_finds(&run, at, "skips a child that is not there");
}

static void linking_without_a_place_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = visit_that(&run, LINKING);

        *run_field(&run, at - 1, EVENT_FIELD(tree_visit, decision)) = FITS;
        run_assert_finds(&run, at, "links before a place is found");
}

static void a_search_after_linking_began_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_visit, 0);

        while (*run_field(&run, at, EVENT_FIELD(tree_visit, decision)) != LINKING ||
               run.recorded.event[at + 1].type != EVENT_tree_visit)
                at = recorded_next(&run.recorded, EVENT_tree_visit, at + 1);
        *run_field(&run, at + 1, EVENT_FIELD(tree_visit, decision)) = GO_UP;
        run_assert_finds(&run, at + 1, "searches again after linking began");
}

static void a_region_linked_elsewhere_than_where_the_search_ended_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = visit_that(&run, LINKING);

        while (run.recorded.event[at + 1].type == EVENT_tree_visit)
                at++;
        *run_field(&run, at, EVENT_FIELD(tree_visit, region)) = run.recorded.event[at - 1].field[EVENT_FIELD(tree_visit, region)];
        run_assert_finds(&run, recorded_next(&run.recorded, EVENT_tree_link, at), "but the last node visited is");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_gap_that_fits_but_is_called_too_small_is_found),
                cmocka_unit_test(a_gap_that_is_too_small_but_taken_is_found),
                cmocka_unit_test(a_way_to_a_child_that_is_not_there_is_found),
                cmocka_unit_test(a_subtree_that_is_skipped_for_a_wrong_reason_is_found),
                cmocka_unit_test(a_subtree_with_room_that_is_skipped_is_found),
                cmocka_unit_test(a_child_that_is_not_there_but_skipped_is_found),
                cmocka_unit_test(linking_without_a_place_is_found),
                cmocka_unit_test(a_search_after_linking_began_is_found),
                cmocka_unit_test(a_region_linked_elsewhere_than_where_the_search_ended_is_found),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
