/*
 * The colours of both themes: no two light ones are the same, since the dark theme of an SVG goes by them alone, and all
 * of them can be distinguished from what is behind them (WCAG 2, AA).
 */
#include "draw/style.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Paper is as far away as can be: its pale shade is itself. */
static bool is_the_same(enum role a, enum shade shade_a, enum role b, enum shade shade_b)
{
        return a == b && (shade_a == shade_b || a == ROLE_PAPER);
}

static void every_colour_has_a_light_value_of_its_own([[maybe_unused]] void **state)
{
        for (int i = 0; i < ROLE_COUNT * 2; i++) {
                for (int j = 0; j < i; j++) {
                        enum role a = (enum role)(i / 2), b = (enum role)(j / 2);
                        enum shade shade_a = (enum shade)(i % 2), shade_b = (enum shade)(j % 2);

                        if (!is_the_same(a, shade_a, b, shade_b))
                                assert_int_not_equal(style_colour(a, THEME_LIGHT, shade_a),
                                                     style_colour(b, THEME_LIGHT, shade_b));
                }
        }
}

/* --- contrast --------------------------------------------------------------------------------------------- */

static double light_of(double part)
{
        return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double luminance(unsigned colour)
{
        return 0.2126 * light_of((colour >> 16 & 255) / 255.0) + 0.7152 * light_of((colour >> 8 & 255) / 255.0) +
               0.0722 * light_of((colour & 255) / 255.0);
}

static double contrast(unsigned a, unsigned b)
{
        double lighter = fmax(luminance(a), luminance(b)), darker = fmin(luminance(a), luminance(b));

        return (lighter + 0.05) / (darker + 0.05);
}

struct pair {
        enum role front, back;
        enum shade shade;
};

static void assert_contrast(const struct pair *pairs, size_t count, double least)
{
        for (size_t i = 0; i < count; i++)
                for (enum theme theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
                        unsigned front = style_colour(pairs[i].front, theme, pairs[i].shade);
                        unsigned back = style_colour(pairs[i].back, theme, pairs[i].shade);

                        if (contrast(front, back) < least)
                                fail_msg("pair %zu, theme %d: contrast %.2f is less than %.1f", i, theme,
                                         contrast(front, back), least);
                }
}

static void all_text_has_a_contrast_of_four_and_a_half([[maybe_unused]] void **state)
{
        static const struct pair pairs[] = {
                { ROLE_INK, ROLE_PAPER, FULL },         { ROLE_SOFT, ROLE_PAPER, FULL },
                { ROLE_PATH_INK, ROLE_PAPER, FULL },     { ROLE_REFUSED, ROLE_PAPER, FULL },
                { ROLE_DIFFERENT, ROLE_PAPER, FULL },
                { ROLE_INK, ROLE_BLACK_FILL, FULL },    { ROLE_SOFT, ROLE_BLACK_FILL, FULL },
                { ROLE_INK, ROLE_BLACK_FILL, PALE },    { ROLE_SOFT, ROLE_BLACK_FILL, PALE },
                { ROLE_INK, ROLE_RED_FILL, FULL },      { ROLE_SOFT, ROLE_RED_FILL, FULL },
                { ROLE_INK, ROLE_RED_FILL, PALE },      { ROLE_SOFT, ROLE_RED_FILL, PALE },
                { ROLE_INK, ROLE_REGION_FILL, FULL },   { ROLE_INK, ROLE_HOLE_FILL, FULL },
        };

        assert_contrast(pairs, sizeof pairs / sizeof pairs[0], 4.5);
}

static unsigned tinted(unsigned ground, unsigned tint, unsigned opacity)
{
        unsigned mixed = 0;

        for (unsigned shift = 0; shift <= 16; shift += 8)
                mixed |= ((ground >> shift & 255) * (255 - opacity) + (tint >> shift & 255) * opacity) / 255 << shift;
        return mixed;
}

static void text_in_the_bar_can_be_read_beneath_a_mark([[maybe_unused]] void **state)
{
        static const enum role grounds[] = { ROLE_HOLE_FILL, ROLE_REGION_FILL };

        for (enum theme theme = THEME_LIGHT; theme <= THEME_DARK; theme++)
                for (size_t i = 0; i < 2; i++) {
                        unsigned text = style_colour(style_of_text(TEXT_HOLE).role, theme, FULL);
                        unsigned ground = style_colour(grounds[i], theme, FULL);
                        unsigned place = tinted(ground, style_colour(ROLE_PATH, theme, FULL), TINT_PLACE);
                        unsigned refused = tinted(ground, style_colour(ROLE_REFUSED, theme, FULL), TINT_REFUSED);
                        unsigned different = tinted(ground, style_colour(ROLE_DIFFERENT, theme, FULL), TINT_DIFFERENT);

                        assert_true(contrast(text, place) >= 4.5 && contrast(text, refused) >= 4.5);
                        assert_true(contrast(text, different) >= 4.5);
                }
}

static void all_lines_have_a_contrast_of_three([[maybe_unused]] void **state)
{
        static const struct pair pairs[] = {
                { ROLE_EDGE, ROLE_PAPER, FULL },        { ROLE_PATH, ROLE_PAPER, FULL },
                { ROLE_DROP, ROLE_PAPER, FULL },        { ROLE_HOLE_LINE, ROLE_PAPER, FULL },
                { ROLE_BLACK_LINE, ROLE_PAPER, FULL },  { ROLE_BLACK_LINE, ROLE_PAPER, PALE },
                { ROLE_RED_LINE, ROLE_PAPER, FULL },    { ROLE_RED_LINE, ROLE_PAPER, PALE },
                { ROLE_REGION_LINE, ROLE_PAPER, FULL }, { ROLE_REFUSED, ROLE_PAPER, FULL },
        };

        assert_contrast(pairs, sizeof pairs / sizeof pairs[0], 3);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_colour_has_a_light_value_of_its_own),
                cmocka_unit_test(all_text_has_a_contrast_of_four_and_a_half),
                cmocka_unit_test(text_in_the_bar_can_be_read_beneath_a_mark),
                cmocka_unit_test(all_lines_have_a_contrast_of_three),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
