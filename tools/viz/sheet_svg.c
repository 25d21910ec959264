/*
 * A sheet as the elements of an SVG. Each box is a group with its class and tooltip, each line a path.
 */
#include "svg.h"
#include "error_message.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where a text's base line is below its middle, and how round corners are, as Graphviz has them. */
static const double base_line = 0.35;
enum { ROUNDED = 16, STRIPES = 4 };

/* --- numbers and colours ---------------------------------------------------------------------------------- */

/* With two decimals at most. printf takes ten times as long, and a picture of a large tree has 400,000 numbers. */
static void put_number(FILE *file, double value)
{
        long hundredths = lround(value * 100);
        unsigned long rest = hundredths < 0 ? 0UL - (unsigned long)hundredths : (unsigned long)hundredths;
        char digits[32];
        size_t at = sizeof digits;

        if (rest % 100) {
                if (rest % 10)
                        digits[--at] = (char)('0' + rest % 10);
                digits[--at] = (char)('0' + rest / 10 % 10);
                digits[--at] = '.';
        }
        rest /= 100;
        do
                digits[--at] = (char)('0' + rest % 10);
        while (rest /= 10);
        if (hundredths < 0)
                digits[--at] = '-';
        fwrite(digits + at, 1, sizeof digits - at, file);
}

/* ` name="12.5"` */
static void put_attribute(FILE *file, const char *name, double value)
{
        fputc(' ', file);
        fputs(name, file);
        fputs("=\"", file);
        put_number(file, value);
        fputc('"', file);
}

/* ` fill="#1c2330"` */
static void put_colour(struct sheet *sheet, FILE *file, const char *name, enum role role, enum shade shade)
{
        static const char hex[] = "0123456789abcdef";
        unsigned colour = style_colour(role, sheet->theme, shade);
        char digits[] = "000000";

        for (size_t i = 0; i < 6; i++)
                digits[i] = hex[colour >> (20 - 4 * i) & 15];
        fputc(' ', file);
        fputs(name, file);
        fputs("=\"#", file);
        fputs(digits, file);
        fputc('"', file);
        sheet->uses[role][shade] = true;
}

/* --- boxes ------------------------------------------------------------------------------------------------ */

static void put_stroke(struct sheet *sheet, const struct box *box)
{
        if (!(box->pen > 0))
                return;
        put_colour(sheet, sheet->above, "stroke", box->line, box->shade);
        put_attribute(sheet->above, "stroke-width", box->pen);
        if (strstr(box->style, "dashed"))
                fputs(" stroke-dasharray=\"6 3\"", sheet->above);
}

static void put_fill(struct sheet *sheet, const struct box *box)
{
        if (!strstr(box->style, "filled")) {
                fputs(" fill=\"none\"", sheet->above);
                return;
        }
        put_colour(sheet, sheet->above, "fill", box->fill, box->shade);
        if (box->tint)
                put_attribute(sheet->above, "fill-opacity", box->tint / 255.0);
}

static void put_place(FILE *file, double x, double y, double width, double height)
{
        put_attribute(file, "x", x);
        put_attribute(file, "y", y);
        put_attribute(file, "width", width);
        put_attribute(file, "height", height);
}

/* Beneath the outline of a striped box: its ground and its stripes, each as wide as the space beside it. */
static void put_stripes(struct sheet *sheet, const struct box *box)
{
        double left = box->middle.x - box->width / 2, top = box->middle.y - box->height / 2;

        for (size_t i = 0; i < STRIPES; i++) {
                fputs("<rect", sheet->above);
                put_place(sheet->above, left + box->width * (double)i / STRIPES, top, box->width / STRIPES,
                          box->height);
                put_colour(sheet, sheet->above, "fill", i % 2 ? box->fill : ROLE_REGION_FILL, box->shade);
                fputs("/>", sheet->above);
        }
}

static void put_rectangle(struct sheet *sheet, const struct box *box)
{
        bool is_striped = !strcmp(box->style, "striped");

        if (is_striped)
                put_stripes(sheet, box);
        fputs("<rect", sheet->above);
        put_place(sheet->above, box->middle.x - box->width / 2, box->middle.y - box->height / 2, box->width,
                  box->height);
        if (strstr(box->style, "rounded"))
                put_attribute(sheet->above, "rx", fmin(ROUNDED, fmin(box->width, box->height) / 3));
        if (is_striped)
                fputs(" fill=\"none\"", sheet->above);
        else
                put_fill(sheet, box);
        put_stroke(sheet, box);
        fputs("/>", sheet->above);
}

static void put_triangle(struct sheet *sheet, const struct box *box)
{
        fputs("<path d=\"M", sheet->above);
        put_number(sheet->above, box->middle.x);
        fputc(' ', sheet->above);
        put_number(sheet->above, box->middle.y - box->height / 2);
        fputc('l', sheet->above);
        put_number(sheet->above, box->width / 2);
        fputc(' ', sheet->above);
        put_number(sheet->above, box->height);
        fputc('h', sheet->above);
        put_number(sheet->above, -box->width);
        fputs("z\"", sheet->above);
        put_fill(sheet, box);
        put_stroke(sheet, box);
        fputs("/>", sheet->above);
}

