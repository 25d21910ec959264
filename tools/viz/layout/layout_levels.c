/*
 * The red-black tree as the 2-3-4 tree that it stands for. A row is a level of black nodes; a red node stands in its
 * parent's row, since both are keys of one 2-3-4 node, which is drawn as a band around them:
 *
 *            40                             [ 20r 40 ]
 *          /    \                           /    |    \
 *       20r      60           ->         [10]  [30]  [60]
 *      /   \
 *    10     30                     all are black but 20r
 *
 * Under the tree lies its floor: for each gap between two keys, how many black nodes are on the way to it. If the rules
 * hold, it is even, for all leaves of a 2-3-4 tree are equally deep.
 */
#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdlib.h>

enum { BAND_ABOVE = 8, FLOOR_BELOW_TREE = 22, FLOOR_STEP = 12, FLOOR_STEPS_MOST = 3, FLOOR_ROOM = 14 };

static const struct layout_node *parent_of(const struct layout *layout, const struct layout_node *node)
{
        return node->parent == NOWHERE ? NULL : &layout->node[node->parent];
}

bool layout_shares_row(const struct layout *layout, const struct layout_node *node)
{
        const struct layout_node *parent = layout->is_levelled ? parent_of(layout, node) : NULL;

        return parent && parent->row == node->row;
}

size_t layout_top_of_band(const struct layout *layout, size_t i)
{
        while (layout_shares_row(layout, &layout->node[i]))
                i = layout->node[i].parent;
        return i;
}

bool layout_is_red_below_red(const struct layout *layout, const struct layout_node *node)
{
        const struct layout_node *parent = parent_of(layout, node);

        return parent && node->colour == RED && parent->colour == RED;
}

/* --- rows ------------------------------------------------------------------------------------------------- */

static unsigned blacks_on_path(const struct layout *layout, size_t i)
{
        unsigned blacks = 0;

        for (; i != NOWHERE; i = layout->node[i].parent)
                blacks += layout->node[i].colour == BLACK;
        return blacks;
}

/* The black nodes on the way to the gap before node `i`, which hangs on the deeper of its two neighbours. */
static unsigned blacks_to_gap(const struct layout *layout, size_t i)
{
        size_t below = i ? i - 1 : 0, above = i < layout->nodes ? i : layout->nodes - 1;

        return blacks_on_path(layout, layout->node[below].depth > layout->node[above].depth ? below : above);
}

/* How many black nodes are on the ways down. */
struct blacks {
        unsigned usual, least, most;            /* usual: on more ways than any other number */
};

static struct error count_blacks(struct blacks *out, const struct layout *layout)
{
        size_t *gaps = calloc((size_t)layout->height_of_tree + 2, sizeof *gaps);

        if (!gaps)
                return fail_no_memory();
        out->least = layout->height_of_tree;
        for (size_t i = 0; i <= layout->nodes; i++) {
                unsigned blacks = blacks_to_gap(layout, i);

                gaps[blacks]++;
                out->least = blacks < out->least ? blacks : out->least;
                out->most = blacks > out->most ? blacks : out->most;
        }
        for (unsigned blacks = 0; blacks <= layout->height_of_tree; blacks++)
                if (gaps[blacks] > gaps[out->usual])
                        out->usual = blacks;
        free(gaps);
        return SUCCESS;
}

static void say_broken_rules(struct layout *layout, const struct blacks *blacks)
{
        size_t red_below_red = 0;

        for (size_t i = 0; i < layout->nodes; i++)
                red_below_red += layout_is_red_below_red(layout, &layout->node[i]);
        if (layout->is_crooked)
                text_append(layout->alert, sizeof layout->alert,
                            "%sThe floor is crooked: some paths pass %u black nodes, others %u.",
                            layout->alert[0] ? " " : "", blacks->least, blacks->most);
        if (red_below_red)
                text_append(layout->alert, sizeof layout->alert, "%s%s below a red one.", layout->alert[0] ? " " : "",
                            red_below_red == 1 ? "A red node lies" : "Red nodes lie");
}

/* Of two keys that are joined, the left one has the other to its right. */
static void join_keys(struct layout *layout)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];

                if (layout_shares_row(layout, node))
                        layout->node[node->side == LEFT ? i : node->parent].has_key_to_its_right = true;
        }
}

