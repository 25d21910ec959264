#include "draw/text.h"
#include "layout/layout_steps.h"

#include <stdio.h>
#include <string.h>

enum { LEGEND_LINE = 19, LEGEND_MARGIN = 26, BOTTOM_MARGIN = 15 };

/* What the picture holds, and so what the legend must explain. */
struct features {
        bool red, visited, skipped, skipped_subtrees, linking, small, subtrees, guards, shortened, holes, gap, max;
};

/* Whether the words that are drawn at a node, which is shown, have `word` in them. */
static bool has_word(const struct layout *layout, const struct layout_node *node, const char *word)
{
        if (node->form == NODE_BOX && layout->box_lines > 1 && strstr(node->gaps, word))
                return true;
        for (size_t i = 0; i < SUBTREE_LINES && node->beneath[i][0]; i++)
                if (strstr(node->beneath[i], word))
                        return true;
        return strstr(layout_words_beside(layout, node), word) ||
               (node->form == NODE_BOX && layout_has_words_on_edges(layout) && strstr(node->skipped, word));
}

static struct features features_of(const struct layout *layout)
{
        struct features has = { 0 };

        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];
                bool has_colour = node->form == NODE_BOX || node->form == NODE_SMALL;

                has.red |= has_colour && node->colour == RED;
                has.visited |= node->role == NODE_VISITED || node->role == NODE_BLOCKING;
                has.skipped |= has_colour && node->is_skipped;
                has.skipped_subtrees |= node->form == NODE_SUBTREE && node->is_skipped;
                has.linking |= node->linking && !node->followed && node->parent != NOWHERE && layout_is_shown(node);
                has.small |= node->form == NODE_SMALL;
                has.subtrees |= node->form == NODE_SUBTREE;
                has.gap = has.gap || (layout_is_shown(node) && has_word(layout, node, "gap"));
                has.max = has.max || (layout_is_shown(node) && has_word(layout, node, "max"));
        }
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];

                has.guards |= piece->kind == PIECE_GUARD;
                has.shortened |= piece->is_shortened;
                has.holes |= piece->kind == PIECE_HOLE;
        }
        return has;
}

/* Entries go into one line as long as they fit; `line` holds what has not been placed yet. */
struct legend {
        struct layout *layout;
        double y;
        char line[LAYOUT_TITLE_SIZE];
};

static void end_line(struct legend *legend)
{
        legend->y = layout_add_text(legend->layout, TEXT_LEGEND, legend->y, LEGEND_LINE, legend->line);
        legend->line[0] = 0;
}

static void explain(struct legend *legend, const char *words)
{
        static const char between[] = " · ";
        double width = text_width(legend->line, TEXT_LEGEND) + text_width(between, TEXT_LEGEND) +
                       text_width(words, TEXT_LEGEND);

        if (legend->line[0] && width > legend->layout->right - legend->layout->left)
                end_line(legend);
        text_append(legend->line, sizeof legend->line, "%s%s", legend->line[0] ? between : "", words);
}

void layout_add_legend(struct layout *layout)
{
        struct features has = features_of(layout);
        struct legend legend = { .layout = layout, .y = layout->height + LEGEND_MARGIN };
        bool in_pages = layout->units == UNITS_PAGES;

        if (layout->nodes)
                explain(&legend, layout->is_list ? "each region of the list is drawn to the right of the one before it" :
                                                   "square, heavy: black node");
        if (has.red)
                explain(&legend, "round: red node");
        if (layout->is_levelled) {
                explain(&legend, "row: nodes with as many black ones above them");
                explain(&legend, "frame: a node of the 2-3-4 tree, a black one and its red children");
                explain(&legend, layout->is_crooked
                                         ? "line below: the floor, red where a way passes more or fewer black nodes"
                                         : "line below: the floor, even since all ways pass as many black nodes");
        }
        if (has.small)
                explain(&legend, "small: no room for words");
        if (has.subtrees)
                explain(&legend, layout->is_tight ? "triangle: a whole subtree, and how many regions it has" :
                                                    "triangle: a whole subtree");
        if (has.visited)
                explain(&legend, "gold: the search path, numbered in order");
        if (has.linking)
                explain(&legend, "dashed gold: not part of the search, leads to the insertion point");
        if (has.skipped || (has.skipped_subtrees && layout->is_tight))
                explain(&legend, "pale: skipped");
        if (has.holes)
                explain(&legend, in_pages ? "dashed: holes, in pages" : "dashed: holes");
        if (has.guards)
                explain(&legend, "striped: guard pages");
        if (has.shortened)
                explain(&legend, "zigzag: shortened, not to scale");
        if (has.gap)
                explain(&legend, in_pages ? "gap: free pages below the region" :
                                            "gap: free space below the region (K, M, G, T: KiB, MiB, GiB, TiB)");
        if (has.max)
                explain(&legend, "max: largest gap in the subtree");
        end_line(&legend);
        layout->height = legend.y + BOTTOM_MARGIN;
}