static void put_circle(struct sheet *sheet, const struct box *box)
{
        fputs("<circle", sheet->above);
        put_attribute(sheet->above, "cx", box->middle.x);
        put_attribute(sheet->above, "cy", box->middle.y);
        put_attribute(sheet->above, "r", box->width / 2);
        put_fill(sheet, box);
        put_stroke(sheet, box);
        fputs("/>", sheet->above);
}

static void put_box(struct sheet *sheet, const struct box *box)
{
        FILE *file = sheet->above;

        fputs("<g id=\"", file);
        fputs(sheet->prefix, file);
        fputs(box->name, file);
        fputs("\" class=\"node ", file);
        fputs(box->class, file);
        fputs("\">", file);
        if (box->tooltip && box->tooltip[0]) {
                fputs("<title>", file);
                svg_put_text(file, box->tooltip);
                fputs("</title>", file);
        }
        if (box->shape && !strcmp(box->shape, "circle"))
                put_circle(sheet, box);
        else if (box->shape && !strcmp(box->shape, "triangle"))
                put_triangle(sheet, box);
        else
                put_rectangle(sheet, box);
        fputs("</g>\n", file);
}

/* --- texts ------------------------------------------------------------------------------------------------ */

static void put_text(struct sheet *sheet, enum text_kind kind, struct point at, enum anchor anchor, enum shade shade,
                     const char *text)
{
        static const char *const faces[FONT_COUNT] = {
                [FONT_SANS_BOLD] = " font-weight=\"bold\"", [FONT_SANS_ITALIC] = " font-style=\"italic\"",
                [FONT_MONO_BOLD] = " font-weight=\"bold\"",
        };
        struct text_style style = style_of_text(kind);
        FILE *file = sheet->above;

        fputs("<text class=\"", file);
        fputs(style.class, file);
        fputc('"', file);
        put_attribute(file, "x", at.x);
        put_attribute(file, "y", at.y + style.size * base_line);
        fputs(anchor == ANCHOR_MIDDLE ? " text-anchor=\"middle\" font-family=\"" : " font-family=\"", file);
        fputs(style_font_family(style.font), file);
        fputc('"', file);
        if (faces[style.font])
                fputs(faces[style.font], file);
        put_attribute(file, "font-size", style.size);
        put_colour(sheet, file, "fill", style.role, shade);
        fputc('>', file);
        svg_put_text(file, text);
        fputs("</text>\n", file);
}

/* --- lines ------------------------------------------------------------------------------------------------ */

static void put_points(FILE *file, const struct point *points, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                if (i)
                        fputc(' ', file);
                put_number(file, points[i].x);
                fputc(' ', file);
                put_number(file, points[i].y);
        }
}

/* `command` is that of a path for all points after the first: "C" or "L". */
static void put_path(struct sheet *sheet, const struct line *line, const struct point *points, size_t count,
                     const char *command)
{
        FILE *file = sheet->file;

        fputs("<path class=\"edge ", file);
        fputs(line->class, file);
        fputs("\" d=\"M", file);
        put_points(file, points, 1);
        fputs(command, file);
        put_points(file, points + 1, count - 1);
        fputs("\" fill=\"none\"", file);
        put_colour(sheet, file, "stroke", line->role, line->shade);
        put_attribute(file, "stroke-width", line->pen);
        if (!strcmp(line->style, "dashed"))
                fputs(" stroke-dasharray=\"7 4\"", file);
        else if (!strcmp(line->style, "dotted"))
                fputs(" stroke-dasharray=\"1.5 5\"", file);
        fputs("/>\n", file);
}

static void put_curve(struct sheet *sheet, const struct line *line, const struct point *points, size_t count)
{
        put_path(sheet, line, points, count, "C");
}

static void put_polyline(struct sheet *sheet, const struct line *line, const struct point *points, size_t count)
{
        put_path(sheet, line, points, count, "L");
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static void put_paper(struct sheet *sheet)
{
        fputs("<rect", sheet->file);
        put_attribute(sheet->file, "width", sheet->width);
        put_attribute(sheet->file, "height", sheet->height);
        put_colour(sheet, sheet->file, "fill", ROLE_PAPER, FULL);
        fputs("/>\n", sheet->file);
}

struct error svg_draw(struct svg_drawing *out, const struct picture *picture, enum theme theme)
{
        static const struct sheet_writer writer = { put_box, put_text, put_curve, put_polyline };
        struct sheet sheet = {
                .writer = &writer, .theme = theme, .prefix = "", .width = picture->width, .height = picture->height,
        };
        char *above = NULL;
        size_t length = 0;
        bool failed;

        *out = (struct svg_drawing){ 0 };
        sheet.file = open_memstream(&out->elements, &out->length);
        sheet.above = sheet.file ? open_memstream(&above, &length) : NULL;
        if (!sheet.above) {
                if (sheet.file)
                        fclose(sheet.file);
                svg_drawing_clear(out);
                return fail_no_memory();
        }
        put_paper(&sheet);
        picture->draw(&sheet, picture->content);
        failed = fclose(sheet.above) != 0;
        fwrite(above, 1, length, sheet.file);
        free(above);
        failed = fclose(sheet.file) != 0 || failed;
        if (failed) {
                svg_drawing_clear(out);
                return fail_no_memory();
        }
        memcpy(out->uses, sheet.uses, sizeof out->uses);
        return SUCCESS;
}

void svg_drawing_clear(struct svg_drawing *drawing)
{
        free(drawing->elements);
        *drawing = (struct svg_drawing){ 0 };
}
