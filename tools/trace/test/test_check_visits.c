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
        expect_decision(TOO_SMALL, MISALIGNED, "another reason to refuse the gap: it is smaller than the region");
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

        recorded_drop(&run.recorded, at - 1);
        run_assert_finds(&run, at - 1, "links before a place is found");
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
        run_assert_finds(&run, at, "is next on the way to the insertion point");
}

/* The first region below which another is linked although it was not the last one visited. */
static void a_region_linked_below_another_than_the_last_one_visited_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();
        size_t at = recorded_nth(&run.recorded, EVENT_tree_link, 2);

        while (*run_field(&run, at, EVENT_FIELD(tree_link, side)) != RIGHT)
                at = recorded_next(&run.recorded, EVENT_tree_link, at + 1);
        *run_field(&run, at, EVENT_FIELD(tree_link, parent)) = 1;
        run_assert_finds(&run, at, "but the last node visited is");
}

/* --- one visit altered ------------------------------------------------------------------------------------ */

/* Every visit of the recording, one after another, is altered by `alter`. Each time the check must find something. */
static void assert_each_is_found(void (*alter)(struct run *run, size_t at), const char *what)
{
        struct run whole = run_record();

        for (size_t at = 0; at < whole.recorded.count; at++) {
                struct run run;
                struct check *check;

                if (whole.recorded.event[at].type != EVENT_tree_visit)
                        continue;
                run = run_copy(&whole);
                alter(&run, at);
                stream_put_together(&run.bytes, &run.recorded);
                check = check_bytes(&run.bytes);
                if (!check_findings(check))
                        fail_msg("%s: the visit at event %zu passes", what, at + 1);
                check_destroy(check);
                run_free(&run);
        }
        run_free(&whole);
}

static void leave_out(struct run *run, size_t at)
{
        recorded_drop(&run->recorded, at);
}

static void send_twice(struct run *run, size_t at)
{
        const struct recorded_event copy = run->recorded.event[at];

        recorded_insert(&run->recorded, at, &copy);
}

/* In the recording two visits in a row are never alike. */
static void exchange_with_the_next(struct run *run, size_t at)
{
        const struct recorded_event first = run->recorded.event[at];

        run->recorded.event[at] = run->recorded.event[at + 1];
        run->recorded.event[at + 1] = first;
}

static void name_another_region(struct run *run, size_t at)
{
        *run_field(run, at, EVENT_FIELD(tree_visit, region)) ^= 1;
}

static void decide_otherwise(struct run *run, size_t at)
{
        uint64_t *decision = run_field(run, at, EVENT_FIELD(tree_visit, decision));

        *decision = (*decision + 1) % (LINKING + 1);
}

static void skip_otherwise(struct run *run, size_t at)
{
        uint64_t *skipped = run_field(run, at, EVENT_FIELD(tree_visit, skipped));

        *skipped = (*skipped + 1) % (RIGHT_BEYOND_HINT + 1);
}

static void every_visit_that_is_altered_is_found([[maybe_unused]] void **state)
{
        assert_each_is_found(leave_out, "left out");
        assert_each_is_found(send_twice, "sent twice");
        assert_each_is_found(exchange_with_the_next, "exchanged with the next event");
        assert_each_is_found(name_another_region, "another region");
        assert_each_is_found(decide_otherwise, "another decision");
        assert_each_is_found(skip_otherwise, "another subtree skipped");
}

static void an_operation_without_visits_is_found([[maybe_unused]] void **state)
{
        struct run run = run_record();

        for (size_t at = run.recorded.count; at-- > 0;)
                if (run.recorded.event[at].type == EVENT_tree_visit)
                        recorded_drop(&run.recorded, at);
        run_assert_finds(&run, recorded_nth(&run.recorded, EVENT_tree_link, 1), "the operation visits nothing");
}

/* In an empty tree, and where the root's guard has the address, no node lies on the way. */
static void find_where_nothing_is_on_the_way(void)
{
        region_tree_find_containing(play_tree(), 0x20000);
        play_place_guarded(0x20000, 1, 1);
        region_tree_find_containing(play_tree(), 0x20000 - PAGE_SIZE);
        region_tree_find_containing(play_tree(), 0x20000);
}

static void a_look_up_that_visits_nothing_rightly_passes([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        stream_record(&bytes, find_where_nothing_is_on_the_way);
        assert_passes(&bytes);
        bytes_free(&bytes);
}

/* In a tree with little room, where eight addresses drawn are taken, so that holes near a ninth are searched. */
static void place_at_random_where_little_is_free(void)
{
        struct placement request = { .size = PAGE_SIZE, .alignment = PAGE_SIZE, .window = play_tree()->range };
        struct rng rng;

        rng_seed(&rng, 1);
        for (uintptr_t base = request.window.base; base < request.window.end; base += 8 * PAGE_SIZE)
                play_place_at(base, 7);
        for (int i = 0; i < 30; i++) {
                struct region *region;

                assert_int_equal(region_create("random", PROTECT_READ, &region).code, ERROR_OK);
                assert_int_equal(region_tree_place_random(play_tree(), region, &request, &rng).code, ERROR_OK);
        }
}

static void a_place_at_random_beside_many_regions_passes([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        stream_record(&bytes, place_at_random_where_little_is_free);
        assert_passes(&bytes);
        bytes_free(&bytes);
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
                cmocka_unit_test(a_region_linked_below_another_than_the_last_one_visited_is_found),
                cmocka_unit_test(every_visit_that_is_altered_is_found),
                cmocka_unit_test(an_operation_without_visits_is_found),
                cmocka_unit_test(a_look_up_that_visits_nothing_rightly_passes),
                cmocka_unit_test(a_place_at_random_beside_many_regions_passes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
