/*
 * The dark theme of an SVG goes by the light colours alone, so no two of them may be the same.
 */
#include "../style.h"

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

static void every_colour_is_told_from_all_others_by_its_light_value([[maybe_unused]] void **state)
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

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_colour_is_told_from_all_others_by_its_light_value),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
