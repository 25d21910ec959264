#include "layout/layout_draw.h"
#include "draw/text.h"

#include <string.h>

enum { CLASS_SIZE = 64 };
/* Where words are: below and above the line of those beside a box; from the left edge of a box; clear of a triangle's line. */
enum { BELOW_DECIDED = 15, ABOVE_BOND = 9, INSIDE_EDGE = 5, BELOW_TRIANGLE = 2 };

static enum shade shade_of(const struct layout_node *node)
{
        return node->is_skipped ? PALE : FULL;
}

/* --- the tree --------------------------------------------------------------------------------------------- */

/* Between two keys of one 2-3-4 node: straight, and marked if both are red. */
static void draw_bond(struct sheet *sheet, const struct layout *layout, const struct layout_node *child)
{
        const struct layout_node *parent = &layout->node[child->parent];
        double side = child->x < parent->x ? -0.5 : 0.5;
        bool is_broken = layout_is_red_below_red(layout, child), is_followed = child->followed || child->linking;
        char from[NAME_SIZE], to[NAME_SIZE];

        snprintf(from, sizeof from, "r%llu", (unsigned long long)parent->region);
        snprintf(to, sizeof to, "r%llu", (unsigned long long)child->region);
        sheet_polyline(sheet, &(struct line){
                .from = from, .to = to, .class = is_broken ? "edge bond broken" : "edge bond",
                .role = is_broken ? ROLE_REFUSED : is_followed ? ROLE_PATH : ROLE_RED_LINE,
                .pen = 4, .style = is_broken || (child->linking && !child->followed) ? "dashed" : "solid",
        }, (struct point[]){ { parent->x + side * parent->width, parent->y },
                             { child->x - side * child->width, child->y } }, 2);
}

/* Leaves its parent downwards, arrives from above, and turns between the two rows. */
static void draw_edge(struct sheet *sheet, const struct layout *layout, const struct layout_node *child)
{
        const struct layout_node *parent = &layout->node[child->parent];
        struct point start = { parent->x, parent->y + parent->height / 2 };
        struct point end = { child->x, child->y - child->height / 2 };
        double rise = end.y - start.y;
        struct point curve[] = { start, { start.x, start.y + rise * 0.75 }, { end.x, end.y - rise * 0.68 }, end };
        bool is_highlighted = child->followed || child->linking;
        bool is_pale = child->is_skipped && !child->skipped[0] && !is_highlighted;
        char from[NAME_SIZE], to[NAME_SIZE];

        snprintf(from, sizeof from, "r%llu", (unsigned long long)parent->region);
        snprintf(to, sizeof to, "r%llu", (unsigned long long)child->region);
        if (layout_shares_row(layout, child)) {
                draw_bond(sheet, layout, child);
                return;
        }
        sheet_curve(sheet, &(struct line){
                .from = from, .to = to,
                .class = child->followed ? "edge followed" : child->linking ? "edge linking" : "edge",
                .role = is_highlighted ? ROLE_PATH : ROLE_EDGE,
                .shade = is_pale ? PALE : FULL,
                .pen = child->followed ? 4 : is_highlighted ? 2.5 : 2,
                .style = child->linking && !child->followed ? "dashed" : "solid",
        }, curve, 4);
}

static void draw_halo(struct sheet *sheet, const struct layout_node *node)
{
        char name[NAME_SIZE];

        snprintf(name, sizeof name, "halo%llu", (unsigned long long)node->region);
        sheet_box(sheet, &(struct box){
                .name = name, .class = node->role == NODE_BLOCKING ? "halo blocking" : "halo",
                .middle = { node->x, node->y },
                .width = node->width + 2 * HALO, .height = node->height + 2 * HALO, .pen = HALO,
                .fill = ROLE_PAPER,
                .line = node->role == NODE_BLOCKING ? ROLE_REFUSED : ROLE_PATH,
                .style = node->colour == RED ? "filled,rounded" : "filled",
        });
}

/* Around everything else of a node that differs from another picture. */
static void draw_frame_of_difference(struct sheet *sheet, const struct layout_node *node)
{
        char name[NAME_SIZE];

        snprintf(name, sizeof name, "differs%llu", (unsigned long long)node->region);
        sheet_box(sheet, &(struct box){
                .name = name, .class = "differs", .tooltip = node->differs, .middle = { node->x, node->y },
                .width = node->width + 2 * FRAME_OF_DIFFERENCE, .height = node->height + 2 * FRAME_OF_DIFFERENCE,
                .pen = 2.5, .fill = ROLE_DIFFERENT, .line = ROLE_DIFFERENT, .tint = TINT_DIFFERENT, .style = "filled,dashed",
        });
}

