/*
 * Where things go in a picture, at every size of tree.
 */
#include "built_tree.h"
#include "draw/text.h"
#include "layout/layout.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct built_tree built;

static struct layout *lay_out_for(enum fit fit, const struct shown_operation *shown)
{
        struct layout *layout = NULL;
        struct error error = layout_create(&layout, &(struct layout_request){
                .tree = &built.tree, .space = "test", .event = 1, .shown = shown, .fit = fit });

        assert_int_equal(error.code, ERROR_OK);
        return layout;
}

/* Everything is drawn. */
static struct layout *lay_out(const struct shown_operation *shown)
{
        return lay_out_for(FIT_POSTER, shown);
}

static const size_t sizes[] = { 0, 1, 2, 7, 12, 13, 40, 150, 500 };
enum { SIZES = sizeof sizes / sizeof sizes[0] };

/* Runs a check on sparse trees of all sizes, with a search that is highlighted, in every frame. */
static void at_every_size(void (*check)(const struct layout *layout))
{
        for (size_t i = 0; i < SIZES; i++)
                for (enum fit fit = FIT_SCREEN; fit <= FIT_POSTER; fit++) {
                        struct shown_operation shown;
                        struct layout *layout;

                        build_sparse(&built, sizes[i]);
                        build_search(&shown, &built, 2);
                        layout = lay_out_for(fit, &shown);
                        assert_int_equal(layout->nodes, sizes[i]);
                        check(layout);
                        layout_free(layout);
                }
}

/* --- the tree --------------------------------------------------------------------------------------------- */

static void check_order(const struct layout *layout)
{
        double x = 0;

        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];

                assert_true(!i || node->range.base >= node[-1].range.end);
                if (!layout_is_shown(node))
                        continue;
                assert_true(node->x > x);
                x = node->x;
                if (node->parent == NOWHERE) {
                        assert_ptr_equal(built.tree.root, &built.region[i]);
                        continue;
                }
                assert_ptr_equal(built.region[i].parent, &built.region[node->parent]);
                assert_true(node->y > layout->node[node->parent].y);
                assert_true((node->x > layout->node[node->parent].x) == (node->side == RIGHT));
        }
}

static void nodes_lie_in_the_order_of_addresses_below_their_parents(void **state)
{
        (void)state;
        at_every_size(check_order);
}

static void check_no_overlap(const struct layout *layout)
{
        for (size_t i = 0; i < layout->nodes; i++)
                for (size_t j = i + 1; j < layout->nodes; j++) {
                        const struct layout_node *a = &layout->node[i], *b = &layout->node[j];

                        assert_true(!layout_is_shown(a) || !layout_is_shown(b) ||
                                    fabs(a->x - b->x) >= (a->width + b->width) / 2 ||
                                    fabs(a->y - b->y) >= (a->height + b->height) / 2);
                }
}

static void nodes_do_not_overlap(void **state)
{
        (void)state;
        at_every_size(check_no_overlap);
}

static void check_drops(const struct layout *layout)
{
        for (size_t i = 0; i < layout->nodes; i++)
                for (size_t j = 0; j < layout->nodes; j++) {
                        const struct layout_node *line = &layout->node[i], *box = &layout->node[j];

                        if (layout_is_shown(line) && layout_is_shown(box) && box->depth > line->depth)
                                assert_true(fabs(line->x - box->x) > box->width / 2);
                }
}

static void no_drop_line_crosses_a_node(void **state)
{
        (void)state;
        at_every_size(check_drops);
}

static void check_texts_fit(const struct layout *layout)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];
                double end = node->x + node->width / 2 + text_width(layout_words_beside(layout, node), TEXT_WHY);

                if (node->form != NODE_BOX)
                        continue;
                assert_true(layout->box_lines < 2 ||
                            text_width(node->heading, layout->units == UNITS_PAGES ? TEXT_HEADING : TEXT_LONG_HEADING) <
                            node->width);
                assert_true(layout->box_lines < 3 || text_width(node->name, TEXT_NAME) < node->width);
                assert_true(layout->box_lines < 2 || text_width(node->gaps, TEXT_GAPS) < node->width);
                assert_true(end < layout->width);
                for (size_t j = i + 1; j < layout->nodes; j++)
                        if (layout->node[j].depth == node->depth && layout_is_shown(&layout->node[j]))
                                assert_true(end < layout->node[j].x - layout->node[j].width / 2);
        }
}

static void words_stay_inside_their_boxes_and_clear_of_the_next(void **state)
{
        (void)state;
        at_every_size(check_texts_fit);
}

static void check_width(const struct layout *layout)
{
        assert_true(layout->width <= 8000);
        for (size_t i = 0; i < layout->nodes; i++)
                assert_true(layout->node[i].role == NODE_PLAIN || layout->node[i].form == NODE_BOX);
        if (layout->nodes <= 40 && layout->fit == FIT_POSTER)
                for (size_t i = 0; i < layout->nodes; i++)
                        assert_true(layout->node[i].form == NODE_BOX);
}

static void five_hundred_regions_fit_eight_thousand_pixels_and_what_was_visited_is_always_a_box(void **state)
{
        (void)state;
        at_every_size(check_width);
}

/* --- the bar ---------------------------------------------------------------------------------------------- */

