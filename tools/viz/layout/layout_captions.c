#include "base/format.h"
#include "draw/text.h"
#include "layout/layout_steps.h"
#include "moment/operation_words.h"

#include <stdio.h>
#include <string.h>

#define ADD(line, ...) text_append(line, sizeof line, __VA_ARGS__)

enum { FIRST_BASELINE = 37, TITLE_LINE = 26, SUBTITLE_LINE = 22, ALERT_LINE = 20, ABOVE_TREE = 8 };

static void add_operation(struct layout *layout, const struct shown_operation *shown, const struct model_tree *tree)
{
        const struct model_operation *operation = &shown->operation;

        operation_call(layout->title, sizeof layout->title, shown, tree->range, layout->units);
        operation_outcome(layout->title, sizeof layout->title, shown);
        if (shown_is_over(shown) && operation->result != ERROR_OK && operation->kind != FIND) {
                char why[WHY_SIZE];

                why_refused(why, shown, layout->largest_hole, layout->units);
                ADD(layout->alert, "%s", why);
        }
}

static void add_subtitle(struct layout *layout, const struct layout_request *request)
{
        const struct model_tree *tree = request->tree;

        if (request->shown)
                ADD(layout->subtitle, "operation %s · ", format_count(request->shown->operation.number));
        if (request->event)
                ADD(layout->subtitle, "event %s%s · ", format_count(request->event),
                    request->shown && request->shown->before_change ? ", before it changes anything" : "");
        if (!layout->nodes)
                ADD(layout->subtitle, "no regions · one hole of %s", units_long(layout->units, tree->tail_gap));
        else if (layout->is_list)
                ADD(layout->subtitle, "a list of %s · largest hole %s", format_counted(layout->nodes, "region"),
                    units_long(layout->units, layout->largest_hole));
        else
                ADD(layout->subtitle, "%s · height %u · black height %u · largest hole %s",
                    format_counted(layout->nodes, "region"), layout->height_of_tree, model_black_height(tree),
                    units_long(layout->units, layout->largest_hole));
}

/* The picture for those who cannot see it, as long as a description may be; `regionviz tree --text' says the rest. */
static void describe(struct layout *layout, const char *space)
{
        enum { MOST_NODES = 12 };
        size_t subtrees = 0, regions = 0;

        ADD(layout->description, "The region tree of %s. %s. %s", space, layout->subtitle, layout->alert);
        if (!layout->visits)
                return;
        ADD(layout->description, "%sThe search visited ", layout->alert[0] ? " " : "");
        for (size_t i = 0; i < layout->visits && i < MOST_NODES; i++) {
                const struct layout_visit *visit = &layout->visit[i];
                const char *address = visit->node == NOWHERE ? "a region that was removed later"
                                                                     : layout->node[visit->node].address;

                ADD(layout->description, "%s%s", i ? ", " : "", visit->region ? address : "the tail gap");
        }
        for (size_t i = 0; i < layout->nodes; i++)
                if (layout->node[i].skipped[0]) {
                        subtrees++;
                        regions += layout_subtree_size(&layout->node[i]);
                }
        ADD(layout->description, "%s", layout->visits > MOST_NODES ? " and so on" : "");
        if (subtrees)
                ADD(layout->description, "; it skipped %s", format_counted(subtrees, "subtree"));
        if (subtrees)
                ADD(layout->description, " with %s", format_counted(regions, "region"));
        ADD(layout->description, ".");
}

void layout_add_captions(struct layout *layout, const struct layout_request *request)
{
        char name[MODEL_NAME_SIZE];

        text_copy_name(name, sizeof name, request->space);
        if (request->title) {
                ADD(layout->title, "%s", request->title);
                describe(layout, name);
                return;
        }
        ADD(layout->title, "%s", name);
        if (request->shown) {
                ADD(layout->title, " · ");
                add_operation(layout, request->shown, request->tree);
        }
        add_subtitle(layout, request);
        if (request->note)
                ADD(layout->alert, "%s%s", layout->alert[0] ? " " : "", request->note);
        describe(layout, name);
}

/* --- where they go ---------------------------------------------------------------------------------------- */

double layout_add_text(struct layout *layout, enum text_kind kind, double y, double line_height, const char *text)
{
        while (*text && layout->lines < LAYOUT_LINES_MAX) {
                const char *end = text_break(text, kind, layout->right - layout->left);
                struct layout_line *line = &layout->line[layout->lines++];

                *line = (struct layout_line){ .kind = kind, .y = y };
                snprintf(line->text, sizeof line->text, "%.*s", (int)(end - text), text);
                text = end + (*end == ' ');
                y += line_height;
        }
        return y;
}

void layout_place_captions(struct layout *layout)
{
        double y = FIRST_BASELINE;

        y = layout_add_text(layout, TEXT_TITLE, y, TITLE_LINE, layout->title);
        y = layout_add_text(layout, TEXT_SUBTITLE, y, SUBTITLE_LINE, layout->subtitle);
        y = layout_add_text(layout, TEXT_ALERT, y, ALERT_LINE, layout->alert);
        layout->tree_top = y + ABOVE_TREE;
}
