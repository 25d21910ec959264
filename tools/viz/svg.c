#include "svg.h"
#include "dot.h"

#include <math.h>
#include <string.h>

enum { SHRINKS_TO = 700 };

void svg_put_text(FILE *file, const char *text)
{
        for (; *text; text++) {
                if (strchr("&<>\"", *text))
                        fprintf(file, "&#%d;", *text);
                else
                        fputc(*text, file);
        }
}

/* No two roles have the same light colour, so it stands for its role; only colours that the picture uses get a rule. */
static void write_dark_rule(FILE *file, const char *drawn, enum role role, enum shade shade)
{
        char light[8], dark[8];

        snprintf(light, sizeof light, "#%06x", style_colour(role, THEME_LIGHT, shade) & 0xffffff);
        snprintf(dark, sizeof dark, "#%06x", style_colour(role, THEME_DARK, shade) & 0xffffff);
        if (strstr(drawn, light))
                fprintf(file, "[fill=\"%s\"]{fill:%s} [stroke=\"%s\"]{stroke:%s}\n", light, dark, light, dark);
}

void svg_write_style(FILE *file, const char *drawn, enum theme_choice theme)
{
        fputs("<style>\n"
              "text{pointer-events:none}\n"
              "text[font-family=\"DejaVu Sans\"]{font-family:\"DejaVu Sans\",Verdana,sans-serif}\n"
              "text[font-family=\"DejaVu Sans Mono\"]{font-family:\"DejaVu Sans Mono\",Menlo,monospace}\n", file);
        if (theme == THEME_BOTH) {
                fputs("@media (prefers-color-scheme:dark){\n", file);
                for (enum role role = 0; role < ROLE_COUNT; role++) {
                        write_dark_rule(file, drawn, role, FULL);
                        if (role != ROLE_PAPER)         /* pale paper is paper */
                                write_dark_rule(file, drawn, role, PALE);
                }
                fputs("}\n", file);
        }
        fputs("</style>\n", file);
}

/*
 * The picture shrinks with the window that shows it, but not below a least width: so enlarging the page in the
 * browser, which makes the window narrower in the page's own pixels, enlarges the picture. A poster keeps its size.
 */
static void write_head(FILE *file, const char *drawn, const struct layout *layout, enum theme_choice theme)
{
        double width = layout->width * layout->scale, height = layout->height * layout->scale;

        fprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.2f %.2f\" ",
                width, height, layout->width / PIXELS_PER_POINT, layout->height / PIXELS_PER_POINT);
        if (layout->fit != FIT_POSTER)
                fprintf(file, "style=\"max-width:100%%;min-width:%.0fpx;height:auto\" ", fmin(width, SHRINKS_TO));
        fputs("role=\"img\" aria-labelledby=\"title description\">\n<title id=\"title\">", file);
        svg_put_text(file, layout->title);
        fputs("</title>\n<desc id=\"description\">", file);
        svg_put_text(file, layout->description);
        fputs("</desc>\n", file);
        svg_write_style(file, drawn, theme);
}

static bool starts_with(const char *text, const char *beginning)
{
        return !strncmp(text, beginning, strlen(beginning));
}

/* Graphviz takes "DejaVu Sans Bold" for a family of that name; a browser wants family, weight and style apart. */
static void write_text(FILE *file, const char *line, size_t length)
{
        static const char *const faces[FONT_COUNT] = {
                [FONT_SANS_BOLD] = " font-weight=\"bold", [FONT_SANS_ITALIC] = " font-style=\"italic",
                [FONT_MONO_BOLD] = " font-weight=\"bold",
        };
        static const char attribute[] = "font-family=\"";
        const char *name = memmem(line, length, attribute, sizeof attribute - 1), *end = line + length;

        for (enum font font = 0; name && font < FONT_COUNT; font++) {
                const char *font_name = style_font_name(font), *value = name + sizeof attribute - 1;
                const char *behind = value + strlen(font_name);

                if (!faces[font] || behind >= end || *behind != '"' || !starts_with(value, font_name))
                        continue;
                fprintf(file, "%.*s%s%s\"%s", (int)(name - line), line, attribute, style_font_family(font), faces[font]);
                line = behind;
                break;
        }
        fwrite(line, 1, (size_t)(end - line), file);
        fputc('\n', file);
}

/*
 * Graphviz writes a tooltip as <a xlink:title="words">, inside a group that already has its node's name for a title.
 * The words become the title, and the names, which no reader cares for, go.
 */
static void write_line(FILE *file, const char *line, size_t length, const char *prefix)
{
        static const char id[] = "<g id=\"", tooltip[] = "<a xlink:title=\"";
        const char *at = memmem(line, length, tooltip, sizeof tooltip - 1);
        const char *words = at ? at + sizeof tooltip - 1 : NULL;
        const char *end = at ? memchr(words, '"', length - (size_t)(words - line)) : NULL;

        if (starts_with(line, "<title>") || starts_with(line, "<!--") || starts_with(line, " -->"))
                return;
        if (starts_with(line, id)) {
                fprintf(file, "%s%s", id, prefix);
                line += strlen(id);
                length -= strlen(id);
        }
        if (end) {
                fwrite(line, 1, (size_t)(at - line), file);
                fprintf(file, "<g><title>%.*s</title>\n", (int)(end - words), words);
        } else if (starts_with(line, "</a>")) {
                fputs("</g>\n", file);
        } else {
                write_text(file, line, length);
        }
}

void svg_write_body(FILE *file, const char *drawn, const char *prefix)
{
        const char *body = strstr(drawn, "<svg");
        const char *line = body ? strchr(body, '>') : NULL;

        if (!line)
                return;
        for (line++; *line; ) {
                size_t length = strcspn(line, "\n");

                if (length)
                        write_line(file, line, length, prefix);
                line += length + (line[length] == '\n');
        }
}

void svg_write(FILE *file, const char *drawn, const struct layout *layout, enum theme_choice theme)
{
        write_head(file, drawn, layout, theme);
        svg_write_body(file, drawn, "");
}
