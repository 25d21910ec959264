#include "base/format.h"
#include "draw/text.h"
#include "skyline/skyline_internal.h"

#include <math.h>

enum { DOT = 6 };

static void put_row_name(struct sheet *sheet, double y, const char *words)
{
        sheet_text(sheet, TEXT_PIECE, (struct point){MARGIN, y}, ANCHOR_START, FULL, TRANSPARENT, words);
}

/* A dot for each column that the linear walk looks at, joined by a line; a triangle at the hole that it takes. */
void skyline_put_walk(struct sheet *sheet, const struct drawing *drawing)
{
        const struct skyline_columns *columns = &drawing->columns;
        double y = drawing->ground + WALK_LANE, reached = -DOT;
        struct point path[2] = {{columns->left, y}, {columns->left, y}};

        put_row_name(sheet, y, "linear walk");
        for (size_t i = 0; i < columns->count; i++) {
                const struct skyline_column *column = &columns->column[i];
                double x = middle_of(column);
                bool is_taken = column->first == drawing->skyline->expected;
                char name[32];

                if (!drawing->skyline->gap[column->first].is_walked)
                        continue;
                path[1].x = x;
                if (x < reached + DOT + 1 && !is_taken)
                        continue;
                reached = x;
                snprintf(name, sizeof name, "walk%zu", column->first);
                sheet_box(sheet, &(struct box){
                                         .name = name,
                                         .class = is_taken ? "walk taken" : "walk",
                                         .middle = {x, y},
                                         .width = is_taken ? 2 * DOT : DOT,
                                         .height = is_taken ? 2 * DOT : DOT,
                                         .fill = is_taken ? ROLE_PATH : ROLE_REGION_LINE,
                                         .line = ROLE_REGION_LINE,
                                         .pen = is_taken ? 1.5 : 0,
                                         .style = "filled",
                                         .shape = is_taken ? "triangle" : "circle",
                                 });
        }
        sheet_polyline(sheet,
                       &(struct line){.from = "ground",
                                      .to = "ground",
                                      .class = "walk",
                                      .role = ROLE_EDGE,
                                      .pen = 1.5,
                                      .style = "solid"},
                       path, 2);
}

void skyline_put_numbers(struct sheet *sheet, const struct drawing *drawing)
{
        const struct skyline *skyline = drawing->skyline;
        double y = drawing->ground + SEARCH_LANE, reached = 0;

        put_row_name(sheet, y, skyline->keeps_gaps ? "search in the tree" : "search, no gaps kept");
        for (size_t i = 0; i < drawing->columns.count; i++) {
                const struct skyline_column *column = &drawing->columns.column[i];
                const char *number = skyline->gap[column->first].number;
                double half = text_width(number, TEXT_NUMBER) / 2;

                if (!number[0] || middle_of(column) - half < reached)
                        continue;
                sheet_text(sheet, TEXT_NUMBER, (struct point){middle_of(column), y}, ANCHOR_MIDDLE, FULL, TRANSPARENT,
                           number);
                reached = middle_of(column) + half + 2;
        }
}

/* Where what one comparison dismissed begins and ends. */
static void find_ends(const struct drawing *drawing, const struct skyline_dismissal *dismissal, double *left,
                      double *right)
{
        const struct skyline_column *first = skyline_column_of(&drawing->columns, dismissal->first);
        const struct skyline_column *last = skyline_column_of(&drawing->columns, dismissal->last);

        *left = first->x;
        *right = last->x + last->width;
}

/* The ground of a dismissed subtree, one stroke through all of it, and a bracket. */
void skyline_put_shade(struct sheet *sheet, const struct drawing *drawing, size_t i)
{
        double left, right, top = drawing->ground - BAR_AREA;
        char name[32];

        find_ends(drawing, &drawing->skyline->dismissal[i], &left, &right);
        snprintf(name, sizeof name, "dismissal%zu", i);
        sheet_box(sheet, &(struct box){
                                 .name = name,
                                 .class = "shade",
                                 .middle = {(left + right) / 2, drawing->ground - BAR_AREA / 2.0},
                                 .tooltip = drawing->skyline->dismissal[i].words,
                                 .width = right - left,
                                 .height = BAR_AREA,
                                 .fill = ROLE_GUARD_FILL,
                                 .line = ROLE_GUARD_FILL,
                                 .style = "filled",
                                 .tint = 0x55,
                         });
        sheet_polyline(
                sheet,
                &(struct line){
                        .from = name, .to = name, .class = "stroke", .role = ROLE_SOFT, .pen = 2.5, .style = "solid"},
                (struct point[]){{left + 1, drawing->ground - 2}, {right - 1, top + 2}}, 2);
        sheet_polyline(
                sheet,
                &(struct line){
                        .from = name, .to = name, .class = "bracket", .role = ROLE_SOFT, .pen = 1.5, .style = "solid"},
                (struct point[]){{left + 1, drawing->ground + BRACKET - 6},
                                 {left + 1, drawing->ground + BRACKET},
                                 {right - 1, drawing->ground + BRACKET},
                                 {right - 1, drawing->ground + BRACKET - 6}},
                4);
}

/* Beneath its bracket, as many words as fit: "3: max 2 < 4, 7 holes", "3: 7", or none. */
void skyline_put_dismissal_words(struct sheet *sheet, const struct drawing *drawing)
{
        const struct skyline *skyline = drawing->skyline;
        double reached[2] = {0, 0};

        for (size_t i = 0; i < skyline->dismissals; i++) {
                const struct skyline_dismissal *dismissal = &skyline->dismissal[i];
                double left, right;
                char words[2][WHY_SIZE + 40];
                bool is_said = false;

                find_ends(drawing, dismissal, &left, &right);
                snprintf(words[0], sizeof words[0], "%zu: %s, %s", dismissal->visit, dismissal->words,
                         format_counted(dismissal->holes, "hole"));
                snprintf(words[1], sizeof words[1], "%zu: %s", dismissal->visit,
                         format_counted(dismissal->holes, "hole"));
                for (size_t choice = 0; choice < 4 && !is_said; choice++) {
                        size_t row = choice % 2;
                        const char *text = words[choice / 2];
                        double half = text_width(text, TEXT_WHY) / 2;
                        double x = fmin(fmax((left + right) / 2, MARGIN + half), drawing->width - MARGIN - half);

                        if (x - half < reached[row] || (choice < 2 && 2 * half > right - left + 240))
                                continue;
                        sheet_text(sheet, TEXT_WHY, (struct point){x, drawing->ground + (row ? SECOND_LABEL : LABEL)},
                                   ANCHOR_MIDDLE, FULL, TRANSPARENT, text);
                        reached[row] = x + half + 10;
                        is_said = true;
                }
        }
}

/* Addresses where there is room for them: the ends, and the holes that were looked at. */
void skyline_put_addresses(struct sheet *sheet, const struct drawing *drawing)
{
        const struct skyline *skyline = drawing->skyline;
        double reached = 0;

        for (size_t i = 0; i < drawing->columns.count; i++) {
                const struct skyline_column *column = &drawing->columns.column[i];
                const char *words = units_address(skyline->gap[column->highest].range.base);
                double half = text_width(words, TEXT_TICK) / 2, x = middle_of(column);

                if (x - half < reached || x + half > drawing->width - 4)
                        continue;
                sheet_text(sheet, TEXT_TICK, (struct point){x, drawing->ground + 14}, ANCHOR_MIDDLE, FULL, TRANSPARENT,
                           words);
                reached = x + half + 14;
        }
}
