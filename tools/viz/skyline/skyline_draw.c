#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "skyline/skyline_internal.h"

#include <math.h>
#include <stdlib.h>

enum { FIRST_BASE_LINE = 37, LINE = 22, DISMISSALS_SAID = 6, TICKS_MOST = 12, TICK_CLEAR = 5, SIZE_CLEAR = 3 };

/* --- captions --------------------------------------------------------------------------------------------- */

/* Draws a text in as many lines as it needs; or measures it, if `sheet` is NULL. Returns where the next line goes. */
static double put_lines(struct sheet *sheet, const struct drawing *drawing, enum text_kind kind, double y,
                        const char *text)
{
        while (*text) {
                const char *next, *end = text_break_list(text, kind, drawing->width - 2 * MARGIN, &next);
                char line[SKYLINE_TITLE_SIZE];

                snprintf(line, sizeof line, "%.*s", (int)(end - text), text);
                if (sheet)
                        sheet_text(sheet, kind, (struct point){MARGIN, y}, ANCHOR_START, FULL, TRANSPARENT, line);
                text = next;
                y += LINE;
        }
        return y;
}

static double put_captions(struct sheet *sheet, const struct drawing *drawing)
{
        const struct skyline *skyline = drawing->skyline;
        double y = put_lines(sheet, drawing, TEXT_TITLE, FIRST_BASE_LINE, skyline->title);

        y = put_lines(sheet, drawing, TEXT_SUBTITLE, y, skyline->subtitle);
        y = put_lines(sheet, drawing, TEXT_SUBTITLE, y, skyline->summary);
        return put_lines(sheet, drawing, TEXT_ALERT, y, skyline->alert);
}

static double put_legend(struct sheet *sheet, const struct drawing *drawing)
{
        const struct skyline *skyline = drawing->skyline;
        double y = drawing->legend;
        char words[SKYLINE_TITLE_SIZE] = "";

        for (size_t i = 0; i < skyline->dismissals && i < DISMISSALS_SAID; i++) {
                skyline_dismissal_sentence(words, sizeof words, &skyline->dismissal[i]);
                y = put_lines(sheet, drawing, TEXT_MARK, y, words);
        }
        if (skyline->dismissals > DISMISSALS_SAID) {
                snprintf(words, sizeof words, "and %s more",
                         format_counted(skyline->dismissals - DISMISSALS_SAID, "comparison"));
                y = put_lines(sheet, drawing, TEXT_MARK, y, words);
        }
        snprintf(words, sizeof words, "each bar: a hole, in address order; its height: its size%s%s%s%s%s%s",
                 drawing->columns.is_logarithmic ? ", logarithmic"
                 : skyline->units == UNITS_PAGES ? ", in pages"
                                                 : "",
                 skyline_is_cut(&drawing->columns, skyline->largest) ? " · a break in a bar: it is higher than that" : "",
                 skyline->visits ? " · framed gold: looked at; numbers: the nodes visited, in order" : "",
                 skyline->dismissals ? " · pale and dashed, with one stroke through them: dismissed together" : "",
                 skyline->has_walk ? " · dots: what a linear walk looks at" : "",
                 skyline->operation.alignment > PAGE_SIZE
                         ? " · ticks in a bar: aligned addresses, heavy where the region fits"
                         : "");
        y = put_lines(sheet, drawing, TEXT_LEGEND, y, words);
        if (drawing->columns.widest > 1) {
                snprintf(words, sizeof words,
                         "There are more holes than pixels: a bar stands for up to %s, and is as high "
                         "as the largest.",
                         format_counted(drawing->columns.widest, "neighbour"));
                y = put_lines(sheet, drawing, TEXT_LEGEND, y, words);
        }
        return y;
}

/* --- bars ------------------------------------------------------------------------------------------------- */

static double width_of_bar(const struct skyline_column *column)
{
        return column->width - fmin(4, column->width * 0.25);
}

/* A hole that a linear walk takes, while the search was refused or took another. */
static bool is_missed_hole(const struct skyline *skyline, const struct skyline_column *column)
{
        return column->first == skyline->expected && skyline->is_wrong;
}

