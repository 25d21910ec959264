/*
 * How much of a tree a picture shows: what fits a screen or a page, and what becomes a triangle.
 */
#include "base/format.h"
#include "built_tree.h"
#include "draw/text.h"
#include "layout/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct built_tree built;

static struct layout *lay_out(enum fit fit, const struct shown_operation *shown)
{
        struct layout *layout = NULL;
        struct error error = layout_create(&layout, &(struct layout_request){
                .tree = &built.tree, .space = "test", .event = 1, .shown = shown, .fit = fit });

        assert_int_equal(error.code, ERROR_OK);
        return layout;
}

static size_t count(const struct layout *layout, enum node_form form)
{
        size_t nodes = 0;

        for (size_t i = 0; i < layout->nodes; i++)
                nodes += layout->node[i].form == form;
        return nodes;
}

/* --- sizes ------------------------------------------------------------------------------------------------ */

static const size_t sizes[] = { 0, 1, 2, 7, 12, 13, 20, 40, 80, 153, 300, 500, 1000, 3000 };
enum { SIZES = sizeof sizes / sizeof sizes[0], MOST_ON_A_PAGE = 3000 };

static double smallest_text(const struct layout *layout)
{
        return style_of_text(TEXT_GAPS).size * layout->scale;
}

static void assert_fits(enum fit fit, double width, double height, const struct shown_operation *shown)
{
        struct layout *layout = lay_out(fit, shown);

        if (layout->width * layout->scale > width + 0.5 || layout->height * layout->scale > height + 0.5)
                fail_msg("%zu regions: %.0f x %.0f pixels", layout->nodes, layout->width * layout->scale,
                         layout->height * layout->scale);
        assert_true(smallest_text(layout) >= 9);
        layout_free(layout);
}

static void at_every_size_a_search_fits_a_screen_and_a_page(void **state)
{
        (void)state;
        for (size_t i = 0; i < SIZES; i++) {
                struct shown_operation shown;

                build_sparse(&built, sizes[i]);
                build_search(&shown, &built, 2);
                assert_fits(FIT_SCREEN, 1400, 780, &shown);
                if (sizes[i] <= MOST_ON_A_PAGE)
                        assert_fits(FIT_PAGE, 830, 1100, &shown);
        }
}

static void at_every_size_a_tree_without_an_operation_fits(void **state)
{
        (void)state;
        for (size_t i = 0; i < SIZES; i++) {
                build_sparse(&built, sizes[i]);
                assert_fits(FIT_SCREEN, 1400, 780, NULL);
                assert_fits(FIT_PAGE, 830, 1100, NULL);
        }
}

static void no_text_is_smaller_than_the_one_that_the_scale_goes_by(void **state)
{
        (void)state;
        for (enum text_kind kind = TEXT_TITLE; kind <= TEXT_LEGEND; kind++)
                assert_true(style_of_text(kind).size >= style_of_text(TEXT_GAPS).size);
}

/* --- what is shown ---------------------------------------------------------------------------------------- */

static void a_small_tree_is_shown_whole(void **state)
{
        struct shown_operation shown;
        struct layout *layout;

        (void)state;
        build_example(&built);
        build_search(&shown, &built, 4);
        layout = lay_out(FIT_SCREEN, &shown);
        assert_int_equal(count(layout, NODE_BOX), 10);
        layout_free(layout);
}

static void every_region_is_a_box_or_counted_in_a_triangle(void **state)
{
        (void)state;
        for (size_t i = 0; i < SIZES; i++) {
                struct shown_operation shown;
                struct layout *layout;
                size_t counted = 0;

                build_sparse(&built, sizes[i]);
                build_search(&shown, &built, 2);
                layout = lay_out(FIT_SCREEN, &shown);
                for (size_t j = 0; j < layout->nodes; j++) {
                        const struct layout_node *node = &layout->node[j];
                        char words[32];

                        if (node->form != NODE_SUBTREE)
                                continue;
                        snprintf(words, sizeof words, "%s", format_count(layout_subtree_size(node)));
                        assert_false(strncmp(node->beneath[0], words, strlen(words)));
                        assert_int_equal(node->role, NODE_PLAIN);
                        counted += layout_subtree_size(node);
                }
                assert_int_equal(count(layout, NODE_BOX) + counted, sizes[i]);
                assert_int_equal(count(layout, NODE_SMALL), 0);
                layout_free(layout);
        }
}

