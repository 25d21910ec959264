#include "draw/text.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_ROW = 42, ROW = 18, BETWEEN_TEXTS = 16, DIFFERENCES_MOST = 12 };

static struct layout_mark *add_mark(struct layout *layout, enum mark_kind kind, struct vrange range)
{
        struct layout_mark *mark;

        if (layout->marks == LAYOUT_MARKS_MAX)
                layout->marks--;
        mark = &layout->mark[layout->marks++];
        *mark = (struct layout_mark){ .kind = kind, .range = range, .x = layout_bar_x(layout, range.base) };
        mark->width = fmax(0, layout_bar_x(layout, range.end) - mark->x);
        return mark;
}

#define MARK(layout, kind, range, ...)                                                                              \
        do {                                                                                                        \
                struct layout_mark *mark_ = add_mark(layout, kind, range);                                          \
                snprintf(mark_->text, sizeof mark_->text, __VA_ARGS__);                                             \
        } while (0)

static void mark_point(struct layout *layout, uint64_t address, const char *what)
{
        MARK(layout, MARK_POINT, ((struct vrange){ address, address }), "%s %s", what, units_address(address));
}

/* The largest hole of all: the first one in address order. */
static void mark_largest_hole(struct layout *layout, const struct model_tree *tree, const struct shown_operation *shown)
{
        uint64_t size = layout->largest_hole * PAGE_SIZE, base = tree->range.end - size;

        for (size_t i = 0; i < layout->nodes; i++)
                if (layout->node[i].gap == layout->largest_hole) {
                        base = layout->node[i].footprint.base - size;
                        break;
                }
        MARK(layout, MARK_REFUSED, ((struct vrange){ base, base + size }), "the largest hole: %s, wanted: %s",
             units_short(layout->units, layout->largest_hole), units_short(layout->units, shown_need(shown)));
}

static void mark_placing(struct layout *layout, const struct model_tree *tree, const struct shown_operation *shown)
{
        const struct model_operation *operation = &shown->operation;
        struct vrange place = shown_place(shown);

        if (operation->window.base > tree->range.base || operation->window.end < tree->range.end)
                MARK(layout, MARK_WINDOW, operation->window, "window %s", units_range(operation->window));
        if (operation->kind == PLACE_NEAR)
                mark_point(layout, operation->address, "hint");
        for (size_t i = 0; i < operation->draws; i++)
                mark_point(layout, operation->draw[i].address, "drawn");
        if (!vrange_is_empty(place))
                MARK(layout, MARK_PLACE, place, "%s%s: %s", shown->before_change ? "taken" : "placed",
                     operation->before || operation->after ? ", guards included" : "", units_range(place));
        else if (shown_is_over(shown) && operation->kind == PLACE_SPECIFICALLY)
                MARK(layout, MARK_REFUSED, shown_footprint_at(shown, operation->address), "wanted: %s",
                     units_range(shown_footprint_at(shown, operation->address)));
        else if (shown_is_over(shown) && layout->largest_hole && operation->result == ERROR_NO_MEMORY &&
                 layout->largest_hole < shown_need(shown))
                mark_largest_hole(layout, tree, shown);
}

static void mark_rest(struct layout *layout, const struct shown_operation *shown)
{
        switch (shown->operation.kind) {
        case FIND:
                mark_point(layout, shown->operation.address, "sought:");
                break;
        case SPLIT:
                mark_point(layout, shown->operation.address, "split at");
                break;
        case REMOVE:
                MARK(layout, MARK_PLACE, shown->operation.footprint, "%s %s",
                     shown_is_over(shown) && !shown->before_change ? "free again:" : "to be free:",
                     units_range(shown->operation.footprint));
                break;
        case RESIZE:
                MARK(layout, MARK_PLACE, shown->operation.footprint, "before: %s",
                     units_range(shown->operation.footprint));
                break;
        default:
                break;
        }
}

/* A find that succeeds points out its region in the bar too. */
static void mark_found(struct layout *layout, const struct shown_operation *shown)
{
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];

                if (piece->kind == PIECE_REGION && layout->node[piece->node].region == shown->operation.result_region)
                        add_mark(layout, MARK_PLACE, piece->range);
        }
}

/* The tail gap has no node; when it is visited, the bar says so. */
static void mark_tail(struct layout *layout, const struct model_tree *tree)
{
        struct vrange tail = tree->range;

        for (size_t i = 0; i < layout->visits; i++) {
                if (layout->visit[i].region)
                        continue;
                tail.base = tree->range.end - layout->visit[i].gap * PAGE_SIZE;
                MARK(layout, layout->visit[i].is_contradicted ? MARK_REFUSED : MARK_VISITED, tail, "%zu: tail %s", i + 1,
                     layout->visit[i].decided);
                return;
        }
}

/* The first ranges that differ, in address order. What is said of them stands at their nodes, if there are many. */
static void mark_differences(struct layout *layout, const struct layout_request *request)
{
        enum { WORDS_MOST = 4 };
        size_t count = 0;

        for (size_t i = 0; i < request->differences && count < DIFFERENCES_MOST; i++) {
                const struct layout_difference *difference = &request->difference[i];

                if (vrange_is_empty(difference->range))
                        continue;
                MARK(layout, MARK_DIFFERENT, difference->range, "%s", count < WORDS_MOST ? difference->words : "");
                count++;
        }
}

/* Each text goes beneath its mark, in the first row where nothing is in its way. */
static void place_texts(struct layout *layout)
{
        unsigned rows = 0;

        for (size_t i = 0; i < layout->marks; i++) {
                struct layout_mark *mark = &layout->mark[i];
                double half = text_width(mark->text, TEXT_MARK) / 2 + BETWEEN_TEXTS / 2;
                unsigned row = 0;

                if (!mark->text[0])
                        continue;
                mark->text_x = mark->x + mark->width / 2;
                if (mark->text_x < layout->left + half)
                        mark->text_x = layout->left + half;
                if (mark->text_x > layout->right - half)
                        mark->text_x = layout->right - half;
                for (size_t j = 0; j < i; j++) {
                        const struct layout_mark *other = &layout->mark[j];
                        double both = half + text_width(other->text, TEXT_MARK) / 2 + BETWEEN_TEXTS / 2;
                        double apart = mark->text_x - other->text_x;

                        if (other->text[0] && other->text_y == row && apart < both && apart > -both) {
                                row++;
                                j = (size_t)-1; /* a lower row: ask all of them again */
                        }
                }
                mark->text_y = row;
                if (rows <= row)
                        rows = row + 1;
        }
        for (size_t i = 0; i < layout->marks; i++)
                layout->mark[i].text_y = layout->bar_top + BAR_HEIGHT + FIRST_ROW + ROW * layout->mark[i].text_y;
        layout->height = layout->bar_top + BAR_HEIGHT + FIRST_ROW + ROW * rows;
}

void layout_add_marks(struct layout *layout, const struct layout_request *request)
{
        const struct model_tree *tree = request->tree;
        const struct shown_operation *shown = request->shown;

        if (layout->pieces)
                mark_differences(layout, request);
        if (shown && layout->pieces) {
                if (shown_places(shown))
                        mark_placing(layout, tree, shown);
                else
                        mark_rest(layout, shown);
                if (shown->operation.kind == FIND && shown_succeeded(shown))
                        mark_found(layout, shown);
                mark_tail(layout, tree);
        }
        place_texts(layout);
}
