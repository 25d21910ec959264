#include "skyline/skyline_columns.h"
#include "base/error_message.h"

#include <math.h>
#include <stdlib.h>

/* Widths in pixels. A column with a number below it is wider than one without. */
enum { MOST_WIDTH = 90, NUMBERED_WIDTH = 26 };
/* Sizes that differ more than this many times are drawn on a logarithmic scale. */
enum { LINEAR_RANGE = 24 };
/* Holes of so many pages are never cut. */
enum { LEAST_TOP = 64 };

bool skyline_stands_alone(const struct skyline *skyline, size_t i)
{
        return skyline->gap[i].number[0] || i == skyline->expected || i == skyline->taken;
}

static bool may_share(const struct skyline *skyline, size_t a, size_t b)
{
        const struct skyline_gap *left = &skyline->gap[a], *right = &skyline->gap[b];

        return !skyline_stands_alone(skyline, a) && !skyline_stands_alone(skyline, b) && left->fate == right->fate &&
               left->is_walked == right->is_walked &&
               (left->fate != GAP_DISMISSED || left->dismissal == right->dismissal);
}

/* Neighbours share a column, at most `most` of them. Returns the columns that have no number. */
static size_t share(struct skyline_columns *columns, size_t most)
{
        const struct skyline *skyline = columns->skyline;
        size_t plain = 0;

        columns->count = columns->widest = 0;
        for (size_t i = 0; i < skyline->gaps; i++) {
                struct skyline_column *newest = columns->count ? &columns->column[columns->count - 1] : NULL;

                if (!newest || i - newest->first >= most || !may_share(skyline, newest->last, i)) {
                        newest = &columns->column[columns->count++];
                        *newest = (struct skyline_column){.first = i, .highest = i};
                        plain += !skyline_stands_alone(skyline, i);
                }
                newest->last = i;
                if (skyline->gap[i].pages > skyline->gap[newest->highest].pages)
                        newest->highest = i;
                if (columns->widest < i - newest->first + 1)
                        columns->widest = i - newest->first + 1;
        }
        return plain;
}

/* As wide as there is room; each column that stands alone at least as wide as its number. */
static void place(struct skyline_columns *columns, size_t plain, const struct skyline_frame *frame)
{
        size_t alone = columns->count - plain;
        double even = frame->width / (double)columns->count, width = even;
        double x = columns->left;

        if (even < NUMBERED_WIDTH && plain)
                width = (frame->width - (double)alone * NUMBERED_WIDTH) / (double)plain;
        width = fmin(fmax(width, frame->least), MOST_WIDTH);
        columns->width[0] = width;
        columns->width[1] = fmax(width, NUMBERED_WIDTH);
        for (size_t i = 0; i < columns->count; i++) {
                struct skyline_column *column = &columns->column[i];

                column->x = x;
                column->width = columns->width[skyline_stands_alone(columns->skyline, column->first)];
                x += column->width;
        }
        columns->right = x;
}

/*
 * The line of the request lies at a third of the height, or a little lower if only a page or two are needed: a reader
 * must see which holes reach it; how large the largest hole is matters less.
 */
static uint64_t choose_top(const struct skyline *skyline)
{
        const double cube = pow(1 + (double)skyline->need, 3);

        if (!skyline->has_request)
                return skyline->largest;
        return cube >= (double)skyline->largest ? skyline->largest : cube > LEAST_TOP ? (uint64_t)cube : LEAST_TOP;
}

static void choose_scale(struct skyline_columns *columns)
{
        const struct skyline *skyline = columns->skyline;
        uint64_t smallest = skyline->has_request && skyline->need ? skyline->need : UINT64_MAX;

        for (size_t i = 0; i < skyline->gaps; i++)
                if (skyline->gap[i].pages && smallest > skyline->gap[i].pages)
                        smallest = skyline->gap[i].pages;
        columns->is_logarithmic = skyline->largest / smallest > LINEAR_RANGE ||
                                  (skyline->has_request && skyline->need / smallest > LINEAR_RANGE);
        columns->top = columns->is_logarithmic ? choose_top(skyline) : skyline->largest;
        if (skyline->has_request && columns->top < skyline->need)
                columns->top = skyline->need;
}

struct error skyline_columns_make(struct skyline_columns *out, const struct skyline *skyline,
                                  const struct skyline_frame *frame)
{
        size_t most = 1, plain;

        *out = (struct skyline_columns){.skyline = skyline, .left = frame->left, .height = frame->height};
        out->column = calloc(skyline->gaps, sizeof *out->column);
        if (!out->column)
                return fail_no_memory();
        while ((plain = share(out, most)),
               (double)plain * frame->least + (double)(out->count - plain) * NUMBERED_WIDTH > frame->width &&
                       most < skyline->gaps)
                most *= 2;
        place(out, plain, frame);
        choose_scale(out);
        return SUCCESS;
}

void skyline_columns_clear(struct skyline_columns *columns)
{
        free(columns->column);
        *columns = (struct skyline_columns){0};
}

double skyline_bar_height(const struct skyline_columns *columns, uint64_t pages)
{
        if (!columns->top)
                return 0;
        if (skyline_is_cut(columns, pages))
                return columns->height;
        if (columns->is_logarithmic)
                return columns->height * log2(1 + (double)pages) / log2(1 + (double)columns->top);
        return columns->height * (double)pages / (double)columns->top;
}

bool skyline_is_cut(const struct skyline_columns *columns, uint64_t pages)
{
        return pages > columns->top;
}

double skyline_size_foot(const struct skyline_columns *columns, uint64_t pages)
{
        enum { CLEAR_OF_LINE = 9, ROOM = 2 * SKYLINE_SIZE_MIDDLE };
        const double bar = skyline_bar_height(columns, pages);
        const double line = skyline_bar_height(columns, columns->skyline->need);

        if (!columns->skyline->has_request || fabs(bar + SKYLINE_SIZE_MIDDLE - line) >= CLEAR_OF_LINE)
                return bar;
        return bar >= ROOM ? bar - ROOM : line;
}

const struct skyline_column *skyline_column_of(const struct skyline_columns *columns, size_t gap)
{
        size_t low = 0, high = columns->count;

        while (high - low > 1) {
                size_t middle = low + (high - low) / 2;

                if (columns->column[middle].first <= gap)
                        low = middle;
                else
                        high = middle;
        }
        return &columns->column[low];
}
