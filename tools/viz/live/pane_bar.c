#include "draw/text.h"
#include "live/bar_plan.h"
#include "live/panes.h"

#include <stdio.h>

/* The pane's rows: marks above, the pieces, addresses below. Kept for the mouse: which region each column showed. */
enum { COLUMNS_MAX = 512 };
static uint64_t shown_at[COLUMNS_MAX];
static int shown_from;

uint64_t pane_bar_region_at(int x)
{
        x -= shown_from;
        return x >= 0 && x < COLUMNS_MAX ? shown_at[x] : 0;
}

/* --- pieces ----------------------------------------------------------------------------------------------- */

static void label_piece(char out[static 64], const struct bar_piece *piece, const struct scene *scene)
{
        const char *size = units_short(scene->units, vrange_size(piece->range) >> PAGE_SHIFT);

        out[0] = 0;
        if (piece->kind == BAR_HOLE)
                snprintf(out, 64, "%s", size);
        else if (piece->kind == BAR_REGION)
                text_copy_name(out, 64, piece->region->name ? piece->region->name : "");
}

static bool is_taken(const struct bar_piece *piece, const struct scene *scene)
{
        const struct shown_operation *shown = &scene->shown;
        struct vrange place = shown_place(shown);

        if (shown->begun && shown_is_over(shown) && piece->kind == BAR_REGION && shown_places(shown))
                return piece->region->id == shown->operation.region && shown_succeeded(shown);
        return piece->kind == BAR_HOLE && !vrange_is_empty(place) && vrange_contains_range(piece->range, place);
}

static enum ink piece_ink(const struct bar_piece *piece, const struct scene *scene, const struct view *view, bool odd)
{
        if (piece->region && piece->kind == BAR_REGION && piece->region->id == view->selected)
                return INK_SELECTED;
        if (is_taken(piece, scene))
                return INK_TAKEN;
        if (piece->region && piece->kind == BAR_REGION && piece->region->id == scene->here)
                return INK_HERE;
        switch (piece->kind) {
        case BAR_REGION:
                return odd ? INK_REGION_OTHER : INK_REGION;
        case BAR_GUARD:
                return INK_GUARD;
        default:
                return INK_HOLE;
        }
}

/* A column as high as what is occupied of it, of all rows. */
static void draw_share(struct area cells, unsigned share)
{
        const int eighths = (int)share * cells.height * 8 / BAR_SHARES;

        area_fill(cells, INK_HOLE, L' ');
        for (int y = 0; y < cells.height; y++) {
                const int level = (share && !eighths ? 1 : eighths) - 8 * (cells.height - 1 - y);

                if (level > 0)
                        area_put(cells, 0, y, INK_SPARK, glyph(GLYPH_SHARE_0 + (level < 8 ? level : 8) - 1));
        }
        if (!share)
                area_put(cells, 0, (cells.height - 1) / 2, INK_HOLE, glyph(GLYPH_HOLE));
}

static void draw_piece(struct area area, const struct bar_piece *piece, const struct scene *scene,
                       const struct view *view, bool odd)
{
        enum ink ink = piece_ink(piece, scene, view, odd);
        wchar_t fill = piece->is_folded ? glyph(GLYPH_FOLD) : piece->kind == BAR_HOLE ? glyph(GLYPH_HOLE) :
                       piece->kind == BAR_GUARD ? glyph(GLYPH_GUARD) : L' ';
        struct area cells = area_inside(area, piece->x, 0, piece->width, area.height);
        char label[64];
        int columns;

        if (piece->kind == BAR_SHARE) {
                draw_share(cells, piece->share);
                return;
        }
        area_fill(cells, ink, piece->kind == BAR_HOLE ? L' ' : fill);
        if (piece->kind == BAR_HOLE)
                area_fill(area_inside(cells, 0, (area.height - 1) / 2, piece->width, 1), ink, fill);
        label_piece(label, piece, scene);
        columns = text_columns(label);
        if (label[0] && columns <= piece->width)
                area_text(cells, (piece->width - columns) / 2, (area.height - 1) / 2, ink, label);
        else if (piece->kind == BAR_REGION && piece->width >= 3)
                area_text(cells, 0, (area.height - 1) / 2, ink, label);
        /* Where the ground has no colour, an end shows where the region begins. */
        for (int y = 0; piece->kind == BAR_REGION && piece->width > 1 && y < area.height; y++)
                if (glyphs_alphabet() == ALPHABET_ASCII && !(label[0] && piece->width < 3))
                        area_put(cells, 0, y, ink, L'|');
}

/* --- marks and addresses ---------------------------------------------------------------------------------- */

static void mark_point(struct area row, const struct bar_plan *plan, uint64_t address, const char *word)
{
        int x = bar_plan_x(plan, address), columns = text_columns(word) + 1;

        if (x < 0)
                return;
        area_put(row, x, 0, INK_MARK, glyph(GLYPH_POINT_DOWN));
        area_text(row, x + 1 + columns <= row.width ? x + 1 : x - columns, 0, INK_WHY, word);
}

