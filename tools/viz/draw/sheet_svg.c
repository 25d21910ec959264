/*
 * A sheet as the elements of an SVG. Each box is a group with its class and tooltip, each line a path.
 */
#include "base/error_message.h"
#include "draw/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where a text's base line is below its middle, and how round corners are, as Graphviz has them. */
static const double base_line = 0.35;
enum { ROUNDED = 16, STRIPES = 4 };

/* --- numbers and colours ---------------------------------------------------------------------------------- */

/* With two decimals at most. printf takes ten times as long, and a picture of a large tree has 400,000 numbers. */
static void put_number(struct buffer *out, double value)
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
        buffer_put(out, digits + at, sizeof digits - at);
}

/* ` name="12.5"` */
static void put_attribute(struct buffer *out, const char *name, double value)
{
        buffer_put_byte(out, ' ');
        buffer_put_text(out, name);
        buffer_put_text(out, "=\"");
        put_number(out, value);
        buffer_put_byte(out, '"');
}

/* ` fill="#1c2330"` */
static void put_colour(struct sheet *sheet, struct buffer *out, const char *name, enum role role, enum shade shade)
{
        static const char hex[] = "0123456789abcdef";
        unsigned colour = style_colour(role, sheet->theme, shade);
        char digits[] = "000000";

        for (size_t i = 0; i < 6; i++)
                digits[i] = hex[colour >> (20 - 4 * i) & 15];
        buffer_put_byte(out, ' ');
        buffer_put_text(out, name);
        buffer_put_text(out, "=\"#");
        buffer_put_text(out, digits);
        buffer_put_byte(out, '"');
        sheet->uses[role][shade] = true;
}

static void put_escaped(struct buffer *out, const char *text)
{
        while (*text) {
                size_t length = strcspn(text, "&<>\"");

                buffer_put(out, text, length);
                text += length;
                if (*text)
                        buffer_put_text(out, *text == '&' ? "&#38;" : *text == '<' ? "&#60;" : *text == '>' ? "&#62;" : "&#34;");
                text += *text != 0;
        }
}

/* --- boxes ------------------------------------------------------------------------------------------------ */

static void put_stroke(struct sheet *sheet, const struct box *box)
{
        if (!(box->pen > 0))
                return;
        put_colour(sheet, sheet->above, "stroke", box->line, box->shade);
        put_attribute(sheet->above, "stroke-width", box->pen);
        if (strstr(box->style, "dashed"))
                buffer_put_text(sheet->above, " stroke-dasharray=\"6 3\"");
}

static void put_fill(struct sheet *sheet, const struct box *box)
{
        if (!strstr(box->style, "filled")) {
                buffer_put_text(sheet->above, " fill=\"none\"");
                return;
        }
        put_colour(sheet, sheet->above, "fill", box->fill, box->shade);
        if (box->tint)
                put_attribute(sheet->above, "fill-opacity", box->tint / 255.0);
}

static void put_place(struct buffer *out, double x, double y, double width, double height)
{
        put_attribute(out, "x", x);
        put_attribute(out, "y", y);
        put_attribute(out, "width", width);
        put_attribute(out, "height", height);
}

/* Beneath the outline of a striped box: its ground and its stripes, each as wide as the space beside it. */
static void put_stripes(struct sheet *sheet, const struct box *box)
{
        double left = box->middle.x - box->width / 2, top = box->middle.y - box->height / 2;

        for (size_t i = 0; i < STRIPES; i++) {
                buffer_put_text(sheet->above, "<rect");
                put_place(sheet->above, left + box->width * (double)i / STRIPES, top, box->width / STRIPES,
                          box->height);
                put_colour(sheet, sheet->above, "fill", i % 2 ? box->fill : ROLE_REGION_FILL, box->shade);
                buffer_put_text(sheet->above, "/>");
        }
}

static void put_rectangle(struct sheet *sheet, const struct box *box)
{
        bool is_striped = !strcmp(box->style, "striped");

        if (is_striped)
                put_stripes(sheet, box);
        buffer_put_text(sheet->above, "<rect");
        put_place(sheet->above, box->middle.x - box->width / 2, box->middle.y - box->height / 2, box->width,
                  box->height);
        if (strstr(box->style, "rounded"))
                put_attribute(sheet->above, "rx", fmin(ROUNDED, fmin(box->width, box->height) / 3));
        if (is_striped)
                buffer_put_text(sheet->above, " fill=\"none\"");
        else
                put_fill(sheet, box);
        put_stroke(sheet, box);
        buffer_put_text(sheet->above, "/>");
}

static void put_triangle(struct sheet *sheet, const struct box *box)
{
        buffer_put_text(sheet->above, "<path d=\"M");
        put_number(sheet->above, box->middle.x);
        buffer_put_byte(sheet->above, ' ');
        put_number(sheet->above, box->middle.y - box->height / 2);
        buffer_put_byte(sheet->above, 'l');
        put_number(sheet->above, box->width / 2);
        buffer_put_byte(sheet->above, ' ');
        put_number(sheet->above, box->height);
        buffer_put_byte(sheet->above, 'h');
        put_number(sheet->above, -box->width);
        buffer_put_text(sheet->above, "z\"");
        put_fill(sheet, box);
        put_stroke(sheet, box);
        buffer_put_text(sheet->above, "/>");
}

