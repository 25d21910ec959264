#include "film.h"
#include "error_message.h"
#include "format.h"
#include "layout_draw.h"
#include "svg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 2, GUTTER = 16, HEAD = 64, TITLE_BASELINE = 40 };

/* Where a frame goes on the sheet; widths and heights in pixels. */
struct place {
        double x, y, width, height;
};

static double size_of(const struct film_frame *frame, bool width)
{
        return (width ? frame->layout->width : frame->layout->height) * frame->layout->scale;
}

static void place_frames(struct place *place, const struct film *film, double *width, double *height)
{
        double column = 0, y = HEAD;

        for (size_t i = 0; i < film->frames; i++)
                if (column < size_of(&film->frame[i], true))
                        column = size_of(&film->frame[i], true);
        for (size_t i = 0; i < film->frames; i += COLUMNS) {
                double row = 0;

                for (size_t j = i; j < i + COLUMNS && j < film->frames; j++) {
                        place[j] = (struct place){
                                GUTTER + (double)(j - i) * (column + GUTTER), y, size_of(&film->frame[j], true),
                                size_of(&film->frame[j], false),
                        };
                        if (row < place[j].height)
                                row = place[j].height;
                }
                y += row + GUTTER;
        }
        *width = GUTTER + COLUMNS * (column + GUTTER);
        *height = y;
}

static void write_head(FILE *file, const struct film *film, double width, double height)
{
        fprintf(file,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
                "role=\"img\" aria-labelledby=\"title description\">\n<title id=\"title\">",
                width, height, width, height);
        svg_put_text(file, film->title);
        fprintf(file,
                "</title>\n<desc id=\"description\">The operation in %s: ", format_counted(film->frames, "frame"));
        for (size_t i = 0; i < film->frames; i++) {
                svg_put_text(file, film->frame[i].caption);
                fputs(i + 1 < film->frames ? "; " : ".</desc>\n", file);
        }
}

/* The style sheet of all frames, the paper and the title. */
static void write_ground(FILE *file, const struct film *film, const struct svg_drawing *drawn, double width,
                         double height, enum theme_choice choice)
{
        enum theme theme = choice == THEME_ONLY_DARK ? THEME_DARK : THEME_LIGHT;
        bool uses[ROLE_COUNT][2] = { [ROLE_PAPER] = { true }, [ROLE_INK] = { true } };

        for (size_t i = 0; i < film->frames; i++)
                for (enum role role = 0; role < ROLE_COUNT; role++)
                        for (enum shade shade = FULL; shade <= PALE; shade++)
                                uses[role][shade] = uses[role][shade] || drawn[i].uses[role][shade];
        svg_write_style(file, uses, choice);
        fprintf(file,
                "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#%06x\"/>\n"
                "<text x=\"%d\" y=\"%d\" font-family=\"DejaVu Sans\" font-weight=\"bold\" font-size=\"20\" "
                "fill=\"#%06x\">",
                width, height, style_colour(ROLE_PAPER, theme, FULL), 2 * GUTTER, TITLE_BASELINE,
                style_colour(ROLE_INK, theme, FULL));
        svg_put_text(file, film->title);
        fputs("</text>\n", file);
}

static void write_sheet(FILE *file, const struct film *film, const struct svg_drawing *drawn, const struct place *place,
                        double width, double height, enum theme_choice theme)
{
        write_head(file, film, width, height);
        write_ground(file, film, drawn, width, height, theme);
        for (size_t i = 0; i < film->frames; i++) {
                const struct layout *layout = film->frame[i].layout;

                fprintf(file, "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" viewBox=\"0 0 %.2f %.2f\">\n",
                        place[i].x, place[i].y, place[i].width, place[i].height, layout->width, layout->height);
                fwrite(drawn[i].elements, 1, drawn[i].length, file);
                fputs("</svg>\n", file);
        }
        fputs("</svg>\n", file);
}

static struct error draw_frames(struct svg_drawing *drawn, const struct film *film, enum theme_choice theme)
{
        for (size_t i = 0; i < film->frames; i++) {
                struct picture picture = layout_picture(film->frame[i].layout);
                char prefix[32];

                snprintf(prefix, sizeof prefix, "frame%zu-", i + 1);
                TRY(svg_draw(&drawn[i], &picture, theme == THEME_ONLY_DARK ? THEME_DARK : THEME_LIGHT, prefix));
        }
        return SUCCESS;
}

static struct error write_file(const struct film *film, const struct svg_drawing *drawn, enum theme_choice theme,
                               const char *path)
{
        struct place *place = calloc(film->frames, sizeof *place);
        FILE *file = place ? fopen(path, "w") : NULL;
        double width, height;
        bool failed;

        if (!place)
                return fail_no_memory();
        if (!file) {
                free(place);
                return FAILF(IO, "%s: %s", path, strerror(errno));
        }
        place_frames(place, film, &width, &height);
        write_sheet(file, film, drawn, place, width, height, theme);
        free(place);
        failed = ferror(file);
        if (fclose(file) != 0 || failed)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        return SUCCESS;
}

struct error film_write_svg(const struct film *film, enum theme_choice theme, const char *path)
{
        struct svg_drawing *drawn = calloc(film->frames, sizeof *drawn);
        struct error error;

        if (!drawn)
                return fail_no_memory();
        error = draw_frames(drawn, film, theme);
        if (!error.code)
                error = write_file(film, drawn, theme, path);
        for (size_t i = 0; i < film->frames; i++)
                svg_drawing_clear(&drawn[i]);
        free(drawn);
        return error;
}

void film_write_words(const struct film *film, FILE *file)
{
        fprintf(file, "%s\n\n", film->title);
        for (size_t i = 0; i < film->frames; i++) {
                fprintf(file, "  %s\n", film->frame[i].caption);
                if (film->frame[i].words)
                        fputs(film->frame[i].words, file);
        }
        if (film->is_cut)
                fprintf(file, "  ... and more: a film has %d frames at most\n", FILM_FRAMES_MAX);
}
