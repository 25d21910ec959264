#include "html/page.h"
#include "base/format.h"
#include "draw/style.h"
#include "draw/text.h"
#include "html/holes.h"
#include "html/marks.h"
#include "html/texts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The files of the page, made into C by tools/viz/html/embed. */
extern const char player_html[], player_css[], state_js[], drawing_js[], skyline_js[], player_js[];

/* The colours of the pictures (style.h) as variables of the style sheet: --red-line and so on. */
static void write_colours(FILE *out, enum theme theme)
{
        static const char *const names[] = {
#define X(role, light, dark, pale) #role,
                COLOUR_ROLES(X)
#undef X
        };

        for (enum role role = 0; role < ROLE_COUNT; role++) {
                char name[32];
                size_t i = 0;

                for (; names[role][i] && i < sizeof name - 1; i++)
                        name[i] = names[role][i] == '_' ? '-' : (char)(names[role][i] | 0x20);
                name[i] = 0;
                fprintf(out, "--%s:#%06x;--pale-%s:#%06x;", name, style_colour(role, theme, FULL), name,
                        style_colour(role, theme, PALE));
        }
}

/* Each kind of text as a class, with the fonts of the pictures and what they fall back on (sheet_svg.c). */
static void write_fonts(FILE *out, enum units units)
{
        const struct {
                const char *class;
                enum text_kind kind;
        } classes[] = {
                { "address", units == UNITS_PAGES ? TEXT_HEADING : TEXT_LONG_HEADING },
                { "name", TEXT_NAME }, { "gaps", TEXT_GAPS }, { "number", TEXT_NUMBER },
                { "why", TEXT_WHY }, { "decided", TEXT_MARK }, { "small", TEXT_LEGEND },
        };

        for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
                const struct text_style style = style_of_text(classes[i].kind);
                const bool is_mono = style.font == FONT_MONO || style.font == FONT_MONO_BOLD;

                fprintf(out, ".%s{font:%s%s%gpx \"%s\",%s}\n", classes[i].class,
                        style.font == FONT_SANS_BOLD || style.font == FONT_MONO_BOLD ? "bold " : "",
                        style.font == FONT_SANS_ITALIC ? "italic " : "", style.size, style_font_family(style.font),
                        is_mono ? "Menlo,monospace" : "Verdana,sans-serif");
        }
}

static void write_style(FILE *out, enum units units)
{
        fputs("<style>\n:root{", out);
        write_colours(out, THEME_LIGHT);
        fputs("}\n@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;", out);
        write_colours(out, THEME_DARK);
        fputs("}}\n", out);
        write_fonts(out, units);
        fprintf(out, "%s</style>\n", player_css);
}

/*
 * Where nodes stand, in pixels: boxes of one size with three lines, a column for each node in address order, a row for
 * each depth. Neighbours in that order are never of one depth, so a column is half as wide as a box.
 */
static void write_layout(FILE *out, double widest)
{
        enum { PADDING = 20, LEAST = 108, HEIGHT = 58, CLEAR = 8, ROW = 102 };
        const double width = fmax(LEAST, widest + PADDING);

        fprintf(out, "\"layout\":{\"width\":%.0f,\"height\":%d,\"column\":%.0f,\"row\":%d},", width, HEIGHT,
                width / 2 + CLEAR, ROW);
}

static void write_field_names(FILE *out)
{
        fputs("\"fields\":[", out);
#define X(symbol, name) fprintf(out, "%s\"" #name "\"", NODE_##symbol ? "," : "");
        NODE_FIELDS(X)
#undef X
#define X(symbol, name) fputs(",\"" #name "\"", out);
        MARK_FIELDS(X)
#undef X
        fputs("],\"skyline_fields\":[", out);
#define X(name) #name,
        static const char *const holes[] = { HOLES_FIELDS(X) };
#undef X
        for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
                fprintf(out, "%s\"%s\"", i ? "," : "", holes[i]);
        fprintf(out, "],\"skyline\":{\"width\":%d,\"height\":%d,\"code\":%d},", HOLES_WIDTH, HOLES_HEIGHT, HOLES_CODE);
}

static void write_left_out(FILE *out, const struct steps_totals *totals)
{
        char words[256] = "";

        if (totals->left_out)
                snprintf(words, sizeof words, "%s of this tree are not in the page (--from, --to).",
                         format_counted(totals->left_out, "operation"));
        if (totals->unknown)
                text_append(words, sizeof words, "%s%s of this tree cannot be shown, since events are missing.",
                            totals->left_out ? " " : "", format_counted(totals->unknown, "operation"));
        fputs("\"left_out\":", out);
        texts_write_json(out, words);
}

static void write_page(FILE *out, const struct steps_request *request, const struct steps_totals *totals,
                       const char *steps)
{
        const char *const scripts[] = { state_js, drawing_js, skyline_js, player_js };
        const char *name = strrchr(request->path, '/');

        fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>Region tree, step by "
              "step</title>\n",
              out);
        write_style(out, totals->units);
        fprintf(out, "</head>\n%s<script type=\"application/json\" id=\"recording\">\n{", player_html);
        write_field_names(out);
        write_layout(out, totals->widest);
        fputs("\"space\":", out);
        texts_write_json(out, totals->space);
        fputs(",\"file\":", out);
        texts_write_json(out, name ? name + 1 : request->path);
        fprintf(out, ",\"tree\":%llu,\"is_list\":%s,", (unsigned long long)totals->tree,
                totals->is_list ? "true" : "false");
        write_left_out(out, totals);
        fprintf(out, ",\n\"recording\":%s}\n</script>\n", steps);
        for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
                fprintf(out, "<script>\n%s</script>\n", scripts[i]);
        fputs("</html>\n", out);
}

struct error page_write(FILE *out, const struct steps_request *request, struct steps_totals *totals)
{
        char *steps = NULL;
        size_t length;
        FILE *memory = open_memstream(&steps, &length);
        struct error error;

        if (!memory)
                return FAIL(NO_MEMORY);
        error = steps_write(memory, request, totals);
        fclose(memory);
        if (!error.code)
                write_page(out, request, totals, steps);
        free(steps);
        return error;
}
