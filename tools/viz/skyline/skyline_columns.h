/*
 * Where the bars of a skyline stand. Each gap is a column of its own as long as there is room; of very many, neighbours
 * that share a fate share a column, which is as high as the largest of them. What the search looked at keeps a column
 * to itself.
 */
#pragma once

#include "skyline/skyline.h"

struct skyline_column {
        size_t first, last; /* gaps */
        size_t highest;     /* of those */
        double x, width;    /* of its left end, in pixels */
};

struct skyline_columns {
        const struct skyline *skyline;
        size_t count;
        struct skyline_column *column;
        size_t widest;      /* the most gaps that share a column */
        double left, right; /* ends of the row */
        double height;      /* of the highest bar */
        double width[2];    /* of a column; and of one that stands alone */
        uint64_t top;       /* pages: how large a hole is that reaches that height; a larger one is cut there */
        bool is_logarithmic;
};

/* Where there is room for them, in pixels. */
struct skyline_frame {
        double left, width;
        double height;      /* of the highest bar */
        double least;       /* of a column's width */
};

/* NO_MEMORY with a complaint. O(gaps * log gaps). */
struct error skyline_columns_make(struct skyline_columns *out, const struct skyline *skyline,
                                  const struct skyline_frame *frame);
void skyline_columns_clear(struct skyline_columns *columns);

/* Whether the gap has a column to itself, which is wide enough for a number. */
bool skyline_stands_alone(const struct skyline *skyline, size_t gap);

/* How high a bar of so many pages is; whether it is cut, as a hole of 127 TiB would leave no height for the others. */
double skyline_bar_height(const struct skyline_columns *columns, uint64_t pages);
bool skyline_is_cut(const struct skyline_columns *columns, uint64_t pages);

/*
 * On what the words for the size of a hole stand, in pixels over the ground: on its bar; or within it, if the line of
 * the request would cross the words; or on that line, if the bar is too low. The middle of the words is
 * SKYLINE_SIZE_MIDDLE higher.
 */
double skyline_size_foot(const struct skyline_columns *columns, uint64_t pages);

enum { SKYLINE_SIZE_MIDDLE = 10 };

/* The column of a gap. O(log columns). */
const struct skyline_column *skyline_column_of(const struct skyline_columns *columns, size_t gap);
