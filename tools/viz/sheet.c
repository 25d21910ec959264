#include "sheet.h"
#include "text.h"

void sheet_box(struct sheet *sheet, const struct box *box)
{
        sheet->writer->box(sheet, box);
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
        sheet->writer->text(sheet, kind, at, anchor, shade, text);
        sheet->texts++;
}

void sheet_curve(struct sheet *sheet, const struct line *line, const struct point *points, size_t count)
{
        sheet->writer->curve(sheet, line, points, count);
}

void sheet_polyline(struct sheet *sheet, const struct line *line, const struct point *points, size_t count)
{
        sheet->writer->polyline(sheet, line, points, count);
}
