#include "draw/gallery.h"
#include "base/error_message.h"
#include "draw/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
        MARGIN = 32, GUTTER = 16,
        TITLE_MIDDLE = 33, TITLE_LINE = 28,
        SENTENCE_LINE = 20,
        BELOW_TEXT = 8,
        LINES_MAX = 32, LINE_SIZE = 256,
};

/* A line of the title or of a sentence. */
struct gallery_line {
        enum text_kind kind;
        double y;
        char text[LINE_SIZE];
};

struct gallery {
        struct gallery_request request;
        struct picture whole;
        struct point *place;                    /* of each picture's upper left corner */
        size_t lines;
        struct gallery_line line[LINES_MAX];
};

/* Adds a text as lines no longer than the sheet is wide. Returns where the next line goes. */
static double add_text(struct gallery *gallery, enum text_kind kind, double y, double line_height, const char *text)
{
        while (*text && gallery->lines < LINES_MAX) {
                const char *end = text_break(text, kind, gallery->whole.width - 2 * MARGIN);
                struct gallery_line *line = &gallery->line[gallery->lines++];

                *line = (struct gallery_line){ .kind = kind, .y = y };
                snprintf(line->text, sizeof line->text, "%.*s", (int)(end - text), text);
                text = end + (*end == ' ');
                y += line_height;
        }
        return y;
}

/* Returns where the pictures begin. */
static double place_text(struct gallery *gallery)
{
        const struct gallery_request *request = &gallery->request;
        double y = add_text(gallery, TEXT_TITLE, TITLE_MIDDLE, TITLE_LINE, request->title);

        for (size_t i = 0; i < request->sentences; i++)
                y = add_text(gallery, request->sentence[i].kind, y, SENTENCE_LINE, request->sentence[i].text);
        return y + BELOW_TEXT;
}

/* A column is as wide as its widest picture. */
static double column_width(const struct gallery_request *request, size_t column)
{
        double width = 0;

        for (size_t i = column; i < request->pictures; i += request->columns)
                width = fmax(width, request->picture[i].width);
        return width;
}

/* Where a column begins; the one behind the last: the width of the sheet. */
static double column_left(const struct gallery_request *request, size_t column)
{
        double left = GUTTER;

        for (size_t i = 0; i < column; i++)
                left += column_width(request, i) + GUTTER;
        return left;
}

static double smallest_scale(const struct gallery_request *request)
{
        double scale = 1;

        for (size_t i = 0; i < request->pictures; i++)
                scale = fmin(scale, request->picture[i].scale);
        return scale;
}

/* Places the pictures row by row. Returns where the last row ends. */
static double place_pictures(struct gallery *gallery, double y)
{
        const struct gallery_request *request = &gallery->request;

        for (size_t i = 0; i < request->pictures; i += request->columns) {
                double height = 0;

                for (size_t j = i; j < i + request->columns && j < request->pictures; j++) {
                        gallery->place[j] = (struct point){ column_left(request, j - i), y };
                        height = fmax(height, request->picture[j].height);
                }
                y += height + GUTTER;
        }
        return y;
}

static void draw(struct sheet *sheet, const void *content)
{
        const struct gallery *gallery = content;
        const struct point origin = sheet->origin;
        const char *const prefix = sheet->prefix;

        for (size_t i = 0; i < gallery->lines; i++)
                sheet_text(sheet, gallery->line[i].kind, (struct point){ MARGIN, gallery->line[i].y }, ANCHOR_START, FULL,
                           TRANSPARENT, gallery->line[i].text);
        for (size_t i = 0; i < gallery->request.pictures; i++) {
                const struct picture *picture = &gallery->request.picture[i];
                char own[32];

                snprintf(own, sizeof own, "picture%zu_", i + 1);
                sheet->prefix = own;
                sheet->origin = (struct point){ origin.x + gallery->place[i].x, origin.y + gallery->place[i].y };
                picture->draw(sheet, picture->content);
        }
        sheet->origin = origin;
        sheet->prefix = prefix;
}

struct error gallery_create(struct gallery **out, const struct gallery_request *request)
{
        struct gallery *gallery = calloc(1, sizeof *gallery);

        if (!gallery)
                return fail_no_memory();
        gallery->request = *request;
        gallery->place = calloc(request->pictures + 1, sizeof *gallery->place);
        if (!gallery->place) {
                gallery_free(gallery);
                return fail_no_memory();
        }
        gallery->whole = (struct picture){
                .title = request->title, .description = request->description, .scale = smallest_scale(request),
                .draw = draw, .content = gallery,
                .width = column_left(request, request->columns),
        };
        gallery->whole.height = place_pictures(gallery, place_text(gallery));
        *out = gallery;
        return SUCCESS;
}

void gallery_free(struct gallery *gallery)
{
        if (!gallery)
                return;
        free(gallery->place);
        free(gallery);
}

const struct picture *gallery_picture(const struct gallery *gallery)
{
        return &gallery->whole;
}
