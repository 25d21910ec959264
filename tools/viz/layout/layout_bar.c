#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
        LABEL_PADDING = 8, ZIGZAG_PADDING = 36,
        NAME_LEAST = 32,                        /* in less, a name is not worth cutting */
        TICK_CLEAR = 10,
        FAN_LEAST = 36, FAN_MOST = 150,
};

static double clamped(double value, double least, double most)
{
        return value < least ? least : value > most ? most : value;
}

/* --- cutting ---------------------------------------------------------------------------------------------- */

static void add_piece(struct layout *layout, enum piece_kind kind, struct vrange range, size_t node)
{
        if (!vrange_is_empty(range))
                layout->piece[layout->pieces++] = (struct layout_piece){ .kind = kind, .range = range, .node = node };
}

/* A hole, cut where the place that the operation takes begins and ends. */
static void add_hole(struct layout *layout, struct vrange hole, struct vrange place)
{
        struct vrange middle = vrange_intersection(hole, place);

        if (vrange_is_empty(middle))
                middle = (struct vrange){ hole.base, hole.base };
        add_piece(layout, PIECE_HOLE, (struct vrange){ hole.base, middle.base }, NOWHERE);
        add_piece(layout, PIECE_HOLE, middle, NOWHERE);
        add_piece(layout, PIECE_HOLE, (struct vrange){ middle.end, hole.end }, NOWHERE);
}

static struct vrange from(uintptr_t least, struct vrange range)
{
        return (struct vrange){ range.base > least ? range.base : least, range.end };
}

/* A region and its guards; or, of a subtree that is drawn as one, all from its first region to its last. */
static void add_region(struct layout *layout, size_t i, struct vrange whole)
{
        const struct layout_node *node = &layout->node[i];
        struct vrange inner = vrange_intersection(whole, node->range);

        if (node->form == NODE_SUBTREE) {
                add_piece(layout, PIECE_SUBTREE, whole, i);
                return;
        }
        add_piece(layout, PIECE_GUARD, (struct vrange){ whole.base, inner.base }, i);
        add_piece(layout, PIECE_REGION, inner, i);
        add_piece(layout, PIECE_GUARD, (struct vrange){ inner.end, whole.end }, i);
}

static struct vrange footprint_of(const struct layout *layout, const struct layout_node *node)
{
        if (node->form != NODE_SUBTREE)
                return node->footprint;
        return (struct vrange){ layout->node[node->first].footprint.base, layout->node[node->last].footprint.end };
}

/* In a tree that breaks the rules regions may overlap or lie outside; what is drawn never does. */
static void cut(struct layout *layout, struct vrange range, struct vrange place)
{
        uintptr_t reached = range.base;

        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];
                struct vrange whole = vrange_intersection(from(reached, footprint_of(layout, node)), range);

                if (!layout_is_shown(node) || vrange_is_empty(whole))
                        continue;
                if (node->form != NODE_SUBTREE && vrange_is_empty(vrange_intersection(whole, node->range)))
                        continue;
                add_hole(layout, (struct vrange){ reached, whole.base }, place);
                add_region(layout, i, whole);
                reached = whole.end;
        }
        add_hole(layout, (struct vrange){ reached, range.end }, place);
}

double layout_bar_x(const struct layout *layout, uint64_t address)
{
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];

                if (vrange_contains(piece->range, address))
                        return piece->x + piece->width * (address - piece->range.base) / vrange_size(piece->range);
        }
        return layout->pieces && address < layout->piece[0].range.base ? layout->left : layout->right;
}

/* --- words ------------------------------------------------------------------------------------------------ */

static void label_hole(struct layout *layout, struct layout_piece *piece, double room)
{
        uint64_t pages = vrange_size(piece->range) >> PAGE_SHIFT;
        const char *words[] = { units_long(layout->units, pages), units_short(layout->units, pages) };

        for (size_t i = piece->is_shortened ? 0 : 1; i < 2 && !piece->label[0]; i++)
                if (text_width(words[i], TEXT_HOLE) <= room)
                        snprintf(piece->label, sizeof piece->label, "%s", words[i]);
        snprintf(piece->tooltip, sizeof piece->tooltip, "hole %s, %s", units_range(piece->range), words[0]);
}

