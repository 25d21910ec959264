/*
 * What skyline_draw.c and skyline_rows.c share: the picture in the making.
 */
#pragma once

#include "skyline/skyline_columns.h"

/* Widths, heights and, of rows, how far below the ground they are; pixels. */
enum {
        WIDTH = 1280,
        LEAST_WIDTH = 800,      /* of the picture of a few holes */
        LEFT_EDGE = 176,
        RIGHT_EDGE = 40,
        MARGIN = 40,
        BAR_AREA = 250,
        LEAST_COLUMN = 2,
        WALK_LANE = 42,
        SEARCH_LANE = 68,
        BRACKET = 92,
        LABEL = 106,
        SECOND_LABEL = 121,
        BELOW = 150,
};

struct drawing {
        const struct skyline *skyline;
        struct skyline_columns columns;
        double ground; /* y of the line on which the bars stand */
        double width, legend, height;
};

static inline double middle_of(const struct skyline_column *column)
{
        return column->x + column->width / 2;
}

/* What a dismissed subtree looks like: a shaded ground, one stroke, a bracket; and its words below. */
void skyline_put_shade(struct sheet *sheet, const struct drawing *drawing, size_t dismissal);
void skyline_put_dismissal_words(struct sheet *sheet, const struct drawing *drawing);
/* The rows below the bars: what the linear walk looks at; the nodes that the search visited, numbered. */
void skyline_put_walk(struct sheet *sheet, const struct drawing *drawing);
void skyline_put_numbers(struct sheet *sheet, const struct drawing *drawing);
/* Addresses where there is room for them. */
void skyline_put_addresses(struct sheet *sheet, const struct drawing *drawing);
