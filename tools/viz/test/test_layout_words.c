/*
 * What is written in a picture: the words of a search, sizes, and names that are cut or hostile.
 */
#include "built_tree.h"
#include "draw/text.h"
#include "layout/layout_draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct built_tree built;

/* Everything is drawn. */
static struct layout *lay_out(const struct shown_operation *shown)
{
        struct layout *layout = NULL;
        struct error error = layout_create(&layout, &(struct layout_request){
                .tree = &built.tree, .space = "test", .event = 1, .shown = shown, .fit = FIT_POSTER });

        assert_int_equal(error.code, ERROR_OK);
        return layout;
}

/* --- of a search ------------------------------------------------------------------------------------------ */

static void the_words_of_a_search_say_what_was_skipped_and_taken(void **state)
{
        struct shown_operation shown;
        struct layout *layout;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 4);
        layout = lay_out(&shown);
        /* The root is region 6; its left subtree has gaps of 2 at most, region 8 the one of 5. */
        assert_string_equal(layout->node[5].number, "1");
        assert_string_equal(layout->node[5].decided, "gap 1 < 4");
        assert_string_equal(layout->node[2].skipped, "skipped: max 2 < 4");
        assert_true(layout->node[0].is_skipped && layout->node[4].is_skipped && !layout->node[9].is_skipped);
        assert_string_equal(layout->node[7].decided, "gap 5 ≥ 4: taken");
        assert_true(layout->node[8].followed && layout->node[7].followed);
        assert_string_equal(layout->title, "test · place_anywhere(new, 4 pages) → 2e000");
        assert_string_equal(layout->mark[0].text, "taken: 2e000–32000");
        layout_free(layout);
}

static void a_decision_against_its_figures_is_said_to_be_one(void **state)
{
        struct shown_operation shown;
        char decided[WHY_SIZE];

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 4);
        for (size_t i = 0; i < shown.searching; i++)
                assert_false(why_is_contradicted(&shown, i));
        shown.operation.size = 6 * PAGE_SIZE;   /* the gap of 5 that was taken would be too small */
        for (size_t i = 0; i < shown.searching; i++)
                if (shown.operation.visit[i].decision == TAKEN) {
                        assert_true(why_is_contradicted(&shown, i));
                        why_decided(decided, &shown, i, 5, UNITS_PAGES);
                        assert_string_equal(decided, "gap 5 < 6, but taken");
                }
        shown.operation.size = PAGE_SIZE;       /* and the gap of 1 that was refused would do */
        assert_true(why_is_contradicted(&shown, 0));
        why_decided(decided, &shown, 0, 1, UNITS_PAGES);
        assert_string_equal(decided, "gap 1 ≥ 1, but called too small");
}

static void a_region_that_is_not_in_the_way_is_said_not_to_be(void **state)
{
        struct shown_operation shown;
        char decided[WHY_SIZE];
        struct model_visit visit = { .region = 8, .decision = IN_THE_WAY, .address = 0x14000, .footprint = { 0x18000, 0x1a000 } };

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 4);
        shown.operation.kind = PLACE_SPECIFICALLY;
        shown.operation.visit = &visit;
        assert_true(why_is_contradicted(&shown, 0));
        why_decided(decided, &shown, 0, 0, UNITS_PAGES);
        assert_string_equal(decided, "said to be in the way of 14000, but is not");
        visit.footprint.base = 0x17000;
        assert_false(why_is_contradicted(&shown, 0));
}

static void guards_that_wrap_round_are_needed_all_the_same(void **state)
{
        struct shown_operation shown;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 1);
        shown.operation.before = 0 - PAGE_SIZE;
        shown.operation.after = PAGE_SIZE;
        assert_true(shown_need(&shown) == (((uint64_t)1 << 52) | 1));
}

static void a_refused_request_says_why(void **state)
{
        struct shown_operation shown;
        struct layout *layout;
        char words[WHY_SIZE];

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 1);
        shown.operation.result = ERROR_NO_MEMORY;
        why_refused(words, &shown, 0, UNITS_PAGES);
        assert_string_equal(words, "Refused: the largest hole has 0 pages, needed is 1 page.");

        build_search(&shown, &built, 8);
        layout = lay_out(&shown);
        assert_string_equal(layout->alert, "Refused: the largest hole has 5 pages, needed are 8 pages.");
        assert_string_equal(layout->node[2].skipped, "skipped: max 2 < 8");
        assert_string_equal(layout->node[8].skipped, "skipped: max 5 < 8");
        assert_int_equal(layout->mark[0].kind, MARK_REFUSED);
        assert_string_equal(layout->mark[0].text, "the largest hole: 5, wanted: 8");
        assert_string_equal(layout->mark[1].text, "2: tail gap 1 < 8");
        layout_free(layout);
}

static void a_changed_gap_is_in_the_past_tense(void **state)
{
        struct shown_operation shown;
        struct layout *layout;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 4);
        built.region[7].gap = 1;
        layout = lay_out(&shown);
        assert_string_equal(layout->node[7].decided, "gap was 5 ≥ 4: taken");
        layout_free(layout);
}

static void sizes_that_differ_never_look_alike_in_a_comparison(void **state)
{
        (void)state;
        assert_string_equal(units_compared(UNITS_BYTES, 1024, "<", 4096), "4M < 16M");
        assert_string_equal(units_compared(UNITS_BYTES, 4096 * 25, "<", 4096 * 25 + 1), "102,400 < 102,401 pages");
        assert_string_equal(units_long(UNITS_BYTES, 127ull << 28), "127 TiB");
        assert_string_equal(units_short(UNITS_BYTES, 384), "1.5M");
        assert_string_equal(units_long(UNITS_PAGES, 1), "1 page");
}

