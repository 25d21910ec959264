#include "layout_steps.h"
#include "error_message.h"
#include "text.h"

#include <stdlib.h>

/*
 * Rows are levels of the tree. From left to right each node goes as far left as the nodes before it allow:
 *
 *      - no box may be crossed by the drop line of a shallower node beside it in address order;
 *      - nodes of one level keep clear of each other and of the words beside them;
 *      - an edge is as wide as the words above it need.
 */
enum {
        MARGIN = 60,
        ROW_OF_BOXES = 118,
        ROW_OF_MARKS = 34,
        CLEAR = 12,                             /* between boxes */
        CLEAR_OF_MARKS = 3,
        ROOMY_NODES = 12,                       /* so few nodes are spread out, each in a column of its own */
        PADDING = 20,
        BOX_WIDTH_LEAST = 108, BOX_WIDTH_MOST = 190,
        NARROWEST = 640,
};

static double at_least(double value, double least)
{
        return value < least ? least : value;
}

static enum text_kind heading_kind(const struct layout *layout)
{
        return layout->units == UNITS_PAGES ? TEXT_HEADING : TEXT_LONG_HEADING;
}

/* All boxes are as wide as the widest needs. */
static double box_width(const struct layout *layout)
{
        double width = BOX_WIDTH_LEAST;

        for (size_t i = 0; i < layout->nodes; i++) {
                width = at_least(width, text_width(layout->node[i].heading, heading_kind(layout)) + PADDING);
                width = at_least(width, text_width(layout->node[i].name, TEXT_NAME) + PADDING);
                width = at_least(width, text_width(layout->node[i].gaps, TEXT_GAPS) + PADDING);
        }
        return width < BOX_WIDTH_MOST ? width : BOX_WIDTH_MOST;
}

/* How far a node and the words to its right reach from its middle. */
static double reach(const struct layout_node *node)
{
        double words = at_least(text_width(node->number, TEXT_NUMBER), text_width(node->decided, TEXT_WHY));

        return node->width / 2 + (words > 0 ? words + 2 * HALO + 4 : 0);
}

/*
 * How far right a node must be for the node of another level that came last there: the drop line of the shallower one
 * must not meet the deeper.
 */
static double clear_of_level(const struct layout_node *before, const struct layout_node *node)
{
        const struct layout_node *deeper = before->depth > node->depth ? before : node;

        return before->x + deeper->width / 2 + (deeper->is_box ? CLEAR / 2 : CLEAR_OF_MARKS);
}

/* The same for the last node of its own level, and the words beside that. */
static double clear_of_row(const struct layout_node *before, const struct layout_node *node)
{
        return before->x + reach(before) + node->width / 2 + (before->is_box || node->is_box ? CLEAR : CLEAR_OF_MARKS);
}

static double clear_of_words_on_edge(const struct layout_node *child)
{
        return child->skipped[0] && child->is_box ? text_width(child->skipped, TEXT_WHY) * 1.4 + 12 : 0;
}

/* As far left as the nodes before it allow; `newest` is the last node of each level so far. */
static double leftmost(const struct layout *layout, size_t i, const size_t *newest)
{
        const struct layout_node *node = &layout->node[i];
        const struct layout_node *parent = node->parent == NOWHERE ? NULL : &layout->node[node->parent];
        double x = node->width / 2;
        size_t below = newest[node->depth + 1];

        for (unsigned depth = 0; depth < layout->height_of_tree; depth++)
                if (newest[depth] != NOWHERE)
                        x = at_least(x, depth == node->depth ? clear_of_row(&layout->node[newest[depth]], node) :
                                                               clear_of_level(&layout->node[newest[depth]], node));
        if (parent && node->side == RIGHT)
                x = at_least(x, parent->x + clear_of_words_on_edge(node));
        if (below != NOWHERE && layout->node[below].parent == i)
                x = at_least(x, layout->node[below].x + clear_of_words_on_edge(&layout->node[below]));
        if (i && layout->nodes <= ROOMY_NODES)
                x = at_least(x, node[-1].x + node->width + CLEAR);
        return x;
}

/* Places all nodes for the boxes chosen. Returns how far right the picture reaches. */
static double spread(struct layout *layout, size_t *newest)
{
        double right = 0;

        for (unsigned depth = 0; depth <= layout->height_of_tree; depth++)
                newest[depth] = NOWHERE;
        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];

                node->x = leftmost(layout, i, newest);
                newest[node->depth] = i;
                right = at_least(right, node->x + reach(node));
        }
        return right;
}

/* Boxes down to a level, and wherever the operation went; marks below it. */
static void choose_boxes(struct layout *layout, unsigned levels, double width)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];

                node->is_box = node->depth < levels || node->role != NODE_PLAIN;
                node->width = node->is_box ? width : MARK_SIZE;
                node->height = node->is_box ? BOX_HEIGHT : MARK_SIZE;
        }
}

/* A tree that fits a wide screen is drawn in full; beyond that, width is given out sparingly. */
static double width_allowed(const struct layout *layout)
{
        double width = 3600 + 9.0 * layout->nodes;

        return width < 7800 ? width : 7800;
}

static void place_rows(struct layout *layout)
{
        double y = layout->tree_top;

        for (unsigned depth = 0; depth < layout->height_of_tree; depth++) {
                bool has_box = false;

                for (size_t i = 0; i < layout->nodes; i++)
                        has_box |= layout->node[i].depth == depth && layout->node[i].is_box;
                y += has_box ? BOX_HEIGHT / 2 : MARK_SIZE;
                for (size_t i = 0; i < layout->nodes; i++)
                        if (layout->node[i].depth == depth)
                                layout->node[i].y = y;
                y += has_box ? ROW_OF_BOXES - BOX_HEIGHT / 2 : ROW_OF_MARKS - MARK_SIZE;
        }
        layout->fan_top = y + 24;
}

/* The most levels of boxes with which the tree is not too wide; at least one. Returns how far right it reaches. */
static double choose_levels(struct layout *layout, size_t *newest)
{
        double width = box_width(layout), right;
        unsigned enough = 1, too_many = layout->height_of_tree + 1, levels = layout->height_of_tree;

        for (;; levels = (enough + too_many) / 2) {
                choose_boxes(layout, levels, width);
                right = spread(layout, newest);
                if (right <= width_allowed(layout))
                        enough = levels;
                else
                        too_many = levels;
                if (levels <= 1 || too_many <= enough + 1)
                        break;
        }
        if (levels != enough) {
                choose_boxes(layout, enough, width);
                right = spread(layout, newest);
        }
        return right;
}

struct error layout_place_nodes(struct layout *layout)
{
        double right, text;
        size_t *newest = calloc((size_t)layout->height_of_tree + 2, sizeof *newest);

        if (!newest)
                return fail_no_memory();
        right = choose_levels(layout, newest);
        free(newest);
        layout->left = MARGIN;
        text = at_least(text_width(layout->title, TEXT_TITLE), text_width(layout->subtitle, TEXT_SUBTITLE));
        layout->right = MARGIN + at_least(at_least(right, NARROWEST), text < 1200 ? text : 1200);
        layout->width = layout->right + MARGIN;
        layout->tree_top = layout->alert[0] ? 114 : 90;
        for (size_t i = 0; i < layout->nodes; i++)
                layout->node[i].x += MARGIN + (layout->right - layout->left - right) / 2;
        place_rows(layout);
        return SUCCESS;
}