/* The lines beneath a node, the first of them below `top`. */
static void draw_beneath(struct sheet *sheet, const struct layout_node *node, double top, enum text_kind first)
{
        for (size_t i = 0; i < SUBTREE_LINES && node->beneath[i][0]; i++)
                sheet_text(sheet, i ? TEXT_WHY : first, (struct point){ node->x, top + SUBTREE_LINE * (i + 0.5) },
                           ANCHOR_MIDDLE, FULL, ON_PAPER, node->beneath[i]);
}

/* A triangle, and beneath it what it stands for. */
static void draw_subtree(struct sheet *sheet, const struct layout_node *node)
{
        char name[NAME_SIZE];
        double top = node->y - node->height / 2;

        snprintf(name, sizeof name, "r%llu", (unsigned long long)node->region);
        sheet_box(sheet, &(struct box){
                .name = name, .class = node->is_skipped ? "subtree skipped" : "subtree", .tooltip = node->subtree_tooltip,
                .middle = { node->x, top + TRIANGLE_HEIGHT / 2.0 }, .width = TRIANGLE_WIDTH, .height = TRIANGLE_HEIGHT,
                .pen = 2, .fill = ROLE_BLACK_FILL, .line = ROLE_SOFT, .shade = shade_of(node),
                .shape = "triangle", .style = "filled",
        });
        draw_beneath(sheet, node, top + TRIANGLE_HEIGHT + BELOW_TRIANGLE, TEXT_NAME);
}

static void draw_lines(struct sheet *sheet, const struct layout *layout, const struct layout_node *node)
{
        enum text_kind heading = layout->units == UNITS_PAGES ? TEXT_HEADING : TEXT_LONG_HEADING;
        double inside = layout_number_inside(layout, node);
        const struct {
                enum text_kind kind;
                const char *text;
                double below_middle;
        } lines[3][3] = {
                { { layout->is_tight ? TEXT_LONG_HEADING : heading, node->address, 0 } },
                { { heading, node->heading, -8 }, { TEXT_GAPS, node->gaps, 9 } },
                { { heading, node->heading, -16 }, { TEXT_NAME, node->name, 2 }, { TEXT_GAPS, node->gaps, 18 } },
        };

        if (inside > 0)
                sheet_text(sheet, TEXT_MARK, (struct point){ node->x - node->width / 2 + INSIDE_EDGE, node->y },
                           ANCHOR_START, FULL, TRANSPARENT, node->number);
        for (unsigned i = 0; i < layout->box_lines; i++)
                sheet_text(sheet, lines[layout->box_lines - 1][i].kind,
                           (struct point){ node->x + inside / 2, node->y + lines[layout->box_lines - 1][i].below_middle },
                           ANCHOR_MIDDLE, shade_of(node), TRANSPARENT, lines[layout->box_lines - 1][i].text);
}

static void draw_node(struct sheet *sheet, const struct layout *layout, const struct layout_node *node)
{
        static const char *const roles[] = { "", " visited", " visited blocking", " subject" };
        bool red = node->colour == RED, is_box = node->form == NODE_BOX;
        char name[NAME_SIZE], class[CLASS_SIZE];

        snprintf(name, sizeof name, "r%llu", (unsigned long long)node->region);
        snprintf(class, sizeof class, "region %s%s%s", red ? "red" : "black", roles[node->role],
                 node->is_skipped ? " skipped" : "");
        if (node->differs[0])
                draw_frame_of_difference(sheet, node);
        if (node->role != NODE_PLAIN)
                draw_halo(sheet, node);
        sheet_box(sheet, &(struct box){
                .name = name, .class = class, .tooltip = node->tooltip, .middle = { node->x, node->y },
                .width = node->width, .height = node->height, .pen = red ? 2 : 3, .shade = shade_of(node),
                .fill = is_box ? red ? ROLE_RED_FILL : ROLE_BLACK_FILL : red ? ROLE_RED_LINE : ROLE_BLACK_LINE,
                .line = red ? ROLE_RED_LINE : ROLE_BLACK_LINE,
                .shape = red && !is_box ? "circle" : NULL,
                .style = red && is_box ? "filled,rounded" : "filled",
        });
        if (is_box)
                draw_lines(sheet, layout, node);
}

