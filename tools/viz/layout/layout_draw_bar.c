/*
 * The bar of a layout on a sheet: its pieces, what is marked in it, and the lines that join nodes to their pieces.
 */
#include "draw/text.h"
#include "layout/layout_draw.h"

#include <stdio.h>

enum { BESIDE_ZIGZAG = 14, TOOTH = 5, TEETH = 6 };

/* Straight down from the node, then aside to the middle of its piece. */
static void draw_drop(struct sheet *sheet, const struct layout *layout, const struct layout_piece *piece)
{
        const struct layout_node *node = &layout->node[piece->node];
        struct point drop[] = { { node->x, node->y + node->height / 2 + node->beneath_height }, { node->x, layout->fan_top },
                                { piece->x + piece->width / 2, layout->bar_top - 4 } };
        char from[NAME_SIZE], to[NAME_SIZE];

        snprintf(from, sizeof from, "r%llu", (unsigned long long)node->region);
        snprintf(to, sizeof to, "p%zu", (size_t)(piece - layout->piece));
        sheet_polyline(sheet, &(struct line){ .from = from, .to = to, .class = "drop", .role = ROLE_DROP, .pen = 1.2,
                                              .shade = node->form == NODE_SMALL ? PALE : FULL, .style = "dotted" }, drop, 3);
}

/* What the pointer finds out about a piece. */
static const char *tooltip_of(const struct layout *layout, const struct layout_piece *piece)
{
        if (piece->kind == PIECE_REGION)
                return layout->node[piece->node].tooltip;
        return piece->kind == PIECE_SUBTREE ? layout->node[piece->node].subtree_tooltip : piece->tooltip;
}

static void draw_part(struct sheet *sheet, const struct layout *layout, const struct layout_piece *piece,
                      const char *name, double x, double width)
{
        static const char *const classes[] = { "bar region", "bar guard", "bar hole", "bar subtree" };
        bool hole = piece->kind == PIECE_HOLE;

        sheet_box(sheet, &(struct box){
                .name = name, .class = classes[piece->kind], .tooltip = tooltip_of(layout, piece),
                .middle = { x + width / 2, layout->bar_top + BAR_HEIGHT / 2.0 }, .width = width, .height = BAR_HEIGHT,
                .pen = piece->width > 4 ? 1.5 : 0.5,
                .fill = hole ? ROLE_HOLE_FILL : piece->kind == PIECE_GUARD ? ROLE_GUARD_FILL : ROLE_REGION_FILL,
                .line = hole ? ROLE_HOLE_LINE : ROLE_REGION_LINE,
                .style = hole ? "filled,dashed" : piece->kind == PIECE_GUARD ? "striped" : "filled",
        });
}

static void draw_zigzag(struct sheet *sheet, const struct layout *layout, const char *name, double x)
{
        struct point zigzag[TEETH + 1];

        for (int i = 0; i <= TEETH; i++)
                zigzag[i] = (struct point){ x + (i % 2 ? TOOTH : 0),
                                            layout->bar_top - 4 + (BAR_HEIGHT + 8.0) * i / TEETH };
        sheet_polyline(sheet, &(struct line){ .from = name, .to = name, .class = "zigzag", .role = ROLE_SOFT, .pen = 1.5,
                                              .style = "solid" }, zigzag, TEETH + 1);
}

static enum text_kind kind_of_label(const struct layout_piece *piece)
{
        return piece->kind == PIECE_HOLE ? TEXT_HOLE : TEXT_PIECE;
}

/* A piece that is too long is shortened: its two ends, and between two zigzags how much it is. */
static void draw_piece(struct sheet *sheet, const struct layout *layout, const struct layout_piece *piece)
{
        char name[NAME_SIZE], other[NAME_SIZE + 1];
        double end = piece->x + piece->width;
        double stub = (piece->width - text_width(piece->label, kind_of_label(piece))) / 2 - BESIDE_ZIGZAG;

        snprintf(name, sizeof name, "p%zu", (size_t)(piece - layout->piece));
        if (piece->is_shortened) {
                snprintf(other, sizeof other, "%sb", name);
                draw_part(sheet, layout, piece, name, piece->x, stub);
                draw_part(sheet, layout, piece, other, end - stub, stub);
                draw_zigzag(sheet, layout, name, piece->x + stub + 1);
                draw_zigzag(sheet, layout, other, end - stub - 1 - TOOTH);
        } else {
                draw_part(sheet, layout, piece, name, piece->x, piece->width);
        }
}

static void draw_label(struct sheet *sheet, const struct layout *layout, const struct layout_piece *piece)
{
        struct point middle = { piece->x + piece->width / 2, layout->bar_top + BAR_HEIGHT / 2.0 };

        sheet_text(sheet, kind_of_label(piece), middle, ANCHOR_MIDDLE, FULL, TRANSPARENT, piece->label);
}

static void draw_mark(struct sheet *sheet, const struct layout *layout, const struct layout_mark *mark)
{
        bool refused = mark->kind == MARK_REFUSED, differs = mark->kind == MARK_DIFFERENT;
        enum role role = refused ? ROLE_REFUSED : differs ? ROLE_DIFFERENT : ROLE_PATH;
        char name[NAME_SIZE];
        struct box box = {
                .name = name, .class = refused ? "mark refused" : differs ? "mark differs" : "mark",
                .tooltip = mark->text,
                .middle = { mark->x + mark->width / 2, layout->bar_top + BAR_HEIGHT / 2.0 },
                .width = mark->width, .height = BAR_HEIGHT + (differs ? 16 : 6), .pen = differs ? 2.5 : 3,
                .fill = role, .line = role,
                .style = mark->kind == MARK_VISITED ? "solid" : differs ? "filled,dashed" : "filled",
                .tint = refused ? TINT_REFUSED : differs ? TINT_DIFFERENT : TINT_PLACE,
        };

        snprintf(name, sizeof name, "mark%zu", (size_t)(mark - layout->mark));
        if (mark->kind == MARK_WINDOW) {
                box.middle.y = layout->bar_top - 8;
                box.height = 4;
                box.pen = 0;
                box.tint = 0;
        } else if (box.width < 3) {
                box.width = 3;
                box.pen = 0;
                box.tint = 0;
                box.height = BAR_HEIGHT + 20;
        }
        sheet_box(sheet, &box);
        sheet_text(sheet, refused ? TEXT_REFUSED : differs ? TEXT_DIFFERENT : TEXT_MARK, (struct point){ mark->text_x, mark->text_y },
                   ANCHOR_MIDDLE, FULL, TRANSPARENT, mark->text);
}

void layout_draw_bar(struct sheet *sheet, const struct layout *layout)
{
        for (size_t i = 0; i < layout->pieces; i++)
                draw_piece(sheet, layout, &layout->piece[i]);
        for (size_t i = 0; i < layout->marks; i++)
                draw_mark(sheet, layout, &layout->mark[i]);
        for (size_t i = 0; i < layout->pieces; i++)
                draw_label(sheet, layout, &layout->piece[i]);
}

void layout_draw_drops(struct sheet *sheet, const struct layout *layout)
{
        for (size_t i = 0; i < layout->pieces; i++)
                if (layout->arrangement == IN_ORDER &&
                    (layout->piece[i].kind == PIECE_REGION || layout->piece[i].kind == PIECE_SUBTREE))
                        draw_drop(sheet, layout, &layout->piece[i]);
}
