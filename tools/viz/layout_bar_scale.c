/*
 * The scale of the bar. All pieces together fill it; small ones are widened until they can be seen, and where that is
 * not enough, long ones are shortened.
 */
#include "layout_steps.h"
#include "format.h"
#include "text.h"

#include <math.h>
#include <stdio.h>

enum {
        SHORTENED_WIDTH = 100,
        WIDEST_LEAST = 12,                      /* how wide the smallest piece is, if there is room */
        LABEL_PADDING = 8,
};

static double clamped(double value, double least, double most)
{
        return value < least ? least : value > most ? most : value;
}

/* How wide pieces may be drawn. Holes are shortened early: the size of an empty stretch says all there is to know. */
struct limits {
        double least, hole, region;
};

static double natural_width(const struct layout_piece *piece, double pixels_per_byte)
{
        return pixels_per_byte * vrange_size(piece->range);
}

/* A subtree that is drawn as one piece has at least room for its number. */
static void measure_numbers(struct layout *layout)
{
        char label[LAYOUT_LINE_SIZE];

        for (size_t i = 0; i < layout->pieces; i++) {
                struct layout_piece *piece = &layout->piece[i];

                if (piece->kind != PIECE_SUBTREE)
                        continue;
                snprintf(label, sizeof label, "▲ %s", format_count(layout_subtree_size(&layout->node[piece->node])));
                piece->least = text_width(label, TEXT_PIECE) + LABEL_PADDING + 1;
        }
}

static double least_of(const struct layout_piece *piece, struct limits limits)
{
        return piece->least > limits.least ? piece->least : limits.least;
}

static double limit_of(const struct layout_piece *piece, struct limits limits)
{
        return piece->kind == PIECE_HOLE ? limits.hole : limits.region;
}

static double width_of(const struct layout_piece *piece, double pixels_per_byte, struct limits limits)
{
        double least = least_of(piece, limits), limit = limit_of(piece, limits);

        return clamped(natural_width(piece, pixels_per_byte), least, least > limit ? least : limit);
}

static double sum_of_widths(const struct layout *layout, double pixels_per_byte, struct limits limits)
{
        double sum = 0;

        for (size_t i = 0; i < layout->pieces; i++)
                sum += width_of(&layout->piece[i], pixels_per_byte, limits);
        return sum;
}

/* The scale at which all pieces, the small ones widened and the long ones shortened, fill the bar. */
static double find_scale(const struct layout *layout, double width, struct limits limits)
{
        double low = 1e-18, high = 1;           /* a pixel a byte is more than anyone needs */

        while (high > low * (1 + 1e-7)) {
                double middle = sqrt(low * high);

                if (sum_of_widths(layout, middle, limits) < width)
                        low = middle;
                else
                        high = middle;
        }
        return high;
}

/* Widening a few pieces bends the scale a little; where most would have to be widened, something is far too long. */
static bool is_bent(const struct layout *layout, double pixels_per_byte, double least)
{
        size_t widened = 0;

        for (size_t i = 0; i < layout->pieces; i++)
                widened += natural_width(&layout->piece[i], pixels_per_byte) < least;
        return widened * 3 > layout->pieces;
}

void layout_scale_bar(struct layout *layout)
{
        double width = layout->right - layout->left, mean = width / layout->pieces, x = layout->left, stretch;
        struct limits limits = { clamped(mean / 2, 1, WIDEST_LEAST), width, width };
        double pixels_per_byte;

        measure_numbers(layout);
        pixels_per_byte = find_scale(layout, width, limits);
        if (is_bent(layout, pixels_per_byte, limits.least)) {
                limits.hole = fmax(mean * 2, SHORTENED_WIDTH);
                limits.region = fmax(mean * 8, 3 * SHORTENED_WIDTH);
                pixels_per_byte = find_scale(layout, width, limits);
        }
        stretch = width / sum_of_widths(layout, pixels_per_byte, limits);
        for (size_t i = 0; i < layout->pieces; i++) {
                struct layout_piece *piece = &layout->piece[i];
                double natural = natural_width(piece, pixels_per_byte);

                piece->is_shortened = natural > limit_of(piece, limits) * 1.05;
                piece->x = x;
                piece->width = width_of(piece, pixels_per_byte, limits) * stretch;
                x += piece->width;
        }
}
