#include "base/error_message.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdlib.h>

/*
 * Rows are levels of the tree. From left to right each node goes as far left as the nodes before it allow:
 *
 *      - no box may be crossed by the drop line of a shallower node beside it in address order;
 *      - nodes of one level keep clear of each other and of the words beside them;
 *      - words beside a node keep clear of those beneath another, which reach down into deeper rows;
 *      - an edge is as wide as the words above it need.
 */
enum {
        ROW_OF_SMALL_NODES = 34,
        CLEAR = 12,                             /* between boxes */
        TIGHT_CLEAR = 8,
        CLEAR_OF_SMALL = 3,
        CLEAR_OF_BANDS = 22,                    /* more between boxes of different 2-3-4 nodes */
        ROOM_FOR_WORDS = 28,                    /* so far apart must rows be for words above the edges between them */
        BELOW_TREE = 24,
};

static double at_least(double value, double least)
{
        return value < least ? least : value;
}

static bool is_small(const struct layout_node *node)
{
        return node->form == NODE_SMALL;
}

bool layout_has_words_on_edges(const struct layout *layout)
{
        return layout->row_height - layout->box_height >= ROOM_FOR_WORDS;
}

double layout_whole_width(const struct layout_node *node)
{
        return at_least(node->width, node->beneath_width);
}

double layout_whole_height(const struct layout_node *node)
{
        return node->height + node->beneath_height;
}

const char *layout_words_beside(const struct layout *layout, const struct layout_node *node)
{
        if (node->form != NODE_BOX || node->beneath[0][0])
                return "";
        if (layout->has_few_words && node->role != NODE_BLOCKING && (layout->is_levelled || node->first != node->last))
                return "";
        if (node->decided[0] || (layout_has_words_on_edges(layout) && !layout_shares_row(layout, node)))
                return node->decided;
        return node->skipped;
}

double layout_words_start(const struct layout *layout, const struct layout_node *node)
{
        if (node->differs[0])
                return FRAME_OF_DIFFERENCE + 4;
        return layout->is_levelled && !node->has_key_to_its_right ? BAND_SIDE + 4 : 2 * HALO;
}

double layout_words_below(const struct layout_node *node)
{
        return node->differs[0] ? FRAME_OF_DIFFERENCE + 3 : 2 * HALO - 1;
}

double layout_number_inside(const struct layout *layout, const struct layout_node *node)
{
        enum { CLEAR_OF_NUMBER = 4 };

        return layout->is_tight && node->number[0] ? text_width(node->number, TEXT_MARK) + CLEAR_OF_NUMBER : 0;
}

double layout_words_indent(const struct layout *layout, const struct layout_node *node)
{
        if (layout->box_lines > 1 || layout->is_tight || !node->number[0])
                return 0;
        return text_width(node->number, TEXT_NUMBER) + 6;
}

/* How far a node and the words to its right reach from its middle. */
double layout_reach(const struct layout *layout, const struct layout_node *node)
{
        const char *beside = layout_words_beside(layout, node);
        double words = layout_words_indent(layout, node) + text_width(beside, TEXT_WHY);

        if (!layout->is_tight)
                words = at_least(words, text_width(node->number, TEXT_NUMBER));
        if (node->form == NODE_BOX)
                words = at_least(words, text_width(node->differs, TEXT_DIFFERENT));
        return at_least(layout_whole_width(node) / 2,
                        node->width / 2 + (words > 0 ? words + layout_words_start(layout, node) + 4 : 0));
}

static double frame_of_difference(const struct layout_node *node)
{
        return node->differs[0] && node->form == NODE_BOX ? FRAME_OF_DIFFERENCE : 0;
}

/*
 * How far right a node must be for the node of another level that came last there: the drop line of the shallower one
 * must not meet the deeper.
 */
static double clear_of_level(const struct layout_node *before, const struct layout_node *node)
{
        const struct layout_node *deeper = before->row > node->row ? before : node;

        return before->x + layout_whole_width(deeper) / 2 + (is_small(deeper) ? CLEAR_OF_SMALL : CLEAR / 2) +
               frame_of_difference(deeper);
}

/* The same for the last node of its own level, and the words beside that. */
static double clear_of_row(const struct layout *layout, const struct layout_node *before, const struct layout_node *node)
{
        double clear = is_small(before) && is_small(node) ? CLEAR_OF_SMALL : layout->is_tight ? TIGHT_CLEAR : CLEAR;

        clear += frame_of_difference(node);
        if (layout->is_levelled && layout_top_of_band(layout, (size_t)(before - layout->node)) !=
                                           layout_top_of_band(layout, (size_t)(node - layout->node)))
                clear += CLEAR_OF_BANDS;
        return before->x + layout_reach(layout, before) + layout_whole_width(node) / 2 + clear;
}