static void label_subtree(struct layout *layout, struct layout_piece *piece, double room)
{
        const struct layout_node *node = &layout->node[piece->node];
        char words[LAYOUT_LINE_SIZE];

        snprintf(words, sizeof words, "▲ %s", format_counted(layout_subtree_size(node), "region"));
        if (text_width(words, TEXT_PIECE) > room)
                snprintf(words, sizeof words, "%s%s", layout->is_tight ? "" : "▲ ",
                         format_count(layout_subtree_size(node)));
        if (text_width(words, TEXT_PIECE) <= room)
                snprintf(piece->label, sizeof piece->label, "%s", words);
}

/* A name is cut to fit, but not to a letter or two. */
static void label(struct layout *layout, struct layout_piece *piece)
{
        double room = piece->width - LABEL_PADDING - (piece->is_shortened ? ZIGZAG_PADDING : 0);
        const struct layout_node *node;

        if (piece->kind == PIECE_HOLE) {
                label_hole(layout, piece, room);
                return;
        }
        if (piece->kind == PIECE_SUBTREE) {
                label_subtree(layout, piece, room);
                return;
        }
        node = &layout->node[piece->node];
        if (piece->kind == PIECE_GUARD)
                snprintf(piece->tooltip, sizeof piece->tooltip, "guard of %s", node->tooltip);
        if (piece->kind == PIECE_REGION && (room > NAME_LEAST || text_width(node->bare_name, TEXT_PIECE) <= room))
                text_fit(piece->label, sizeof piece->label, node->bare_name, TEXT_PIECE, room);
}

/* Where regions begin, as far as there is room; the bar's own ends always. */
static struct error add_ticks(struct layout *layout, struct vrange range)
{
        double end = layout->right - text_width(units_address(range.end), TEXT_TICK) / 2 - TICK_CLEAR, reached;
        struct layout_tick *tick = layout->tick = calloc(layout->pieces + 2, sizeof *layout->tick);

        if (!tick)
                return fail_no_memory();
        snprintf(tick->text, sizeof tick->text, "%s", units_address(range.base));
        tick->x = fmax(layout->left, text_width(tick->text, TEXT_TICK) / 2 + TICK_CLEAR);
        reached = tick->x + text_width(tick->text, TEXT_TICK) / 2 + TICK_CLEAR;
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];
                const char *text;
                double half;

                if ((piece->kind != PIECE_REGION && piece->kind != PIECE_SUBTREE) || piece->x < reached || piece->x > end)
                        continue;
                text = units_address(piece->range.base);
                half = text_width(text, TEXT_TICK) / 2;
                if (piece->x - half < reached || piece->x + half > end)
                        continue;
                *++tick = (struct layout_tick){ .x = piece->x };
                snprintf(tick->text, sizeof tick->text, "%s", text);
                reached = piece->x + half + TICK_CLEAR;
        }
        tick++;
        snprintf(tick->text, sizeof tick->text, "%s", units_address(range.end));
        tick->x = fmin(layout->right, layout->width - text_width(tick->text, TEXT_TICK) / 2 - TICK_CLEAR);
        layout->ticks = tick - layout->tick + 1;
        return SUCCESS;
}

/* The farther drop lines have to go aside, the more height they get for it. */
static double fan_height(const struct layout *layout)
{
        double farthest = 0;

        if (layout->arrangement == TIDY)
                return FAN_LEAST;
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];

                if (piece->kind == PIECE_REGION || piece->kind == PIECE_SUBTREE)
                        farthest = fmax(farthest, fabs(piece->x + piece->width / 2 - layout->node[piece->node].x));
        }
        return clamped(farthest * 0.2, FAN_LEAST, FAN_MOST);
}

struct error layout_add_bar(struct layout *layout, const struct model_tree *tree, const struct shown_operation *shown)
{
        size_t shown_nodes = 0;

        for (size_t i = 0; i < layout->nodes; i++)
                shown_nodes += layout_is_shown(&layout->node[i]);
        layout->piece = malloc((4 * shown_nodes + 3) * sizeof *layout->piece);
        if (!layout->piece)
                return fail_no_memory();
        cut(layout, tree->range, shown ? shown_place(shown) : (struct vrange){ 0 });
        if (layout->pieces)
                layout_scale_bar(layout);
        for (size_t i = 0; i < layout->pieces; i++)
                label(layout, &layout->piece[i]);
        layout->bar_top = layout->fan_top + fan_height(layout);
        return add_ticks(layout, tree->range);
}
