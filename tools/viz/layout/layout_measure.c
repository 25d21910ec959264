/*
 * How large each node of a picture is, and what is written in it and beneath it, once it is chosen which are boxes and
 * which are triangles.
 */
#include "base/format.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double larger(double a, double b)
{
        return a > b ? a : b;
}

static enum text_kind heading_kind(const struct layout *layout)
{
        return layout->units == UNITS_PAGES && !layout->is_tight ? TEXT_HEADING : TEXT_LONG_HEADING;
}

/* All boxes are as wide as the widest needs. */
static double box_width(const struct layout *layout)
{
        enum { PADDING = 20, TIGHT_PADDING = 10, LEAST = 108, MOST = 190 };
        const double padding = layout->is_tight ? TIGHT_PADDING : PADDING;
        double width = layout->box_lines > 1 ? LEAST : 0;

        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];

                if (node->form != NODE_BOX)
                        continue;
                width = larger(width, text_width(layout->box_lines > 1 ? node->heading : node->address,
                                                 heading_kind(layout)) + padding + layout_number_inside(layout, node));
                if (layout->box_lines > 1)
                        width = larger(width, text_width(node->gaps, TEXT_GAPS) + padding);
                if (layout->box_lines > 2)
                        width = larger(width, text_width(node->name, TEXT_NAME) + padding);
        }
        return fmin(width, MOST);
}

static double widest_word(const char *text)
{
        double widest = 0;
        char word[WHY_SIZE];

        while (*text) {
                size_t length = strcspn(text, " ");

                snprintf(word, sizeof word, "%.*s", (int)length, text);
                widest = larger(widest, text_width(word, TEXT_WHY));
                text += length + (text[length] == ' ');
        }
        return widest;
}

/* Breaks `text` into lines beneath a node, from line `line` on; words stay whole. Returns the next free line. */
static size_t add_text_beneath(struct layout_node *node, size_t line, double width, const char *text)
{
        width = larger(width, widest_word(text));
        while (*text && line < SUBTREE_LINES) {
                const char *end = text_break(text, TEXT_WHY, width);

                snprintf(node->beneath[line++], LAYOUT_LINE_SIZE, "%.*s", (int)(end - text), text);
                text = end + (*end == ' ');
        }
        return line;
}

static size_t count_differences(const struct layout *layout, const struct layout_node *top)
{
        size_t count = 0;

        for (size_t i = top->first; i <= top->last; i++)
                count += layout->node[i].differs[0] != 0;
        return count;
}

/*
 * The words beneath a triangle: how many regions, how many of them differ, and why the search is not there. Where room is
 * tight, only what the colour and the legend do not say.
 */
static void describe_subtree(struct layout *layout, struct layout_node *node, bool has_search)
{
        const size_t differences = count_differences(layout, node), size = layout_subtree_size(node);
        static const char skipped[] = "skipped: ";
        char why[WHY_SIZE] = "";
        size_t line;

        memset(node->beneath, 0, sizeof node->beneath);
        line = add_text_beneath(node, 0, layout->subtree_width,
                                layout->is_tight ? format_count(size) : format_counted(size, "region"));
        if (differences) {
                snprintf(why, sizeof why, "%s %s", format_count(differences), differences == 1 ? "differs" : "differ");
                line = add_text_beneath(node, line, layout->subtree_width, why);
        }
        if (!strncmp(node->skipped, skipped, sizeof skipped - 1)) {
                if (!layout->is_tight)
                        line = add_text_beneath(node, line, layout->subtree_width, "skipped:");
                snprintf(why, sizeof why, "%s", node->skipped + sizeof skipped - 1);
        } else if (node->is_skipped || !has_search) {
                snprintf(why, sizeof why, "max %s", units_short(layout->units, node->max));
        } else {
                snprintf(why, sizeof why, "%s", layout->is_tight ? "" : "not reached");
        }
        add_text_beneath(node, line, layout->subtree_width, why);
}

/* What the pointer finds out about a triangle. */
static void write_tooltip(const struct layout *layout, struct layout_node *node)
{
        struct vrange range = { layout->node[node->first].range.base, layout->node[node->last].range.end };
        uint64_t pages = 0;

        for (size_t i = node->first; i <= node->last; i++)
                pages += vrange_size(layout->node[i].range) >> PAGE_SHIFT;
        snprintf(node->subtree_tooltip, sizeof node->subtree_tooltip, "subtree of %s between %s, %s in all, largest gap %s",
                 format_counted(layout_subtree_size(node), "region"), units_range(range), units_long(layout->units, pages),
                 units_long(layout->units, node->max));
}

/* What was decided at a box without children may stand beneath it: beside it, the words would make the tree wider. */
static void describe_leaf(const struct layout *layout, struct layout_node *node)
{
        if (!layout->has_words_beneath || node->first != node->last)
                return;
        memset(node->beneath, 0, sizeof node->beneath);
        add_text_beneath(node, 0, node->width, layout_words_beside(layout, node));
}

/* How wide and how high the words beneath a node are. Those of a triangle are a part of it. */
static void measure_beneath(struct layout_node *node)
{
        const bool is_triangle = node->form == NODE_SUBTREE;
        double *width = is_triangle ? &node->width : &node->beneath_width;
        double *height = is_triangle ? &node->height : &node->beneath_height;

        if (!is_triangle && node->beneath[0][0])
                *height = layout_words_below(node);
        for (size_t line = 0; line < SUBTREE_LINES && node->beneath[line][0]; line++) {
                *width = larger(*width, text_width(node->beneath[line], TEXT_WHY));
                *height += SUBTREE_LINE;
        }
}

void layout_measure(struct layout *layout, bool has_search)
{
        double width = box_width(layout);

        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];

                node->beneath[0][0] = 0;
                node->beneath_width = node->beneath_height = 0;
                if (node->form == NODE_BOX) {
                        node->width = width;
                        node->height = layout->box_height;
                        describe_leaf(layout, node);
                } else if (node->form == NODE_SMALL) {
                        node->width = node->height = SMALL_NODE;
                } else if (node->form == NODE_SUBTREE) {
                        node->width = TRIANGLE_WIDTH;
                        node->height = TRIANGLE_HEIGHT;
                        describe_subtree(layout, node, has_search);
                        write_tooltip(layout, node);
                }
                measure_beneath(node);
        }
}