static void mark_window(struct area row, const struct bar_plan *plan, struct vrange window)
{
        int from = bar_plan_x(plan, window.base), to = bar_plan_x(plan, window.end - 1);

        if (from < 0)
                from = 0;
        if (to < 0)
                to = plan->width - 1;
        for (int x = from; x <= to; x++)
                area_line(row, x, 0, INK_MARK, LINE_LEFT | LINE_RIGHT, LINE_LIGHT);
        area_put(row, from, 0, INK_MARK, glyph_line(LINE_UP | LINE_DOWN | LINE_RIGHT, LINE_LIGHT));
        area_put(row, to, 0, INK_MARK, glyph_line(LINE_UP | LINE_DOWN | LINE_LEFT, LINE_LIGHT));
        if (to - from > 10)
                area_text(row, from + 2, 0, INK_WHY, " window ");
}

static void mark_place(struct area row, const struct bar_plan *plan, struct vrange place, const char *word,
                       enum ink ink)
{
        int from = bar_plan_x(plan, place.base), to = bar_plan_x(plan, place.end - 1), columns = text_columns(word);

        if (from < 0)
                return;
        for (int x = from; x <= (to < from ? from : to); x++)
                area_put(row, x, 0, ink, glyph(GLYPH_POINT_DOWN));
        to = to < from ? from : to;
        area_text(row, to + 2 + columns <= row.width ? to + 2 : from - 1 - columns, 0, ink, word);
}

static void draw_marks(struct area row, const struct bar_plan *plan, const struct scene *scene)
{
        const struct shown_operation *shown = &scene->shown;
        const struct model_operation *operation = &shown->operation;
        struct vrange place = shown_place(shown);

        if (!shown->begun)
                return;
        if (shown_places(shown) &&
            (operation->window.base > scene->tree->range.base || operation->window.end < scene->tree->range.end))
                mark_window(row, plan, operation->window);
        if (operation->kind == PLACE_NEAR)
                mark_point(row, plan, operation->address, "hint");
        for (size_t i = 0; i < operation->draws; i++)
                mark_point(row, plan, operation->draw[i].address, "drawn");
        if (operation->kind == FIND)
                mark_point(row, plan, operation->address, "sought");
        if (operation->kind == SPLIT)
                mark_point(row, plan, operation->address, "split");
        if (!vrange_is_empty(place))
                mark_place(row, plan, place, "placed", INK_MARK);
        else if (operation->kind == PLACE_SPECIFICALLY)
                mark_place(row, plan, shown_footprint_at(shown, operation->address), "wanted",
                           shown_is_over(shown) ? INK_REFUSED : INK_MARK);
        else if (operation->kind == REMOVE && !vrange_is_empty(operation->footprint))
                mark_place(row, plan, operation->footprint, shown_is_over(shown) ? "free again" : "to be free",
                           INK_MARK);
}

static void draw_addresses(struct area row, const struct bar_plan *plan)
{
        const char *end = units_address(plan->range.end);
        int columns = text_columns(end), free_from = 0;

        for (size_t i = 0; i < plan->pieces; i++) {
                const struct bar_piece *piece = &plan->piece[i];
                const char *address = units_address(piece->range.base);

                if (piece->kind == BAR_GUARD || piece->x < free_from ||
                    piece->x + text_columns(address) > row.width - columns - 1)
                        continue;
                free_from = area_text(row, piece->x, 0, INK_PALE, address) + 1;
        }
        area_text(row, row.width - columns, 0, INK_PALE, end);
}

void pane_bar_draw(struct area area, const struct scene *scene, struct view *view)
{
        struct bar_plan plan;
        bool odd = false;
        int marks = area.height > 2, addresses = area.height > 1;
        int below = 0;

        if (!scene->tree || area.width < 4 || area.height < 1)
                return;
        if (scene->knowledge == KNOWN_NOTHING) {
                area_fill(area_inside(area, 0, marks, area.width, area.height - marks - addresses), INK_PALE, L'?');
                return;
        }
        if (bar_plan_make(&plan, scene->tree, view->bar, area.width).code)
                return;
        if (scene->tree->allocator && area.height > AUTHORITIES_ROWS + 1) {
                below = AUTHORITIES_ROWS;
                area.height -= below;
                pane_authorities_draw((struct area){ area.canvas, area.x, area.y + area.height, area.width, below }, &plan, scene);
        }
        shown_from = area.x;
        for (size_t i = 0; i < plan.pieces; i++) {
                const struct bar_piece *piece = &plan.piece[i];

                draw_piece(area_inside(area, 0, marks, area.width, area.height - marks - addresses), piece, scene, view,
                           odd);
                odd ^= piece->kind == BAR_REGION;
                for (int x = piece->x; x < piece->x + piece->width && x < COLUMNS_MAX; x++)
                        shown_at[x] = piece->kind != BAR_HOLE && piece->region ? piece->region->id : 0;
        }
        if (marks)
                draw_marks(area_inside(area, 0, 0, area.width, 1), &plan, scene);
        if (addresses)
                draw_addresses(area_inside(area, 0, area.height - 1, area.width, 1), &plan);
        bar_plan_free(&plan);
}
