#include "layout_steps.h"
#include "error_message.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
        FOLDED_WIDTH = 100,
        WIDEST_LEAST = 12,                      /* how wide the smallest piece is, if there is room */
        LABEL_PADDING = 8, FOLDED_PADDING = 36,
        NAME_LEAST = 32,                        /* in less, a name is not worth cutting */
        TICK_CLEAR = 10,
        FAN_LEAST = 42, FAN_MOST = 150,
};

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

/* In a tree that breaks the rules regions may overlap or lie outside; what is drawn never does. */
static void cut(struct layout *layout, struct vrange range, struct vrange place)
{
        uintptr_t reached = range.base;

        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];
                struct vrange whole = vrange_intersection(from(reached, node->footprint), range);
                struct vrange inner = vrange_intersection(whole, node->range);

                if (vrange_is_empty(whole) || vrange_is_empty(inner))
                        continue;
                add_hole(layout, (struct vrange){ reached, whole.base }, place);
                add_piece(layout, PIECE_GUARD, (struct vrange){ whole.base, inner.base }, i);
                add_piece(layout, PIECE_REGION, inner, i);
                add_piece(layout, PIECE_GUARD, (struct vrange){ inner.end, whole.end }, i);
                reached = whole.end;
        }
        add_hole(layout, (struct vrange){ reached, range.end }, place);
}

/* --- the scale -------------------------------------------------------------------------------------------- */

static double clamped(double value, double least, double most)
{
        return value < least ? least : value > most ? most : value;
}

/* How wide pieces may be drawn. Holes are folded early: of an empty stretch the size says all. */
struct limits {
        double least, hole, region;
};

static double natural_width(const struct layout_piece *piece, double pixels_per_byte)
{
        return pixels_per_byte * vrange_size(piece->range);
}

static double limit_of(const struct layout_piece *piece, struct limits limits)
{
        return piece->kind == PIECE_HOLE ? limits.hole : limits.region;
}

static double sum_of_widths(const struct layout *layout, double pixels_per_byte, struct limits limits)
{
        double sum = 0;

        for (size_t i = 0; i < layout->pieces; i++)
                sum += clamped(natural_width(&layout->piece[i], pixels_per_byte), limits.least,
                               limit_of(&layout->piece[i], limits));
        return sum;
}

/* The scale at which all pieces, the small ones widened and the long ones folded, fill the bar. */
static double find_scale(const struct layout *layout, double width, struct limits limits)
{
        double low = 1e-18, high = 1;           /* a pixel a byte is more than anyone needs */

        for (int i = 0; i < 100; i++) {
                double middle = sqrt(low * high);

                if (sum_of_widths(layout, middle, limits) < width)
                        low = middle;
                else
                        high = middle;
        }
        return high;
}

/* Widening a few pieces bends the scale a little; where most would have to be widened, something is far too long. */
static bool is_bent(const struct layout *layout, double pixels_per_byte, double least)
{
        size_t widened = 0;

        for (size_t i = 0; i < layout->pieces; i++)
                widened += natural_width(&layout->piece[i], pixels_per_byte) < least;
        return widened * 3 > layout->pieces;
}

static void scale(struct layout *layout)
{
        double width = layout->right - layout->left, mean = width / layout->pieces, x = layout->left, stretch;
        struct limits limits = { clamped(mean / 2, 1, WIDEST_LEAST), width, width };
        double pixels_per_byte = find_scale(layout, width, limits);

        if (is_bent(layout, pixels_per_byte, limits.least)) {
                limits.hole = fmax(mean * 2, FOLDED_WIDTH);
                limits.region = fmax(mean * 8, 3 * FOLDED_WIDTH);
                pixels_per_byte = find_scale(layout, width, limits);
        }
        stretch = width / sum_of_widths(layout, pixels_per_byte, limits);
        for (size_t i = 0; i < layout->pieces; i++) {
                struct layout_piece *piece = &layout->piece[i];
                double natural = natural_width(piece, pixels_per_byte);

                piece->folded = natural > limit_of(piece, limits) * 1.05;
                piece->x = x;
                piece->width = clamped(natural, limits.least, limit_of(piece, limits)) * stretch;
                x += piece->width;
        }
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

        for (size_t i = piece->folded ? 0 : 1; i < 2 && !piece->label[0]; i++)
                if (text_width(words[i], TEXT_HOLE) <= room)
                        snprintf(piece->label, sizeof piece->label, "%s", words[i]);
        snprintf(piece->tooltip, sizeof piece->tooltip, "hole %s, %s", units_range(piece->range), words[0]);
}

/* A name is cut to fit, but not to a letter or two. */
static void label(struct layout *layout, struct layout_piece *piece)
{
        double room = piece->width - LABEL_PADDING - (piece->folded ? FOLDED_PADDING : 0);
        const struct layout_node *node;

        if (piece->kind == PIECE_HOLE) {
                label_hole(layout, piece, room);
                return;
        }
        node = &layout->node[piece->node];
        snprintf(piece->tooltip, sizeof piece->tooltip, "%s%s", piece->kind == PIECE_GUARD ? "guard of " : "",
                 node->tooltip);
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
        *tick = (struct layout_tick){ .x = layout->left };
        snprintf(tick->text, sizeof tick->text, "%s", units_address(range.base));
        reached = tick->x + text_width(tick->text, TEXT_TICK) / 2 + TICK_CLEAR;
        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];
                const char *text = units_address(piece->range.base);
                double half = text_width(text, TEXT_TICK) / 2;

                if (piece->kind != PIECE_REGION || piece->x - half < reached || piece->x + half > end)
                        continue;
                *++tick = (struct layout_tick){ .x = piece->x };
                snprintf(tick->text, sizeof tick->text, "%s", text);
                reached = piece->x + half + TICK_CLEAR;
        }
        *++tick = (struct layout_tick){ .x = layout->right };
        snprintf(tick->text, sizeof tick->text, "%s", units_address(range.end));
        layout->ticks = tick - layout->tick + 1;
        return SUCCESS;
}

/* The farther drop lines have to go aside, the more height they get for it. */
static double fan_height(const struct layout *layout)
{
        double farthest = 0;

        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];

                if (piece->kind == PIECE_REGION)
                        farthest = fmax(farthest, fabs(piece->x + piece->width / 2 - layout->node[piece->node].x));
        }
        return clamped(farthest * 0.2, FAN_LEAST, FAN_MOST);
}

struct error layout_add_bar(struct layout *layout, const struct model_tree *tree, const struct trail *trail)
{
        layout->piece = calloc(4 * layout->nodes + 3, sizeof *layout->piece);
        if (!layout->piece)
                return fail_no_memory();
        cut(layout, tree->range, trail ? trail_place(trail) : (struct vrange){ 0 });
        if (layout->pieces)
                scale(layout);
        for (size_t i = 0; i < layout->pieces; i++)
                label(layout, &layout->piece[i]);
        layout->bar_top = layout->fan_top + fan_height(layout);
        return add_ticks(layout, tree->range);
}