static void check_bar(const struct layout *layout)
{
        double x = layout->left;
        uint64_t address = built.tree.range.base;

        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];

                assert_true(fabs(piece->x - x) < 0.01);
                assert_true(piece->width >= 0.9);
                assert_int_equal(piece->range.base, address);
                x += piece->width;
                address = piece->range.end;
        }
        assert_int_equal(address, built.tree.range.end);
        assert_true(fabs(x - layout->right) < 0.01);
}

static void the_bar_covers_the_range_without_a_gap_or_an_overlap(void **state)
{
        (void)state;
        at_every_size(check_bar);
}

static void check_folds(const struct layout *layout)
{
        for (size_t i = 0; layout->nodes > 1 && i < layout->pieces; i++)
                if (layout->piece[i].kind == PIECE_HOLE && vrange_size(layout->piece[i].range) >= 1ull << 40)
                        assert_true(layout->piece[i].label[0] && (layout->piece[i].is_shortened || layout->fit != FIT_POSTER));
}

static void huge_holes_are_shortened_and_say_how_large_they_are(void **state)
{
        (void)state;
        at_every_size(check_folds);
}

static void a_small_space_is_to_scale(void **state)
{
        struct layout *layout;
        double page = 0;

        (void)state;
        build_example(&built);
        layout = lay_out(NULL);
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];
                double width = piece->width / (double)(vrange_size(piece->range) / PAGE_SIZE);

                assert_false(piece->is_shortened);
                assert_true(page == 0 || fabs(width - page) < 0.01);
                page = width;
        }
        layout_free(layout);
}

static void a_tree_with_overlapping_regions_still_yields_a_bar(void **state)
{
        struct layout *layout;

        (void)state;
        build_example(&built);
        built.region[3].range.end += 0x20000;
        built.region[6].range = (struct vrange){ 0x1000, 0x2000 };
        built.region[9].range.end = built.tree.range.end + 0x1000;
        layout = lay_out(NULL);
        check_bar(layout);
        layout_free(layout);
}

static void guards_are_pieces_of_their_own(void **state)
{
        struct layout *layout;
        size_t guards = 0;

        (void)state;
        build_example(&built);
        built.region[7].before = 1;
        built.region[7].after = 2;
        layout = lay_out(NULL);
        for (size_t i = 0; i < layout->pieces; i++)
                guards += layout->piece[i].kind == PIECE_GUARD;
        assert_int_equal(guards, 2);
        check_bar(layout);
        layout_free(layout);
}

/* Each triangle's piece is as wide as its number, each region's as can be seen; only the hole above them is larger. */
static void a_piece_that_no_other_can_be_compared_with_is_shortened(void **state)
{
        enum { REGIONS = 3000 };
        static uint64_t pages[REGIONS][2];
        struct shown_operation shown;
        struct layout *layout;
        const struct layout_piece *last;

        (void)state;
        for (size_t i = 0; i < REGIONS; i++)
                pages[i][0] = pages[i][1] = 1;
        build_tree(&built, (struct vrange){ 0x10000, 1ull << 47 }, pages, REGIONS);
        build_search(&shown, &built, 1ull << 40);
        layout = lay_out_for(FIT_SCREEN, &shown);
        last = &layout->piece[layout->pieces - 1];
        assert_int_equal(last->kind, PIECE_HOLE);
        assert_true(last->is_shortened);
        assert_true(last->label[0]);
        layout_free(layout);
}

static void an_empty_tree_is_one_hole(void **state)
{
        struct layout *layout;

        (void)state;
        build_sparse(&built, 0);
        built.tree.range = (struct vrange){ 0x10000, 0x50000 };
        built.tree.tail_gap = 64;
        layout = lay_out(NULL);
        assert_int_equal(layout->pieces, 1);
        assert_string_equal(layout->piece[0].label, "64");
        assert_non_null(strstr(layout->subtitle, "no regions · one hole of 64 pages"));
        layout_free(layout);
}

/* --- how much ---------------------------------------------------------------------------------------------- */

static void too_many_regions_are_refused(void **state)
{
        struct layout *layout;

        (void)state;
        build_example(&built);
        built.tree.regions = LAYOUT_REGIONS_MAX + 1;
        assert_int_equal(layout_create(&layout, &(struct layout_request){ .tree = &built.tree, .space = "" }).code,
                         ERROR_BAD_ARGUMENT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(nodes_lie_in_the_order_of_addresses_below_their_parents),
                cmocka_unit_test(nodes_do_not_overlap),
                cmocka_unit_test(no_drop_line_crosses_a_node),
                cmocka_unit_test(words_stay_inside_their_boxes_and_clear_of_the_next),
                cmocka_unit_test(five_hundred_regions_fit_eight_thousand_pixels_and_what_was_visited_is_always_a_box),
                cmocka_unit_test(the_bar_covers_the_range_without_a_gap_or_an_overlap),
                cmocka_unit_test(huge_holes_are_shortened_and_say_how_large_they_are),
                cmocka_unit_test(a_small_space_is_to_scale),
                cmocka_unit_test(a_tree_with_overlapping_regions_still_yields_a_bar),
                cmocka_unit_test(guards_are_pieces_of_their_own),
                cmocka_unit_test(a_piece_that_no_other_can_be_compared_with_is_shortened),
                cmocka_unit_test(an_empty_tree_is_one_hole),
                cmocka_unit_test(too_many_regions_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
