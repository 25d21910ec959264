#include "draw/render.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/graphviz.h"
#include "draw/svg.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* No side of a PNG is longer than this, in pixels. */
enum { PNG_LARGEST_SIDE = 8000 };

struct error render_format(enum format *out, const char *path)
{
        static const char *const endings[] = { ".dot", ".svg", ".png", ".pdf" };
        size_t length = strlen(path);

        for (enum format format = FORMAT_DOT; format <= FORMAT_PDF; format++)
                if (length > 4 && !strcmp(path + length - 4, endings[format])) {
                        *out = format;
                        return SUCCESS;
                }
        return FAILF(BAD_ARGUMENT, "%s: the name must end in .svg, .png, .pdf or .dot", path);
}

/* Pixels of a PNG for each pixel of the drawing. */
static double png_scale(const struct picture *picture)
{
        return fmin(picture->scale, PNG_LARGEST_SIDE / fmax(picture->width, picture->height));
}

struct picture_size render_size(const struct picture *picture, enum format format)
{
        double scale = format == FORMAT_PNG ? png_scale(picture) : picture->scale;

        return (struct picture_size){
                .width = (unsigned)lround(picture->width * scale),
                .height = (unsigned)lround(picture->height * scale),
                .is_reduced = scale < picture->scale,
        };
}

/* The picture as Graphviz draws it. */
static struct error draw_by_neato(FILE *drawn, FILE *dot, const struct picture *picture, enum format format,
                                  enum theme theme)
{
        const double dots_per_inch = format == FORMAT_PNG ? 96 * png_scale(picture) : 72;
        char resolution[32];

        snprintf(resolution, sizeof resolution, "-Gdpi=%.3f", dots_per_inch);
        picture_write_dot(dot, picture, theme);
        return graphviz_run((const char *const[]){ "neato", "-n2", format == FORMAT_PNG ? "-Tpng" : "-Tpdf", resolution, NULL },
                            dot, drawn);
}

static struct error draw(FILE *drawn, FILE *dot, const struct picture *picture, enum format format,
                         enum theme_choice choice)
{
        enum theme theme = choice == THEME_ONLY_DARK ? THEME_DARK : THEME_LIGHT;

        switch (format) {
        case FORMAT_DOT:
                picture_write_dot(drawn, picture, theme);
                return SUCCESS;
        case FORMAT_SVG:
                return svg_write(drawn, picture, choice);
        default:
                return draw_by_neato(drawn, dot, picture, format, theme);
        }
}

static struct error write_file(const char *path, const char *bytes, size_t length)
{
        FILE *file = fopen(path, "wb");
        bool written;

        if (!file)
                return FAILF(IO, "%s: cannot be written: %s", path, strerror(errno));
        fwrite(bytes, 1, length, file);
        written = !ferror(file);
        written = !fclose(file) && written;
        return written ? SUCCESS : FAILF(IO, "%s: cannot be written: %s", path, strerror(errno));
}

struct error render(const struct picture *picture, enum format format, enum theme_choice theme, const char *path)
{
        FILE *dot = tmpfile(), *drawn = tmpfile();
        struct error error = SUCCESS;
        char *bytes = NULL;
        size_t length = 0;

        if (!dot || !drawn)
                error = FAILF(IO, "a temporary file: %s", strerror(errno));
        else
                error = draw(drawn, dot, picture, format, theme);
        if (!error.code)
                error = graphviz_output(drawn, &bytes, &length);
        if (!error.code)
                error = write_file(path, bytes, length);
        free(bytes);
        if (dot)
                fclose(dot);
        if (drawn)
                fclose(drawn);
        return error;
}