static void a_triangle_says_why_it_was_skipped(void **state)
{
        enum { REGIONS = 153 };
        static uint64_t pages[REGIONS][2];
        struct shown_operation shown;
        struct layout *layout;

        (void)state;
        for (size_t i = 0; i < REGIONS; i++) {
                pages[i][0] = i == REGIONS - 1 ? 5 : i % 2;
                pages[i][1] = 1;
        }
        build_tree(&built, (struct vrange){ 0x10000, 0x200000 }, pages, REGIONS);
        build_search(&shown, &built, 4);
        layout = lay_out(FIT_PAGE, &shown);
        assert_int_equal(layout->node[38].form, NODE_SUBTREE);  /* all that is left of the root */
        assert_string_equal(layout->node[38].beneath[0], "76 regions");
        assert_string_equal(layout->node[38].beneath[1], "skipped:");
        assert_string_equal(layout->node[38].beneath[2], "max 1 < 4");
        layout_free(layout);
}

static void a_poster_shows_every_node(void **state)
{
        struct layout *layout;

        (void)state;
        build_sparse(&built, 500);
        layout = lay_out(FIT_POSTER, NULL);
        assert_int_equal(count(layout, NODE_BOX) + count(layout, NODE_SMALL), 500);
        assert_true(count(layout, NODE_BOX) && count(layout, NODE_SMALL));
        layout_free(layout);
}

/* --- the bar ---------------------------------------------------------------------------------------------- */

static void a_triangle_is_one_piece_of_the_bar_which_says_how_many_it_holds(void **state)
{
        struct shown_operation shown;
        struct layout *layout;
        size_t pieces = 0;

        (void)state;
        build_sparse(&built, 153);
        build_search(&shown, &built, 2);
        layout = lay_out(FIT_SCREEN, &shown);
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];
                const struct layout_node *node;
                char words[32];

                if (piece->kind != PIECE_SUBTREE)
                        continue;
                node = &layout->node[piece->node];
                assert_int_equal(piece->range.base, layout->node[node->first].range.base);
                assert_int_equal(piece->range.end, layout->node[node->last].range.end);
                snprintf(words, sizeof words, "▲ %s", format_count(layout_subtree_size(node)));
                assert_true(!strncmp(piece->label, words, strlen(words)));
                pieces++;
        }
        assert_true(pieces > 0);
        assert_int_equal(pieces, count(layout, NODE_SUBTREE));
        layout_free(layout);
}

static void a_line_of_text_ends_at_a_blank(void **state)
{
        const char *text = "skipped: max 1 < 4", *end;

        (void)state;
        end = text_break(text, TEXT_WHY, text_width("skipped: max", TEXT_WHY) + 1);
        assert_string_equal(end, " 1 < 4");
        assert_string_equal(text_break(text, TEXT_WHY, 1000), "");
        assert_string_equal(text_break("a() → b", TEXT_WHY, text_width("a() → ", TEXT_WHY)), " → b");
        assert_string_equal(text_break("unbreakable", TEXT_WHY, 1), "nbreakable");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(at_every_size_a_search_fits_a_screen_and_a_page),
                cmocka_unit_test(at_every_size_a_tree_without_an_operation_fits),
                cmocka_unit_test(no_text_is_smaller_than_the_one_that_the_scale_goes_by),
                cmocka_unit_test(a_small_tree_is_shown_whole),
                cmocka_unit_test(every_region_is_a_box_or_counted_in_a_triangle),
                cmocka_unit_test(a_triangle_says_why_it_was_skipped),
                cmocka_unit_test(a_poster_shows_every_node),
                cmocka_unit_test(a_triangle_is_one_piece_of_the_bar_which_says_how_many_it_holds),
                cmocka_unit_test(a_line_of_text_ends_at_a_blank),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
