#include "draw/svg.h"

#include <math.h>
#include <string.h>

enum { SHRINKS_TO = 700 };

void svg_put_text(FILE *file, const char *text)
{
        while (*text) {
                size_t length = strcspn(text, "&<>\"");

                fwrite(text, 1, length, file);
                text += length;
                if (*text)
                        fprintf(file, "&#%d;", *text++);
        }
}

/* No two roles have the same light colour, so it stands for its role; only colours that the picture uses get a rule. */
static void write_dark_rule(FILE *file, enum role role, enum shade shade)
{
        unsigned light = style_colour(role, THEME_LIGHT, shade), dark = style_colour(role, THEME_DARK, shade);

        fprintf(file, "[fill=\"#%06x\"]{fill:#%06x} [stroke=\"#%06x\"]{stroke:#%06x}\n", light, dark, light, dark);
}

void svg_write_style(FILE *file, const bool uses[ROLE_COUNT][2], enum theme_choice theme)
{
        fputs("<style>\n"
              "text{pointer-events:none}\n"
              "text[font-family=\"DejaVu Sans\"]{font-family:\"DejaVu Sans\",Verdana,sans-serif}\n"
              "text[font-family=\"DejaVu Sans Mono\"]{font-family:\"DejaVu Sans Mono\",Menlo,monospace}\n", file);
        if (theme == THEME_BOTH) {
                fputs("@media (prefers-color-scheme:dark){\n", file);
                for (enum role role = 0; role < ROLE_COUNT; role++)
                        for (enum shade shade = FULL; shade <= PALE; shade++)
                                if (uses[role][shade])
                                        write_dark_rule(file, role, shade);
                fputs("}\n", file);
        }
        fputs("</style>\n", file);
}

/*
 * The picture shrinks with the window that shows it, but not below a least width: so enlarging the page in the
 * browser, which makes the window narrower in the page's own pixels, enlarges the picture. A poster keeps its size.
 */
static void write_head(FILE *file, const struct picture *picture)
{
        double width = picture->width * picture->scale, height = picture->height * picture->scale;

        fprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.2f %.2f\" ",
                width, height, picture->width, picture->height);
        if (!picture->keeps_size)
                fprintf(file, "style=\"max-width:100%%;min-width:%.0fpx;height:auto\" ", fmin(width, SHRINKS_TO));
        fputs("role=\"img\" aria-labelledby=\"title description\">\n<title id=\"title\">", file);
        svg_put_text(file, picture->title);
        fputs("</title>\n<desc id=\"description\">", file);
        svg_put_text(file, picture->description);
        fputs("</desc>\n", file);
}

/*
 * Alone in a window, a picture also shrinks with the window's height, so that its legend is not below the edge; but not
 * below the height that belongs to its least width. In a page it is as high as its width asks for.
 */
static void write_rule_of_window(FILE *file, const struct picture *picture)
{
        double width = picture->width * picture->scale, least = picture->height * fmin(width, SHRINKS_TO) / picture->width;

        if (!picture->keeps_size)
                fprintf(file, "<style>svg:root{max-height:100vh;min-height:%.0fpx}</style>\n", floor(least));
}

struct error svg_write(FILE *file, const struct picture *picture, enum theme_choice theme)
{
        struct svg_drawing drawing;

        TRY(svg_draw(&drawing, picture, theme == THEME_ONLY_DARK ? THEME_DARK : THEME_LIGHT));
        write_head(file, picture);
        svg_write_style(file, drawing.uses, theme);
        write_rule_of_window(file, picture);
        fwrite(drawing.below.bytes, 1, drawing.below.length, file);
        fwrite(drawing.above.bytes, 1, drawing.above.length, file);
        fputs("</svg>\n", file);
        svg_drawing_clear(&drawing);
        return SUCCESS;
}