struct error layout_use_levels(struct layout *layout)
{
        struct blacks blacks = { 0 };
        unsigned root = 0;

        if (!layout->nodes)
                return SUCCESS;
        layout->is_levelled = true;
        for (size_t i = 0; i < layout->nodes; i++)
                if (layout->node[i].parent == NOWHERE)
                        root = layout->node[i].colour == BLACK;
        for (size_t i = 0; i < layout->nodes; i++)
                layout->node[i].row = blacks_on_path(layout, i) - root;
        join_keys(layout);
        TRY(count_blacks(&blacks, layout));
        layout->floor_blacks = blacks.usual;
        layout->is_crooked = blacks.least != blacks.most;
        say_broken_rules(layout, &blacks);
        return SUCCESS;
}

/* --- bands ------------------------------------------------------------------------------------------------ */

static void stretch(struct layout_band *band, const struct layout_node *node)
{
        band->left = fmin(band->left, node->x - node->width / 2 - BAND_SIDE);
        band->right = fmax(band->right, node->x + node->width / 2 + BAND_SIDE);
        band->keys++;
}

/* Of boxes: a triangle stands for whole 2-3-4 nodes. */
static struct error add_bands(struct layout *layout)
{
        size_t *band_of = calloc(layout->nodes, sizeof *band_of);

        layout->band = calloc(layout->nodes, sizeof *layout->band);
        if (!layout->band || !band_of) {
                free(band_of);
                return fail_no_memory();
        }
        for (size_t pass = 0; pass < 2; pass++)
                for (size_t i = 0; i < layout->nodes; i++) {
                        const struct layout_node *node = &layout->node[i];
                        size_t top = layout_top_of_band(layout, i);

                        if (node->form != NODE_BOX && node->form != NODE_SMALL)
                                continue;
                        if (pass == 0 && top == i) {
                                band_of[i] = layout->bands++;
                                layout->band[band_of[i]] = (struct layout_band){
                                        .top = i, .left = INFINITY, .right = -INFINITY,
                                        .y = node->y - node->height / 2 - BAND_ABOVE, .height = node->height + 2 * BAND_ABOVE,
                                };
                        }
                        if (pass == 1)
                                stretch(&layout->band[band_of[top]], node);
                }
        free(band_of);
        return SUCCESS;
}

/* --- the floor -------------------------------------------------------------------------------------------- */

/* Where a node is drawn: itself, or the triangle that stands for it. */
static const struct layout_node *drawn(const struct layout *layout, size_t i)
{
        while (layout->node[i].form == NODE_HIDDEN)
                i = layout->node[i].parent;
        return &layout->node[i];
}

static double step_height(const struct layout *layout, size_t gap)
{
        int missing = (int)layout->floor_blacks - (int)blacks_to_gap(layout, gap);

        return fmax(-FLOOR_STEPS_MOST, fmin(FLOOR_STEPS_MOST, missing)) * FLOOR_STEP;
}

/* A step for each gap between two nodes that are drawn apart; and for each in a triangle that is not as the others. */
static struct error add_floor(struct layout *layout)
{
        double y = layout->fan_top + FLOOR_BELOW_TREE;

        layout->step = calloc(layout->nodes + 1, sizeof *layout->step);
        if (!layout->step)
                return fail_no_memory();
        for (size_t i = 0; i <= layout->nodes; i++) {
                double height = step_height(layout, i);
                double left = i ? drawn(layout, i - 1)->x : layout->left;
                double right = i < layout->nodes ? drawn(layout, i)->x : layout->right;

                if (right - left < 1 && height == 0)
                        continue;
                if (right - left < 1) {
                        left -= TRIANGLE_WIDTH / 2.0;
                        right += TRIANGLE_WIDTH / 2.0;
                }
                layout->step[layout->steps++] = (struct layout_step){ left, right, y - height, height != 0 };
        }
        layout->fan_top = y + FLOOR_ROOM + (layout->is_crooked ? FLOOR_STEPS_MOST * FLOOR_STEP : 0);
        return SUCCESS;
}

struct error layout_add_levels(struct layout *layout)
{
        if (!layout->is_levelled)
                return SUCCESS;
        TRY(add_bands(layout));
        return add_floor(layout);
}
