/*
 * Two other arrangements of a tree, at every size: by levels of black nodes, as the 2-3-4 tree that it stands for, and
 * tidily, as textbooks have it.
 */
#include "built_tree.h"
#include "layout/layout_draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct built_tree built;

static const size_t sizes[] = { 0, 1, 2, 7, 12, 13, 40, 150, 500 };
enum { SIZES = sizeof sizes / sizeof sizes[0] };

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

/* --- by black levels -------------------------------------------------------------------------------------- */

static struct layout *lay_out_by_levels(enum fit fit, const struct shown_operation *shown)
{
        struct layout *layout = NULL;
        struct error error = layout_create(&layout, &(struct layout_request){
                .tree = &built.tree, .space = "test", .event = 1, .shown = shown, .fit = fit,
                .levels = LEVELS_BY_BLACK });

        assert_int_equal(error.code, ERROR_OK);
        return layout;
}

static const struct layout_band *band_of(const struct layout *layout, size_t node)
{
        for (size_t i = 0; i < layout->bands; i++)
                if (layout->band[i].top == layout_top_of_band(layout, node))
                        return &layout->band[i];
        return NULL;
}

static void check_levels(const struct layout *layout)
{
        assert_false(layout->is_crooked);
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i], *parent;
                const struct layout_band *band = band_of(layout, i);

                if (node->parent == NOWHERE || !layout_is_shown(node))
                        continue;
                parent = &layout->node[node->parent];
                assert_int_equal(node->row, parent->row + (node->colour == BLACK));
                assert_true(node->colour == BLACK ? node->y > parent->y : node->y == parent->y);
                assert_true((node->x > parent->x) == (node->side == RIGHT));
                if (node->form == NODE_SUBTREE)
                        continue;
                assert_non_null(band);
                assert_in_range(band->keys, 1, 3);
                assert_true(band->left < node->x - node->width / 2 && node->x + node->width / 2 < band->right);
        }
        for (size_t i = 0; i < layout->steps; i++)
                assert_true(!layout->step[i].is_odd && layout->step[i].y == layout->step[0].y);
}

static void a_red_node_stands_beside_its_parent_and_the_floor_is_even(void **state)
{
        (void)state;
        for (size_t i = 0; i < SIZES; i++)
                for (enum fit fit = FIT_SCREEN; fit <= FIT_POSTER; fit++) {
                        struct shown_operation shown;
                        struct layout *layout;

                        build_sparse(&built, sizes[i]);
                        build_search(&shown, &built, 2);
                        layout = lay_out_by_levels(fit, &shown);
                        check_levels(layout);
                        check_no_overlap(layout);
                        layout_free(layout);
                }
}

static void a_broken_rule_is_a_crooked_floor_and_is_said(void **state)
{
        struct layout *layout;
        size_t odd = 0;

        (void)state;
        build_example(&built);
        for (size_t i = 0; i < built.tree.regions; i++)
                if (built.region[i].colour == RED) {
                        built.region[i].colour = BLACK;
                        break;
                }
        layout = lay_out_by_levels(FIT_POSTER, NULL);
        assert_true(layout->is_crooked);
        for (size_t i = 0; i < layout->steps; i++)
                odd += layout->step[i].is_odd;
        assert_int_equal(odd, 2);
        assert_non_null(strstr(layout->alert, "The floor is crooked: some paths pass "));
        layout_free(layout);
}

static void red_below_red_is_said_and_makes_a_band_too_large(void **state)
{
        struct layout *layout;
        size_t too_large = 0;

        (void)state;
        build_example(&built);
        for (size_t i = 0; i < built.tree.regions; i++)
                if (built.region[i].colour == RED && built.region[i].parent->colour == BLACK) {
                        built.region[i].parent->colour = RED;
                        built.region[i].parent->parent->child[LEFT]->colour = RED;
                        built.region[i].parent->parent->child[RIGHT]->colour = RED;
                        break;
                }
        layout = lay_out_by_levels(FIT_POSTER, NULL);
        assert_non_null(strstr(layout->alert, " below a red one."));
        for (size_t i = 0; i < layout->bands; i++)
                too_large += layout->band[i].keys > 3;
        assert_in_range(too_large, 1, 2);
        layout_free(layout);
}

/* --- tidy ------------------------------------------------------------------------------------------------- */

static struct layout *lay_out_tidily(enum fit fit, const struct shown_operation *shown)
{
        struct layout *layout = NULL;
        struct error error = layout_create(&layout, &(struct layout_request){
                .tree = &built.tree, .space = "test", .event = 1, .shown = shown, .fit = fit, .arrangement = TIDY });

        assert_int_equal(error.code, ERROR_OK);
        return layout;
}

static size_t child_of(const struct layout *layout, size_t parent, enum side side)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];

                if (node->parent == parent && node->side == side && layout_is_shown(node))
                        return i;
        }
        return NOWHERE;
}

static void check_tidiness(const struct layout *layout)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                size_t left = child_of(layout, i, LEFT), right = child_of(layout, i, RIGHT);

                if (left != NOWHERE)
                        assert_true(layout->node[left].x < layout->node[i].x);
                if (right != NOWHERE)
                        assert_true(layout->node[right].x > layout->node[i].x);
                if (left != NOWHERE && right != NOWHERE)
                        assert_true(fabs(layout->node[left].x + layout->node[right].x - 2 * layout->node[i].x) < 0.01);
                if (layout_is_shown(&layout->node[i]))
                        assert_true(layout->node[i].x - layout->node[i].width / 2 >= 0 &&
                                    layout->node[i].x + layout->node[i].width / 2 <= layout->width);
        }
}

static void a_tidy_parent_stands_above_the_middle_of_its_children(void **state)
{
        (void)state;
        for (size_t i = 0; i < SIZES; i++)
                for (enum fit fit = FIT_SCREEN; fit <= FIT_POSTER; fit++) {
                        struct shown_operation shown;
                        struct layout *layout;

                        build_sparse(&built, sizes[i]);
                        build_search(&shown, &built, 2);
                        layout = lay_out_tidily(fit, &shown);
                        check_tidiness(layout);
                        check_no_overlap(layout);
                        layout_free(layout);
                }
}

static void a_tidy_tree_that_is_the_same_on_both_sides_looks_so(void **state)
{
        static const uint64_t pages[7][2] = { { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
        struct layout *layout;

        (void)state;
        build_tree(&built, (struct vrange){ 0x10000, 0x20000 }, pages, 7);
        layout = lay_out_tidily(FIT_POSTER, NULL);
        for (size_t i = 0; i < 3; i++)
                assert_true(fabs(layout->node[i].x + layout->node[6 - i].x - 2 * layout->node[3].x) < 0.01);
        layout_free(layout);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_red_node_stands_beside_its_parent_and_the_floor_is_even),
                cmocka_unit_test(a_broken_rule_is_a_crooked_floor_and_is_said),
                cmocka_unit_test(red_below_red_is_said_and_makes_a_band_too_large),
                cmocka_unit_test(a_tidy_parent_stands_above_the_middle_of_its_children),
                cmocka_unit_test(a_tidy_tree_that_is_the_same_on_both_sides_looks_so),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
