/*
 * A sheet as a DOT graph. A pixel is 1/96 of an inch, as on the web, and a point 1/72, as in DOT.
 */
#include "draw/picture.h"
#include "draw/text.h"

#include <math.h>
#include <string.h>

#define PIXELS_PER_POINT (4.0 / 3)

static double points(double pixels)
{
        return pixels / PIXELS_PER_POINT;
}

static double inches(double pixels)
{
        return points(pixels) / 72;
}

/* Whatever could end a string, begin a tag, an entity or an escape of DOT becomes a number. */
static void put_escaped(FILE *file, const char *text)
{
        for (; *text; text++) {
                if (*text == '\\')
                        fputs("&#92;&#92;", file);
                else if (strchr("&<>\"'", *text))
                        fprintf(file, "&#%d;", *text);
                else
                        fputc(*text, file);
        }
}

static void put_colour(const struct sheet *sheet, const char *attribute, enum role role, enum shade shade,
                       unsigned tint)
{
        fprintf(sheet->file, "%s=\"#%06x", attribute, style_colour(role, sheet->theme, shade));
        if (tint)
                fprintf(sheet->file, "%02x", tint);
        fputs("\" ", sheet->file);
}

static void put_point(const struct sheet *sheet, struct point at)
{
        fprintf(sheet->file, "%.2f,%.2f", points(at.x), points(sheet->height - at.y));
}

/* Edges go first, so that boxes hide what runs beneath them; two invisible points hold the corners of the picture. */
static void begin(const struct sheet *sheet)
{
        fputs("graph regions {\n\tgraph [charset=\"UTF-8\" outputorder=edgesfirst splines=true pad=0 ", sheet->file);
        put_colour(sheet, "bgcolor", ROLE_PAPER, FULL, 0);
        fputs("];\n\tnode [shape=box label=\"\" margin=0 fixedsize=true fontname=\"DejaVu Sans\"];\n", sheet->file);
        fprintf(sheet->file, "\tcorner0 [style=invis shape=point width=0 height=0 pos=\"0,0\"];\n"
                "\tcorner1 [style=invis shape=point width=0 height=0 pos=\"%.2f,%.2f\"];\n", points(sheet->width),
                points(sheet->height));
}

static void put_box(struct sheet *sheet, const struct box *box)
{
        fprintf(sheet->file, "\t%s%s [class=\"%s\" pos=\"", sheet->prefix, box->name, box->class);
        put_point(sheet, box->middle);
        fprintf(sheet->file, "\" width=%.4f height=%.4f penwidth=%.2f style=\"%s\" ", inches(box->width),
                inches(box->height), points(box->pen), box->style);
        put_colour(sheet, "color", box->line, box->shade, 0);
        if (!strcmp(box->style, "striped")) {
                unsigned stripe = style_colour(box->fill, sheet->theme, box->shade);
                unsigned ground = style_colour(ROLE_REGION_FILL, sheet->theme, box->shade);

                fprintf(sheet->file, "fillcolor=\"#%06x:#%06x:#%06x:#%06x\" ", ground, stripe, ground, stripe);
        } else {
                put_colour(sheet, "fillcolor", box->fill, box->shade, box->tint);
        }
        if (box->shape)
                fprintf(sheet->file, "shape=%s ", box->shape);
        if (box->tooltip) {
                fputs("tooltip=\"", sheet->file);
                put_escaped(sheet->file, box->tooltip);
                fputs("\" ", sheet->file);
        }
        fputs("];\n", sheet->file);
}

/*
 * The renderer may find a text wider than we do, so its node is larger, as far as the picture reaches. Where the text
 * begins, or its middle, stays exact.
 */
static void put_text(struct sheet *sheet, enum text_kind kind, struct point at, enum anchor anchor, enum shade shade,
                     const char *text)
{
        struct text_style style = style_of_text(kind);
        double width = text_width(text, kind) * 1.25 + 12;

        if (anchor == ANCHOR_START) {
                width = fmin(width, sheet->width - at.x);
                at.x += width / 2;
        } else {
                width = fmin(width, 2 * fmin(at.x, sheet->width - at.x));
        }
        fprintf(sheet->file, "\ttext%u [shape=none class=\"text %s\" pos=\"", sheet->texts, style.class);
        put_point(sheet, at);
        fprintf(sheet->file, "\" width=%.4f height=%.4f fontname=\"%s\" fontsize=%.2f ", inches(width),
                inches(style.size * 1.6), style_font_name(style.font), points(style.size));
        put_colour(sheet, "fontcolor", style.role, shade, 0);
        fputs("label=\"", sheet->file);
        put_escaped(sheet->file, text);
        fputs(anchor == ANCHOR_START ? "\\l\"];\n" : "\"];\n", sheet->file);
}

/* The corners are there once on a sheet, however many pictures are on it. */
static void put_end(const struct sheet *sheet, const char *name)
{
        fprintf(sheet->file, "%s%s", strncmp(name, "corner", strlen("corner")) ? sheet->prefix : "", name);
}

static void open_line(const struct sheet *sheet, const struct line *line)
{
        fputc('\t', sheet->file);
        put_end(sheet, line->from);
        fputs(" -- ", sheet->file);
        put_end(sheet, line->to);
        fprintf(sheet->file, " [class=\"%s\" penwidth=%.2f style=%s ", line->class, points(line->pen), line->style);
        put_colour(sheet, "color", line->role, line->shade, 0);
        fputs("pos=\"", sheet->file);
}

static void put_curve(struct sheet *sheet, const struct line *line, const struct point *point, size_t count)
{
        open_line(sheet, line);
        for (size_t i = 0; i < count; i++) {
                if (i)
                        fputc(' ', sheet->file);
                put_point(sheet, point[i]);
        }
        fputs("\"];\n", sheet->file);
}

static void put_polyline(struct sheet *sheet, const struct line *line, const struct point *point, size_t count)
{
        open_line(sheet, line);
        put_point(sheet, point[0]);
        for (size_t i = 1; i < count; i++)
                for (size_t j = 0; j < 3; j++) {
                        fputc(' ', sheet->file);
                        put_point(sheet, point[j ? i : i - 1]);
                }
        fputs("\"];\n", sheet->file);
}

void picture_write_dot(FILE *file, const struct picture *picture, enum theme theme)
{
        static const struct sheet_writer writer = { put_box, put_text, put_curve, put_polyline };
        struct sheet sheet = {
                .writer = &writer, .file = file, .theme = theme, .prefix = "", .width = picture->width,
                .height = picture->height,
        };

        begin(&sheet);
        picture->draw(&sheet, picture->content);
        fputs("}\n", file);
}