/* Whether the words beneath a node reach down to a deeper row. */
static bool reaches_down(const struct layout *layout, const struct layout_node *node, unsigned row)
{
        return node->beneath[0][0] && row > node->row &&
               (row - node->row) * layout->row_height < layout_whole_height(node);
}

double layout_words_on_edge(const struct layout *layout, const struct layout_node *child)
{
        if (!child->skipped[0] || layout_shares_row(layout, child) || child->form != NODE_BOX ||
            !layout_has_words_on_edges(layout))
                return 0;
        return text_width(child->skipped, TEXT_WHY) * 1.4 + 12;
}

/* As far left as the nodes before it allow; `newest` is the last node of each level so far. */
static double leftmost(const struct layout *layout, size_t i, const size_t *newest)
{
        const struct layout_node *node = &layout->node[i];
        const struct layout_node *parent = node->parent == NOWHERE ? NULL : &layout->node[node->parent];
        double x = layout_whole_width(node) / 2;
        size_t below = newest[node->row + 1];

        for (unsigned row = 0; row < layout->height_of_tree; row++) {
                const struct layout_node *before = newest[row] == NOWHERE ? NULL : &layout->node[newest[row]];

                if (!before)
                        continue;
                if (row == node->row || reaches_down(layout, node, row))
                        x = at_least(x, clear_of_row(layout, before, node));
                else
                        x = at_least(x, clear_of_level(before, node));
        }
        if (parent && node->side == RIGHT)
                x = at_least(x, parent->x + layout_words_on_edge(layout, node));
        if (below != NOWHERE && layout->node[below].parent == i)
                x = at_least(x, layout->node[below].x + layout_words_on_edge(layout, &layout->node[below]));
        if (i && layout->has_columns)
                x = at_least(x, node[-1].x + node->width + CLEAR);
        return x;
}

struct error layout_spread(struct layout *layout, double *right)
{
        size_t *newest;

        if (layout->arrangement == TIDY)
                return layout_spread_tidily(layout, right);
        newest = calloc((size_t)layout->height_of_tree + 2, sizeof *newest);
        if (!newest)
                return fail_no_memory();
        for (unsigned depth = 0; depth <= layout->height_of_tree; depth++)
                newest[depth] = NOWHERE;

        *right = 0;
        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];

                if (!layout_is_shown(node))
                        continue;
                node->x = leftmost(layout, i, newest);
                newest[node->row] = i;
                *right = at_least(*right, node->x + layout_reach(layout, node));
        }
        free(newest);
        return SUCCESS;
}

/* What is in a row, and where its boxes begin. */
struct row {
        bool is_shown, has_more_than_small;
        bool has_frames;                        /* around boxes that differ from another picture */
        double top, height;
};

static void look_at_rows(const struct layout *layout, struct row *row)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];

                if (!layout_is_shown(node))
                        continue;
                row[node->row].is_shown = true;
                row[node->row].has_more_than_small = row[node->row].has_more_than_small || !is_small(node);
                row[node->row].has_frames = row[node->row].has_frames || (node->form == NODE_BOX && node->differs[0]);
        }
}

/* How far a row is from the next: farther than others if the frames of one reach to those of the other. */
static double height_of_row(const struct layout *layout, const struct row *row)
{
        const double frames = row[0].has_frames + row[1].has_frames;
        const double framed = layout->box_height + frames * FRAME_OF_DIFFERENCE + (2 - frames) * 2 * HALO;

        return frames > 0 ? at_least(layout->row_height, framed + CLEAR / 3.0) : layout->row_height;
}

/* A triangle hangs from where the boxes of its row begin. */
struct error layout_place_rows(struct layout *layout)
{
        struct row *row = calloc((size_t)layout->height_of_tree + 2, sizeof *row);
        double top = layout->tree_top, bottom = top;

        if (!row)
                return fail_no_memory();
        look_at_rows(layout, row);
        for (unsigned i = 0; i < layout->height_of_tree && row[i].is_shown; i++) {
                row[i].top = top;
                row[i].height = row[i].has_more_than_small ? layout->box_height : 2 * SMALL_NODE;
                top += row[i].has_more_than_small ? height_of_row(layout, &row[i]) : ROW_OF_SMALL_NODES;
        }
        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];

                if (!layout_is_shown(node))
                        continue;
                node->y = row[node->row].top + (node->form == NODE_SUBTREE ? node->height : row[node->row].height) / 2;
                bottom = at_least(bottom, node->y + node->height / 2 + node->beneath_height);
        }
        layout->fan_top = bottom + BELOW_TREE;
        free(row);
        return SUCCESS;
}