static void put_bar(struct sheet *sheet, const struct drawing *drawing, const struct skyline_column *column)
{
        static const struct {
                const char *class, *style;
                enum role fill, line;
                double pen;
                enum shade shade;
        } looks[] = {
                [GAP_UNSEEN] = {"hole", "filled", ROLE_REGION_FILL, ROLE_HOLE_LINE, 1, FULL},
                [GAP_DISMISSED] = {"hole dismissed", "filled,dashed", ROLE_HOLE_FILL, ROLE_HOLE_LINE, 1, FULL},
                [GAP_PASSED] = {"hole passed", "filled", ROLE_REGION_FILL, ROLE_HOLE_LINE, 1, FULL},
                [GAP_REFUSED] = {"hole refused", "filled", ROLE_REGION_FILL, ROLE_PATH, 3, FULL},
                [GAP_FITS] = {"hole fits", "filled", ROLE_REGION_FILL, ROLE_PATH, 3, FULL},
                [GAP_TAKEN] = {"hole taken", "filled", ROLE_PATH, ROLE_PATH, 3, FULL},
        };
        const struct skyline_gap *gap = &drawing->skyline->gap[column->highest];
        const bool is_missed = is_missed_hole(drawing->skyline, column);
        double height = fmax(skyline_bar_height(&drawing->columns, gap->pages), 2);
        bool is_thin = column->width < 6;
        char name[32], tooltip[160];

        snprintf(name, sizeof name, "gap%zu", column->first);
        if (column->first == column->last)
                snprintf(tooltip, sizeof tooltip, "hole %s, %s", units_range(gap->range),
                         units_long(drawing->skyline->units, gap->pages));
        else
                snprintf(tooltip, sizeof tooltip, "%zu gaps, the largest hole %s, %s", column->last - column->first + 1,
                         units_range(gap->range), units_long(drawing->skyline->units, gap->pages));
        sheet_box(sheet, &(struct box){
                                 .name = name,
                                 .class = looks[gap->fate].class,
                                 .tooltip = tooltip,
                                 .middle = {middle_of(column), drawing->ground - height / 2},
                                 .width = width_of_bar(column),
                                 .height = height,
                                 .shade = looks[gap->fate].shade,
                                 .pen = is_thin ? 0 : looks[gap->fate].pen,
                                 .fill = is_thin && gap->fate < GAP_REFUSED ? ROLE_HOLE_LINE : looks[gap->fate].fill,
                                 .line = is_missed ? ROLE_REFUSED : looks[gap->fate].line,
                                 .style = looks[gap->fate].style,
                                 .tint = gap->fate == GAP_TAKEN ? TINT_PLACE : 0,
                         });
}

/* Two strokes through a bar that is higher than the picture. */
static void put_break(struct sheet *sheet, const struct drawing *drawing, const struct skyline_column *column)
{
        enum { BELOW_TOP = 16, HEIGHT = 5, RISE = 3 };
        const double half = width_of_bar(column) / 2, x = middle_of(column);
        const double y = drawing->ground - drawing->columns.height + BELOW_TOP;
        char name[32];

        if (!skyline_is_cut(&drawing->columns, drawing->skyline->gap[column->highest].pages))
                return;
        snprintf(name, sizeof name, "break%zu", column->first);
        sheet_box(sheet, &(struct box){
                                 .name = name,
                                 .class = "break",
                                 .middle = {x, y},
                                 .width = 2 * half + 4,
                                 .height = HEIGHT,
                                 .fill = ROLE_PAPER,
                                 .line = ROLE_PAPER,
                                 .style = "filled",
                         });
}

/* The aligned addresses in a hole, at the height of their distance from its lowest address. */
static void put_ticks(struct sheet *sheet, const struct drawing *drawing, const struct skyline_column *column)
{
        const struct skyline *skyline = drawing->skyline;
        const struct skyline_gap *gap = &skyline->gap[column->first];
        uint64_t base, from = 0;
        double reached = -TICK_CLEAR;

        if (skyline->operation.alignment <= PAGE_SIZE || column->first != column->last || column->width < TICK_CLEAR)
                return;
        for (size_t i = 0; i < TICKS_MOST && skyline_slot(skyline, gap, from, &base); i++) {
                double height = skyline_bar_height(&drawing->columns, (base - gap->range.base) / PAGE_SIZE);
                uint64_t end;
                bool fits = !__builtin_add_overflow(base, skyline->operation.size + skyline->operation.after, &end) &&
                            end <= gap->range.end;
                char name[48];

                if (__builtin_add_overflow(base, skyline->operation.alignment, &from))
                        break;
                if (height < reached + TICK_CLEAR)
                        continue;
                reached = height;
                snprintf(name, sizeof name, "slot%zu_%zu", column->first, i);
                sheet_box(sheet, &(struct box){
                                         .name = name,
                                         .class = fits ? "slot fits" : "slot",
                                         .tooltip = units_address(base),
                                         .middle = {middle_of(column), drawing->ground - height - (fits ? 2 : 0.75)},
                                         .width = fmax(width_of_bar(column) - (fits ? 4 : 10), 3),
                                         .height = fits ? 4 : 1.5,
                                         .fill = fits ? ROLE_PATH_INK : ROLE_SOFT,
                                         .line = ROLE_SOFT,
                                         .style = "filled",
                                 });
        }
}

/* How large a hole is, if its bar is wide enough for the words. */
static void put_size(struct sheet *sheet, const struct drawing *drawing, const struct skyline_column *column)
{
        const struct skyline_gap *gap = &drawing->skyline->gap[column->highest];
        const char *words = units_short(drawing->skyline->units, gap->pages);
        double height = skyline_bar_height(&drawing->columns, gap->pages);

        if (gap->pages && text_width(words, TEXT_HOLE) + SIZE_CLEAR <= column->width) {
                const double above_ground = skyline_size_foot(&drawing->columns, gap->pages) + SKYLINE_SIZE_MIDDLE;

                sheet_text(sheet, TEXT_HOLE, (struct point){middle_of(column), drawing->ground - above_ground},
                           ANCHOR_MIDDLE, FULL, above_ground < height ? TRANSPARENT : ON_PAPER, words);
        }
        if (is_missed_hole(drawing->skyline, column))
                sheet_text(sheet, TEXT_REFUSED, (struct point){middle_of(column), drawing->ground + SEARCH_LANE + 16},
                           ANCHOR_MIDDLE, FULL, TRANSPARENT, "this fits");
}

