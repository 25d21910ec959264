/*
 * The scale of the bar. All pieces together fill it; small ones are widened until they can be seen, and where that is
 * not enough, long ones are shortened.
 */
#include "base/format.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdio.h>

enum {
        SHORTENED_WIDTH = 100,
        LONE_WIDTH = 76,                        /* room for two zigzags, and between them "127 TiB" */
        WIDEST_LEAST = 12,                      /* how wide the smallest piece is, if there is room */
        TIGHT_LEAST = 6,
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
                snprintf(label, sizeof label, "%s%s", layout->is_tight ? "" : "▲ ",
                         format_count(piece->regions));
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

/* What the pieces take together: those that are widened or shortened have a fixed width, the others share the rest. */
struct sum {
        double fixed;                           /* pixels */
        double bytes;                           /* of the others */
};

static struct sum add_up(const struct layout *layout, double pixels_per_byte, struct limits limits)
{
        struct sum sum = { 0 };

        for (size_t i = 0; i < layout->pieces; i++) {
                const struct layout_piece *piece = &layout->piece[i];
                const double natural = natural_width(piece, pixels_per_byte);
                const double width = width_of(piece, pixels_per_byte, limits);

                if (width < natural || width > natural)
                        sum.fixed += width;
                else
                        sum.bytes += (double)vrange_size(piece->range);
        }
        return sum;
}

/*
 * The scale at which all pieces, the small ones widened and the long ones shortened, fill the bar. If the pieces that are
 * neither were always the same, they would share what the others leave: that is the next guess. Where it does not lie
 * between what is too small and what is too large, the middle of these is.
 */
static double find_scale(const struct layout *layout, double width, struct limits limits)
{
        static const double close_enough = 1e-9;
        double low = 1e-18, high = 1;           /* a pixel a byte is more than anyone needs */
        double scale = sqrt(low * high);

        while (high > low * (1 + 1e-7)) {
                const struct sum sum = add_up(layout, scale, limits);
                const double guess = sum.bytes > 0 ? (width - sum.fixed) / sum.bytes : 0;

                if (fabs(guess - scale) < scale * close_enough)
                        return guess;
                if (sum.fixed + sum.bytes * scale < width)
                        low = scale;
                else
                        high = scale;
                scale = guess > low && guess < high ? guess : sqrt(low * high);
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

static bool is_to_scale(const struct layout_piece *piece, double pixels_per_byte, struct limits limits)
{
        const double natural = natural_width(piece, pixels_per_byte), width = width_of(piece, pixels_per_byte, limits);

        return !(width < natural) && !(width > natural);
}

/*
 * A piece that is to scale while all others are widened or shortened can be compared with none of them. NOWHERE if there
 * is no such piece.
 */
static size_t find_lone_piece(const struct layout *layout, double pixels_per_byte, struct limits limits)
{
        size_t lone = NOWHERE, count = 0;

        for (size_t i = 0; i < layout->pieces; i++)
                if (is_to_scale(&layout->piece[i], pixels_per_byte, limits)) {
                        lone = i;
                        count++;
                }
        return count == 1 && layout->pieces > 2 ? lone : NOWHERE;
}

void layout_scale_bar(struct layout *layout)
{
        double width = layout->right - layout->left, mean = width / layout->pieces, x = layout->left, stretch;
        struct limits limits = { clamped(mean / 2, 1, layout->is_tight ? TIGHT_LEAST : WIDEST_LEAST), width, width };
        double pixels_per_byte;
        struct sum sum;
        size_t lone;

        measure_numbers(layout);
        pixels_per_byte = find_scale(layout, width, limits);
        if (is_bent(layout, pixels_per_byte, limits.least)) {
                limits.hole = fmax(mean * 2, SHORTENED_WIDTH);
                limits.region = fmax(mean * 8, 3 * SHORTENED_WIDTH);
                pixels_per_byte = find_scale(layout, width, limits);
        }
        lone = find_lone_piece(layout, pixels_per_byte, limits);
        if (lone != NOWHERE) {
                layout->piece[lone].least = fmax(layout->piece[lone].least, LONE_WIDTH);
                pixels_per_byte = find_scale(layout, width, limits);
        }
        sum = add_up(layout, pixels_per_byte, limits);
        stretch = width / (sum.fixed + sum.bytes * pixels_per_byte);
        for (size_t i = 0; i < layout->pieces; i++) {
                struct layout_piece *piece = &layout->piece[i];
                double natural = natural_width(piece, pixels_per_byte);

                piece->is_shortened = natural > limit_of(piece, limits) * 1.05 || i == lone;
                piece->x = x;
                piece->width = width_of(piece, pixels_per_byte, limits) * stretch;
                x += piece->width;
        }
}
