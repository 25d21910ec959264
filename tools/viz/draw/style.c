#include "draw/style.h"

static const struct {
        unsigned of_theme[2], pale;
} colours[ROLE_COUNT] = {
#define X(role, light, dark, pale) { { light, dark }, pale },
        COLOUR_ROLES(X)
#undef X
};

static const struct text_style text_styles[] = {
#define X(kind, font, size, role) { font, size, role, #kind },
        TEXT_KINDS(X)
#undef X
};

static const struct {
        const char *family, *name;
} fonts[FONT_COUNT] = {
#define X(font, family, name) { family, name },
        FONTS(X)
#undef X
};

static unsigned mix(unsigned paper, unsigned ink, unsigned percent)
{
        unsigned mixed = 0;

        for (unsigned shift = 0; shift <= 16; shift += 8) {
                unsigned from = paper >> shift & 255, to = ink >> shift & 255;

                mixed |= (from * (100 - percent) + to * percent) / 100 << shift;
        }
        return mixed;
}

unsigned style_colour(enum role role, enum theme theme, enum shade shade)
{
        unsigned full = colours[role].of_theme[theme];

        return shade == FULL ? full : mix(colours[ROLE_PAPER].of_theme[theme], full, colours[role].pale);
}

struct text_style style_of_text(enum text_kind kind)
{
        return text_styles[kind];
}

const char *style_font_name(enum font font)
{
        return fonts[font].name;
}

const char *style_font_family(enum font font)
{
        return fonts[font].family;
}
