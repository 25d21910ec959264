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

/* What one node stands for in the bar: itself, or of a triangle all regions, or some that follow each other. */
struct stretch {
        size_t node, regions;
        struct vrange footprint;                /* from the first to the last */
};

/* A region and its guards, or a triangle's regions. In `whole`, where nothing is drawn yet. */
static void add_region(struct layout *layout, const struct stretch *stretch, struct vrange whole)
{
        const struct layout_node *node = &layout->node[stretch->node];
        struct vrange inner = vrange_intersection(whole, node->range);

        if (node->form == NODE_SUBTREE) {
                add_piece(layout, PIECE_SUBTREE, whole, stretch->node);
                layout->piece[layout->pieces - 1].regions = stretch->regions;
                return;
        }
        add_piece(layout, PIECE_GUARD, (struct vrange){ whole.base, inner.base }, stretch->node);
        add_piece(layout, PIECE_REGION, inner, stretch->node);
        add_piece(layout, PIECE_GUARD, (struct vrange){ inner.end, whole.end }, stretch->node);
}

/* A bar that is cut as far as `reached`. */
struct cutting {
        struct vrange range, place;
        uintptr_t reached;
};

/* In a tree that breaks the rules regions may overlap or lie outside; what is drawn never does. */
static void add_stretch(struct layout *layout, struct cutting *cutting, const struct stretch *stretch)
{
        const struct layout_node *node = &layout->node[stretch->node];
        struct vrange whole = vrange_intersection(from(cutting->reached, stretch->footprint), cutting->range);

        if (vrange_is_empty(whole))
                return;
        if (node->form != NODE_SUBTREE && vrange_is_empty(vrange_intersection(whole, node->range)))
                return;
        add_hole(layout, (struct vrange){ cutting->reached, whole.base }, cutting->place);
        add_region(layout, stretch, whole);
        cutting->reached = whole.end;
}

static struct vrange footprint_of(const struct layout *layout, const struct layout_node *node)
{
        if (node->form != NODE_SUBTREE)
                return node->footprint;
        return (struct vrange){ layout->node[node->first].footprint.base, layout->node[node->last].footprint.end };
}

static void cut_tree(struct layout *layout, struct cutting *cutting)
{
        for (size_t i = 0; i < layout->nodes; i++)
                if (layout_is_shown(&layout->node[i]))
                        add_stretch(layout, cutting, &(struct stretch){
                                .node = i, .regions = layout_subtree_size(&layout->node[i]),
                                .footprint = footprint_of(layout, &layout->node[i]),
                        });
}

static int by_base(const void *a, const void *b)
{
        uintptr_t left = ((const struct stretch *)a)->footprint.base, right = ((const struct stretch *)b)->footprint.base;

        return (left > right) - (left < right);
}

/*
 * The regions of an early kernel's list stand in no order, and so do those of a triangle that hides its end: what
 * follows each other in the bar becomes one piece, the rest another.
 */
static struct error cut_list(struct layout *layout, struct cutting *cutting)
{
        struct stretch *stretch = calloc(layout->nodes + 1, sizeof *stretch);
        size_t count = 0;

        if (!stretch)
                return fail_no_memory();
        for (size_t i = 0; i < layout->nodes; i++)
                stretch[i] = (struct stretch){
                        .node = layout_is_shown(&layout->node[i]) ? i : stretch[i - 1].node, .regions = 1,
                        .footprint = layout->node[i].footprint,
                };
        qsort(stretch, layout->nodes, sizeof *stretch, by_base);
        for (size_t i = 0; i < layout->nodes; i++) {
                struct stretch *last = count ? &stretch[count - 1] : NULL;

                if (last && last->node == stretch[i].node) {
                        if (last->footprint.end < stretch[i].footprint.end)
                                last->footprint.end = stretch[i].footprint.end;
                        last->regions++;
                } else {
                        stretch[count++] = stretch[i];
                }
        }
        for (size_t i = 0; i < count; i++)
                add_stretch(layout, cutting, &stretch[i]);
        free(stretch);
        return SUCCESS;
}

static struct error cut(struct layout *layout, struct vrange range, struct vrange place)
{
        struct cutting cutting = { range, place, range.base };

        if (layout->is_list)
                TRY(cut_list(layout, &cutting));
        else
                cut_tree(layout, &cutting);
        add_hole(layout, (struct vrange){ cutting.reached, range.end }, place);
        return SUCCESS;
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
        char words[LAYOUT_LINE_SIZE];

        snprintf(words, sizeof words, "▲ %s", format_counted(piece->regions, "region"));
        if (text_width(words, TEXT_PIECE) > room)
                snprintf(words, sizeof words, "%s%s", layout->is_tight ? "" : "▲ ", format_count(piece->regions));
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
        size_t stretches = 0;

        for (size_t i = 0; i < layout->nodes; i++)
                stretches += layout->is_list || layout_is_shown(&layout->node[i]);
        layout->piece = malloc((4 * stretches + 3) * sizeof *layout->piece);
        if (!layout->piece)
                return fail_no_memory();
        TRY(cut(layout, tree->range, shown ? shown_place(shown) : (struct vrange){ 0 }));
        if (layout->pieces)
                layout_scale_bar(layout);
        for (size_t i = 0; i < layout->pieces; i++)
                label(layout, &layout->piece[i]);
        layout->bar_top = layout->fan_top + fan_height(layout);
        return add_ticks(layout, tree->range);
}
