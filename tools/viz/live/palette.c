#include "live/palette.h"

#include <curses.h>
#include <string.h>

struct look {
        short rich_ink, rich_ground, plain_ink, plain_ground;
        const char *styles, *styles_without_colour;
};

static const struct look look[INK_COUNT] = {
#define X(name, ...) { __VA_ARGS__ },
        INKS(X)
#undef X
};

static bool has_colour;

void palette_start(enum colour_choice choice)
{
        has_colour = choice == COLOUR_AS_TERMINAL && has_colors() && start_color() == OK;
        if (!has_colour)
                return;
        use_default_colors();
        for (short i = 0; i < INK_COUNT; i++)
                if (COLORS >= 256)
                        init_pair(i + 1, look[i].rich_ink, look[i].rich_ground);
                else
                        init_pair(i + 1, look[i].plain_ink, look[i].plain_ground);
}

unsigned long palette_attributes(enum ink ink)
{
        static const struct {
                char letter;
                unsigned long attribute;
        } attributes[] = {
                { 'b', A_BOLD }, { 'd', A_DIM }, { 'r', A_REVERSE }, { 'i', A_ITALIC }, { 'u', A_UNDERLINE },
        };
        const char *styles = has_colour ? look[ink].styles : look[ink].styles_without_colour;
        unsigned long sum = 0;

        for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
                if (strchr(styles, attributes[i].letter))
                        sum |= attributes[i].attribute;
        return sum;
}

short palette_pair(enum ink ink)
{
        return has_colour ? (short)(ink + 1) : 0;
}
