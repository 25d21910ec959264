#include "draw/sheet.h"
#include "draw/text.h"

/* A curve has a first point and three for each piece, so it may be cut after so many. */
enum { POINTS_AT_ONCE = 1 + 3 * 20 };

static struct point moved(const struct sheet *sheet, struct point point)
{
        return (struct point){ sheet->origin.x + point.x, sheet->origin.y + point.y };
}

void sheet_box(struct sheet *sheet, const struct box *box)
{
        struct box there = *box;

        there.middle = moved(sheet, box->middle);
        sheet->writer->box(sheet, &there);
}

static void hide_what_lies_beneath(struct sheet *sheet, struct point middle, double width, double height)
{
        char name[24];

        snprintf(name, sizeof name, "under%u", sheet->texts);
        sheet_box(sheet, &(struct box){
                .name = name, .class = "under", .middle = middle, .width = width, .height = height,
                .fill = ROLE_PAPER, .line = ROLE_PAPER, .style = "filled",
        });
}

void sheet_text(struct sheet *sheet, enum text_kind kind, struct point at, enum anchor anchor, enum shade shade,
                enum backing backing, const char *text)
{
        if (!text[0])
                return;
        if (backing == ON_PAPER) {
                double width = text_width(text, kind);

                hide_what_lies_beneath(sheet, (struct point){ at.x + (anchor == ANCHOR_START ? width / 2 : 0), at.y },
                                       width + 4, style_of_text(kind).size + 3);
        }
        sheet->writer->text(sheet, kind, moved(sheet, at), anchor, shade, text);
        sheet->texts++;
}

/* A long line is drawn in parts, each from where the one before ended. */
static void draw_in_parts(struct sheet *sheet, const struct line *line, const struct point *points, size_t count,
                          void (*draw)(struct sheet *, const struct line *, const struct point *, size_t))
{
        struct point there[POINTS_AT_ONCE];

        while (count > 1) {
                size_t part = count < POINTS_AT_ONCE ? count : POINTS_AT_ONCE;

                for (size_t i = 0; i < part; i++)
                        there[i] = moved(sheet, points[i]);
                draw(sheet, line, there, part);
                points += part - 1;
                count -= part - 1;
        }
}

void sheet_curve(struct sheet *sheet, const struct line *line, const struct point *points, size_t count)
{
        draw_in_parts(sheet, line, points, count, sheet->writer->curve);
}

void sheet_polyline(struct sheet *sheet, const struct line *line, const struct point *points, size_t count)
{
        draw_in_parts(sheet, line, points, count, sheet->writer->polyline);
}
