#include "layout_steps.h"
#include "format.h"
#include "known.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

#define ADD(line, ...) text_append(line, sizeof line, __VA_ARGS__)

enum { LEGEND_LINE = 19, LEGEND_MARGIN = 30, BOTTOM_MARGIN = 34 };

/* What was asked, as one would write the call: "place_anywhere(mmap 8, 4 pages, aligned to 2 MiB)". */
static void add_call(struct layout *layout, const struct trail *trail, const struct model_tree *tree)
{
        const struct model_operation *operation = &trail->operation;
        char *title = layout->title;
        size_t size = sizeof layout->title;
        bool seeks = trail_seeks_hole(trail);
        char name[MODEL_NAME_SIZE];

        text_append(title, size, "%s(", word_of_tree_operation(operation->kind));
        text_copy_name(name, sizeof name, operation->name);
        if (name[0])
                text_append(title, size, "%s, ", name);
        if (operation->kind == FIND && operation->size <= 1)
                text_append(title, size, "%s", units_address(operation->address));
        else if (operation->kind == FIND)
                text_append(title, size, "the first in %s", units_range(trail_footprint_at(trail, operation->address)));
        else if (operation->kind == SPLIT)
                text_append(title, size, "at %s", units_address(operation->address));
        else
                text_append(title, size, "%s", units_long(layout->units, trail_pages(trail)));
        if (operation->kind == PLACE_SPECIFICALLY || operation->kind == REMOVE || operation->kind == RESIZE)
                text_append(title, size, " at %s", units_address(operation->address));
        if (operation->kind == PLACE_NEAR)
                text_append(title, size, " near %s", units_address(operation->address));
        if (seeks && operation->alignment > PAGE_SIZE)
                text_append(title, size, ", aligned to %s", units_long(UNITS_BYTES, operation->alignment / PAGE_SIZE));
        if (trail_places(trail) && (operation->before || operation->after))
                text_append(title, size, ", guards %s and %s", units_short(layout->units, operation->before / PAGE_SIZE),
                            units_short(layout->units, operation->after / PAGE_SIZE));
        if (trail_places(trail) &&
            (operation->window.base > tree->range.base || operation->window.end < tree->range.end))
                text_append(title, size, ", window %s", units_range(operation->window));
        text_append(title, size, ")");
}

static void add_outcome(struct layout *layout, const struct trail *trail)
{
        const struct model_operation *operation = &trail->operation;

        if (!trail_is_over(trail))
                ADD(layout->title, " … in progress");
        else if (operation->result != ERROR_OK)
                ADD(layout->title, " → %s", error_name(operation->result));
        else if (trail_places(trail) || operation->kind == FIND || operation->kind == SPLIT)
                ADD(layout->title, " → %s", units_address(operation->result_address));
        else
                ADD(layout->title, " → done");
        if (trail_is_over(trail) && operation->result != ERROR_OK && operation->kind != FIND) {
                char why[WHY_SIZE];

                why_refused(why, trail, layout->largest_hole, layout->units);
                ADD(layout->alert, "%s", why);
        }
}

static void add_subtitle(struct layout *layout, const struct layout_request *request)
{
        const struct model_tree *tree = request->tree;

        if (request->trail)
                ADD(layout->subtitle, "operation %s · ", format_count(request->trail->operation.number));
        if (request->event)
                ADD(layout->subtitle, "event %s%s · ", format_count(request->event),
                    request->trail && request->trail->foretold ? ", before it changes anything" : "");
        if (!layout->nodes)
                ADD(layout->subtitle, "no regions · one hole of %s", units_long(layout->units, tree->tail_gap));
        else
                ADD(layout->subtitle, "%s · height %u · black height %u · largest hole %s",
                    format_counted(layout->nodes, "region"), layout->height_of_tree, model_black_height(tree),
                    units_long(layout->units, layout->largest_hole));
}

void layout_add_captions(struct layout *layout, const struct layout_request *request)
{
        char name[MODEL_NAME_SIZE];

        text_copy_name(name, sizeof name, request->space);
        ADD(layout->title, "%s", name);
        if (request->trail) {
                ADD(layout->title, " · ");
                add_call(layout, request->trail, request->tree);
                add_outcome(layout, request->trail);
        }
        add_subtitle(layout, request);
        if (request->note)
                ADD(layout->alert, "%s%s", layout->alert[0] ? " " : "", request->note);
        snprintf(layout->description, sizeof layout->description, "The region tree of %s. %s. %s", name,
                 layout->subtitle, layout->alert);
}

/* --- the legend ------------------------------------------------------------------------------------------- */

static void explain(struct layout *layout, size_t *line, const char *words)
{
        char *current = layout->legend[*line];

        double width = text_width(current, TEXT_LEGEND) + text_width(words, TEXT_LEGEND) + 20;

        if (current[0] && width > layout->right - layout->left && *line + 1 < LAYOUT_LEGEND_LINES)
                current = layout->legend[++*line];
        text_append(current, sizeof layout->legend[0], "%s%s", current[0] ? " · " : "", words);
}

struct features {
        bool red, visited, pale, linking, marks, guards, folded, holes;
};

static struct features features_of(const struct layout *layout)
{
        struct features has = { 0 };

        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];

                has.red |= node->colour == RED;
                has.visited |= node->role == NODE_VISITED || node->role == NODE_OBJECTING;
                has.pale |= node->pale;
                has.linking |= node->linking;
                has.marks |= !node->is_box;
        }
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];

                has.guards |= piece->kind == PIECE_GUARD;
                has.folded |= piece->folded;
                has.holes |= piece->kind == PIECE_HOLE;
        }
        return has;
}

void layout_add_legend(struct layout *layout)
{
        struct features has = features_of(layout);
        size_t line = 0;

        if (layout->nodes)
                explain(layout, &line, "square, heavy: black");
        if (has.red)
                explain(layout, &line, "round: red");
        if (has.marks)
                explain(layout, &line, "small: no room for words");
        if (has.visited)
                explain(layout, &line, "yellow: visited, in order");
        if (has.linking)
                explain(layout, &line, "yellow, dashed: down to where it is linked");
        if (has.pale)
                explain(layout, &line, "pale: skipped unvisited");
        if (has.holes)
                explain(layout, &line, layout->units == UNITS_PAGES ? "dashed: holes, in pages" : "dashed: holes");
        if (has.guards)
                explain(layout, &line, "striped: guard pages");
        if (has.folded)
                explain(layout, &line, "torn: folded, not to scale");
        if (layout->nodes)
                explain(layout, &line, layout->units == UNITS_PAGES ?
                        "gap: pages free below the region" : "gap: free below the region (K, M, G, T: KiB and so on)");
        if (layout->nodes)
                explain(layout, &line, "max: largest gap in its subtree");
        layout->height += LEGEND_MARGIN + LEGEND_LINE * line + BOTTOM_MARGIN;
        for (size_t i = 0; i <= line; i++)
                layout->legend_y[i] = layout->height - BOTTOM_MARGIN - LEGEND_LINE * (line - i);
}