static void put_circle(struct sheet *sheet, const struct box *box)
{
        buffer_put_text(sheet->above, "<circle");
        put_attribute(sheet->above, "cx", box->middle.x);
        put_attribute(sheet->above, "cy", box->middle.y);
        put_attribute(sheet->above, "r", box->width / 2);
        put_fill(sheet, box);
        put_stroke(sheet, box);
        buffer_put_text(sheet->above, "/>");
}

static void put_box(struct sheet *sheet, const struct box *box)
{
        struct buffer *out = sheet->above;

        buffer_put_text(out, "<g id=\"");
        buffer_put_text(out, sheet->prefix);
        buffer_put_text(out, box->name);
        buffer_put_text(out, "\" class=\"node ");
        buffer_put_text(out, box->class);
        buffer_put_text(out, "\">");
        if (box->tooltip && box->tooltip[0]) {
                buffer_put_text(out, "<title>");
                put_escaped(out, box->tooltip);
                buffer_put_text(out, "</title>");
        }
        if (box->shape && !strcmp(box->shape, "circle"))
                put_circle(sheet, box);
        else if (box->shape && !strcmp(box->shape, "triangle"))
                put_triangle(sheet, box);
        else
                put_rectangle(sheet, box);
        buffer_put_text(out, "</g>\n");
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
        struct buffer *out = sheet->above;

        buffer_put_text(out, "<text class=\"");
        buffer_put_text(out, style.class);
        buffer_put_byte(out, '"');
        put_attribute(out, "x", at.x);
        put_attribute(out, "y", at.y + style.size * base_line);
        buffer_put_text(out, anchor == ANCHOR_MIDDLE ? " text-anchor=\"middle\" font-family=\"" : " font-family=\"");
        buffer_put_text(out, style_font_family(style.font));
        buffer_put_byte(out, '"');
        if (faces[style.font])
                buffer_put_text(out, faces[style.font]);
        put_attribute(out, "font-size", style.size);
        put_colour(sheet, out, "fill", style.role, shade);
        buffer_put_byte(out, '>');
        put_escaped(out, text);
        buffer_put_text(out, "</text>\n");
}

/* --- lines ------------------------------------------------------------------------------------------------ */

static void put_points(struct buffer *out, const struct point *points, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                if (i)
                        buffer_put_byte(out, ' ');
                put_number(out, points[i].x);
                buffer_put_byte(out, ' ');
                put_number(out, points[i].y);
        }
}

/* `command` is that of a path for all points after the first: "C" or "L". */
static void put_path(struct sheet *sheet, const struct line *line, const struct point *points, size_t count,
                     const char *command)
{
        struct buffer *out = sheet->below;

        buffer_put_text(out, "<path class=\"edge ");
        buffer_put_text(out, line->class);
        buffer_put_text(out, "\" d=\"M");
        put_points(out, points, 1);
        buffer_put_text(out, command);
        put_points(out, points + 1, count - 1);
        buffer_put_text(out, "\" fill=\"none\"");
        put_colour(sheet, out, "stroke", line->role, line->shade);
        put_attribute(out, "stroke-width", line->pen);
        if (!strcmp(line->style, "dashed"))
                buffer_put_text(out, " stroke-dasharray=\"7 4\"");
        else if (!strcmp(line->style, "dotted"))
                buffer_put_text(out, " stroke-dasharray=\"1.5 5\"");
        buffer_put_text(out, "/>\n");
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
        buffer_put_text(sheet->below, "<rect");
        put_attribute(sheet->below, "width", sheet->width);
        put_attribute(sheet->below, "height", sheet->height);
        put_colour(sheet, sheet->below, "fill", ROLE_PAPER, FULL);
        buffer_put_text(sheet->below, "/>\n");
}

struct error svg_draw(struct svg_drawing *out, const struct picture *picture, enum theme theme)
{
        static const struct sheet_writer writer = { put_box, put_text, put_curve, put_polyline };
        struct sheet sheet = {
                .writer = &writer, .theme = theme, .prefix = "", .width = picture->width, .height = picture->height,
        };

        *out = (struct svg_drawing){ 0 };
        sheet.below = &out->below;
        sheet.above = &out->above;
        put_paper(&sheet);
        picture->draw(&sheet, picture->content);
        if (out->above.failed || out->below.failed) {
                svg_drawing_clear(out);
                return fail_no_memory();
        }
        memcpy(out->uses, sheet.uses, sizeof out->uses);
        return SUCCESS;
}

void svg_drawing_clear(struct svg_drawing *drawing)
{
        free(drawing->below.bytes);
        free(drawing->above.bytes);
        *drawing = (struct svg_drawing){ 0 };
}