/* Beside the box, or beneath it, what was decided there; above the edge, from the child's middle on, why it was not taken. */
static void draw_words(struct sheet *sheet, const struct layout *layout, const struct layout_node *node)
{
        double between = layout->row_height - layout->box_height;
        double beside = node->x + node->width / 2 + layout_words_start(layout, node);
        double above = node->y - node->height / 2 - between / 2 - 9;
        double width = text_width(node->skipped, TEXT_WHY);
        double rise = node->has_key_to_its_right ? ABOVE_BOND : 0;
        bool left = node->parent != NOWHERE && node->x < layout->node[node->parent].x;
        enum text_kind kind = node->role == NODE_BLOCKING ? TEXT_BLOCKING : TEXT_WHY;

        if (!layout->is_tight)
                sheet_text(sheet, TEXT_NUMBER, (struct point){ beside, node->y - node->height / 2 + 4 }, ANCHOR_START,
                           FULL, ON_PAPER, node->number);
        sheet_text(sheet, kind, (struct point){ beside + layout_words_indent(layout, node), node->y - rise },
                   ANCHOR_START, FULL, ON_PAPER, layout_words_beside(layout, node));
        draw_beneath(sheet, node, node->y + node->height / 2 + layout_words_below(node), kind);
        if (node->form == NODE_BOX)
                sheet_text(sheet, TEXT_DIFFERENT, (struct point){ beside, node->y + BELOW_DECIDED },
                           ANCHOR_START, FULL, ON_PAPER, node->differs);
        if (node->form == NODE_BOX && node->parent != NOWHERE && layout_has_words_on_edges(layout) &&
            !layout_shares_row(layout, node))
                sheet_text(sheet, TEXT_WHY, (struct point){ node->x + (left ? width : -width) / 2, above },
                           ANCHOR_MIDDLE, FULL, TRANSPARENT, node->skipped);
}

/* --- levels ----------------------------------------------------------------------------------------------- */

static void draw_band(struct sheet *sheet, const struct layout *layout, const struct layout_band *band)
{
        char name[NAME_SIZE], tooltip[64];

        snprintf(name, sizeof name, "band%llu", (unsigned long long)layout->node[band->top].region);
        snprintf(tooltip, sizeof tooltip, "a %zu-node of the 2-3-4 tree%s", band->keys + 1,
                 band->keys > 3 ? ", which it must not have" : "");
        sheet_box(sheet, &(struct box){
                .name = name, .class = band->keys > 3 ? "band broken" : "band", .tooltip = tooltip,
                .middle = { (band->left + band->right) / 2, band->y + band->height / 2 },
                .width = band->right - band->left, .height = band->height, .pen = 1.5, .fill = ROLE_HOLE_FILL,
                .line = band->keys > 3 ? ROLE_REFUSED : ROLE_HOLE_LINE, .style = "rounded",
        });
}

/* From left to right in one line, which goes up and down where the floor is crooked; there it is heavy and red. */
static void draw_floor(struct sheet *sheet, const struct layout *layout)
{
        struct line line = {
                .from = "corner0", .to = "corner1", .class = "floor", .role = ROLE_SOFT, .pen = 4, .style = "solid",
        };

        for (size_t i = 0; i < layout->steps; i++) {
                const struct layout_step *step = &layout->step[i], *next = step + 1;

                line.role = step->is_odd ? ROLE_REFUSED : ROLE_SOFT;
                line.pen = step->is_odd ? 6 : 4;
                sheet_polyline(sheet, &line, (struct point[]){ { step->left, step->y }, { step->right, step->y } }, 2);
                if (i + 1 == layout->steps || next->y == step->y)
                        continue;
                line.role = ROLE_REFUSED;
                sheet_polyline(sheet, &line, (struct point[]){ { next->left, step->y }, { next->left, next->y } }, 2);
        }
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static void draw_captions(struct sheet *sheet, const struct layout *layout)
{
        for (size_t i = 0; i < layout->lines; i++)
                sheet_text(sheet, layout->line[i].kind, (struct point){ layout->left, layout->line[i].y }, ANCHOR_START,
                           FULL, TRANSPARENT, layout->line[i].text);
}

static void draw(struct sheet *sheet, const void *content)
{
        const struct layout *layout = content;

        for (size_t i = 0; i < layout->bands; i++)
                draw_band(sheet, layout, &layout->band[i]);
        layout_draw_bar(sheet, layout);
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];

                if (node->form == NODE_SUBTREE)
                        draw_subtree(sheet, node);
                else if (layout_is_shown(node))
                        draw_node(sheet, layout, node);
        }
        for (size_t i = 0; i < layout->nodes; i++)
                if (layout->node[i].form == NODE_BOX || layout->node[i].form == NODE_SMALL)
                        draw_words(sheet, layout, &layout->node[i]);
        for (size_t i = 0; i < layout->ticks; i++)
                sheet_text(sheet, TEXT_TICK, (struct point){ layout->tick[i].x, layout->bar_top + BAR_HEIGHT + 16 },
                           ANCHOR_MIDDLE, FULL, TRANSPARENT, layout->tick[i].text);
        for (size_t i = 0; i < layout->nodes; i++)
                if (layout->node[i].parent != NOWHERE && layout_is_shown(&layout->node[i]))
                        draw_edge(sheet, layout, &layout->node[i]);
        layout_draw_drops(sheet, layout);
        draw_floor(sheet, layout);
        draw_captions(sheet, layout);
}

struct picture layout_picture(const struct layout *layout)
{
        return (struct picture){
                .title = layout->title, .description = layout->description, .width = layout->width,
                .height = layout->height, .scale = layout->scale, .keeps_size = layout->fit == FIT_POSTER,
                .draw = draw, .content = layout,
        };
}