/* --- the request ------------------------------------------------------------------------------------------ */

static void put_rule(struct sheet *sheet, const char *name, double y, double pen, enum role role,
                     const struct skyline_columns *columns)
{
        sheet_box(sheet, &(struct box){
                                 .name = name,
                                 .class = name,
                                 .middle = {(columns->left + columns->right) / 2, y},
                                 .width = columns->right - columns->left + 12,
                                 .height = pen,
                                 .fill = role,
                                 .line = role,
                                 .style = "filled",
                         });
}

/* Beside the line: "needed", and how much, in one line or, of a very long number, in two. */
static void put_needed(struct sheet *sheet, const struct drawing *drawing, double y)
{
        enum { LINE_OF_WORDS = 16 };
        const char *words = units_long(drawing->skyline->units, drawing->skyline->need);
        const double middle = (MARGIN + drawing->columns.left - 8) / 2, room = drawing->columns.left - MARGIN - 8;

        y -= 8;
        sheet_text(sheet, TEXT_MARK, (struct point){middle, y}, ANCHOR_MIDDLE, FULL, TRANSPARENT, "needed");
        while (*words) {
                const char *end = text_break(words, TEXT_MARK, room);
                char line[64];

                y += LINE_OF_WORDS;
                snprintf(line, sizeof line, "%.*s", (int)(end - words), words);
                sheet_text(sheet, TEXT_MARK, (struct point){middle, y}, ANCHOR_MIDDLE, FULL, TRANSPARENT, line);
                words = end + (*end == ' ');
        }
}

static void put_request(struct sheet *sheet, const struct drawing *drawing)
{
        const struct skyline *skyline = drawing->skyline;
        double y = drawing->ground - skyline_bar_height(&drawing->columns, skyline->need);

        put_rule(sheet, "ground", drawing->ground, 1.5, ROLE_REGION_LINE, &drawing->columns);
        if (!skyline->has_request)
                return;
        put_rule(sheet, "request", y, 2.5, ROLE_PATH_INK, &drawing->columns);
        put_needed(sheet, drawing, y);
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static void draw(struct sheet *sheet, const void *content)
{
        const struct drawing *drawing = content;
        const struct skyline *skyline = drawing->skyline;

        put_captions(sheet, drawing);
        for (size_t i = 0; i < skyline->dismissals; i++)
                skyline_put_shade(sheet, drawing, i);
        for (size_t i = 0; i < drawing->columns.count; i++) {
                put_bar(sheet, drawing, &drawing->columns.column[i]);
                put_break(sheet, drawing, &drawing->columns.column[i]);
                put_ticks(sheet, drawing, &drawing->columns.column[i]);
        }
        put_request(sheet, drawing);
        for (size_t i = 0; i < drawing->columns.count; i++)
                put_size(sheet, drawing, &drawing->columns.column[i]);
        skyline_put_addresses(sheet, drawing);
        if (skyline->has_walk)
                skyline_put_walk(sheet, drawing);
        if (skyline->visits)
                skyline_put_numbers(sheet, drawing);
        skyline_put_dismissal_words(sheet, drawing);
        put_legend(sheet, drawing);
}

struct error skyline_picture(struct picture *out, const struct skyline *skyline)
{
        struct drawing *drawing = calloc(1, sizeof *drawing);
        struct error error;

        if (!drawing)
                return fail_no_memory();
        drawing->skyline = skyline;
        error = skyline_columns_make(&drawing->columns, skyline,
                                     &(struct skyline_frame){
                                             .left = LEFT_EDGE,
                                             .width = WIDTH - LEFT_EDGE - RIGHT_EDGE,
                                             .height = BAR_AREA - 24,
                                             .least = LEAST_COLUMN,
                                     });
        if (error.code) {
                free(drawing);
                return error;
        }
        drawing->width = fmin(fmax(drawing->columns.right + RIGHT_EDGE, LEAST_WIDTH), WIDTH);
        drawing->ground = put_captions(NULL, drawing) + BAR_AREA;
        drawing->legend = drawing->ground + (skyline->has_request ? BELOW : 44);
        drawing->height = put_legend(NULL, drawing);
        *out = (struct picture){
                .title = skyline->title,
                .description = skyline->description,
                .width = drawing->width,
                .height = drawing->height,
                .scale = 1,
                .draw = draw,
                .content = drawing,
        };
        return SUCCESS;
}

void skyline_picture_clear(struct picture *picture)
{
        struct drawing *drawing = (struct drawing *)picture->content;

        if (drawing)
                skyline_columns_clear(&drawing->columns);
        free(drawing);
        *picture = (struct picture){0};
}