/* --- names that are hostile or long ------------------------------------------------------------------------- */

static char *dot_of(const struct layout *layout)
{
        struct picture picture = layout_picture(layout);
        char *text = NULL;
        size_t length;
        FILE *file = open_memstream(&text, &length);

        assert_non_null(file);
        picture_write_dot(file, &picture, THEME_LIGHT);
        assert_int_equal(fclose(file), 0);
        return text;
}

static void a_hostile_name_cannot_end_a_string_or_begin_a_tag(void **state)
{
        struct layout *layout;
        char *dot;

        (void)state;
        build_example(&built);
        built.region[0].name = "\"]; x <b>&amp;\\N";
        built.region[1].name = "\xff\xc3\x1b[2J\xe2\x80\xaegnp";
        built.region[2].name = "";
        layout = lay_out(NULL);
        dot = dot_of(layout);
        assert_null(strstr(dot, "<b>"));
        assert_null(strstr(dot, "\"]; x"));
        assert_null(strstr(dot, "\\N"));
        assert_null(strstr(dot, "\xe2\x80\xae"));
        assert_null(strchr(dot, '\x1b'));
        assert_null(strchr(dot, '\xff'));
        assert_non_null(strstr(dot, "&#34;]; x &#60;b&#62;&#38;amp;&#92;&#92;N"));
        free(dot);
        layout_free(layout);
}

static void a_text_is_cut_between_characters(void **state)
{
        char out[32];

        (void)state;
        text_fit(out, sizeof out, "ÄÖÜäöüßÄÖÜäöüß", TEXT_NAME, 40);
        assert_true(text_width(out, TEXT_NAME) <= 40);
        assert_string_equal(out + strlen(out) - 3, "…");
        text_fit(out, sizeof out, "short", TEXT_NAME, 100);
        assert_string_equal(out, "short");
        text_fit(out, 4, "longer", TEXT_NAME, 100);
        assert_true(strlen(out) < 4);
}

static void a_list_is_broken_between_its_items_if_one_ends_early_enough(void **state)
{
        static const char list[] = "one two · three four · five";
        const char *next, *end;

        (void)state;
        end = text_break_list(list, TEXT_LEGEND, text_width("one two · three four", TEXT_LEGEND), &next);
        assert_int_equal(end - list, strlen("one two · three four"));
        assert_string_equal(next, "five");
        end = text_break_list(list, TEXT_LEGEND, text_width("one two · three fo", TEXT_LEGEND), &next);
        assert_int_equal(end - list, strlen("one two"));
        assert_string_equal(next, "three four · five");
        end = text_break_list(list, TEXT_LEGEND, text_width("one tw", TEXT_LEGEND), &next);
        assert_int_equal(end - list, strlen("one"));
        end = text_break_list(list, TEXT_LEGEND, 1000, &next);
        assert_string_equal(end, "");
        assert_string_equal(next, "");
}

static void the_legend_explains_what_is_drawn_alone(void **state)
{
        struct shown_operation shown;
        struct layout *layout;

        (void)state;
        build_sparse(&built, 1);
        build_search(&shown, &built, 1);
        built.visit[shown.operation.visits] = built.visit[0];
        built.visit[shown.operation.visits++].decision = LINKING;
        layout = lay_out(&shown);
        assert_true(layout->node[0].linking);
        for (size_t i = 0; i < layout->lines; i++)
                assert_null(strstr(layout->line[i].text, "dashed gold"));
        layout_free(layout);
}

static bool explains_max(const struct layout *layout)
{
        for (size_t i = 0; i < layout->lines; i++)
                if (strstr(layout->line[i].text, "max: largest gap in the subtree"))
                        return true;
        return false;
}

static void the_legend_explains_max_where_a_tree_has_it(void **state)
{
        struct shown_operation shown;
        struct layout *layout;

        (void)state;
        build_sparse(&built, 7);
        build_search(&shown, &built, 1);
        layout = lay_out(&shown);
        assert_true(explains_max(layout));
        layout_free(layout);

        built.tree.promises = PROMISE_BALANCE;          /* an early kernel, whose nodes record no gaps */
        layout = lay_out(&shown);
        assert_false(explains_max(layout));
        layout_free(layout);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_words_of_a_search_say_what_was_skipped_and_taken),
                cmocka_unit_test(a_decision_against_its_figures_is_said_to_be_one),
                cmocka_unit_test(a_region_that_is_not_in_the_way_is_said_not_to_be),
                cmocka_unit_test(guards_that_wrap_round_are_needed_all_the_same),
                cmocka_unit_test(a_refused_request_says_why),
                cmocka_unit_test(a_changed_gap_is_in_the_past_tense),
                cmocka_unit_test(sizes_that_differ_never_look_alike_in_a_comparison),
                cmocka_unit_test(a_hostile_name_cannot_end_a_string_or_begin_a_tag),
                cmocka_unit_test(a_text_is_cut_between_characters),
                cmocka_unit_test(a_list_is_broken_between_its_items_if_one_ends_early_enough),
                cmocka_unit_test(the_legend_explains_what_is_drawn_alone),
                cmocka_unit_test(the_legend_explains_max_where_a_tree_has_it),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
