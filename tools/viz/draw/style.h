/*
 * How pictures look: the colours of both themes and the fonts, each in one table.
 *
 * Every colour has a role. No two roles have the same light colour, since an SVG finds its dark colours by the light ones.
 */
#pragma once

#include <stdbool.h>

enum theme { THEME_LIGHT, THEME_DARK };
enum shade { FULL, PALE };              /* PALE: drawn as if far away, close to the paper */

/*
 * A pale colour is so many percent of itself, the rest paper. Text keeps a contrast of 4.5 and what must be made out
 * one of 3 (WCAG 2, AA), so what is read is less pale than what is only seen.
 *
 *        role            light      dark       pale
 */
#define COLOUR_ROLES(X)                                                                                             \
        X(PAPER,        0xffffff, 0x12161d, 100)                                                                    \
        X(INK,          0x1c2330, 0xe8ecf3, 66)                                                                     \
        X(SOFT,         0x566074, 0x98a2b3, 90)                                                                     \
        X(EDGE,         0x8590a2, 0x667188, 75)                                                                     \
        X(DROP,         0x8590a6, 0x66718c, 75)                                                                     \
        X(PATH,         0xc88500, 0xffc23d, 50)                                                                     \
        X(PATH_INK,     0x8f5e00, 0xffc340, 50)                                                                     \
        X(BLACK_FILL,   0xeef1f5, 0x232a36, 42)                                                                     \
        X(BLACK_LINE,   0x1c2333, 0xe8ecf4, 50)                                                                     \
        X(RED_FILL,     0xfdecea, 0x3a1a18, 42)                                                                     \
        X(RED_LINE,     0xc8352b, 0xff7b6e, 68)                                                                     \
        X(REGION_FILL,  0xeef1f6, 0x232a37, 42)                                                                     \
        X(REGION_LINE,  0x1c2336, 0xc3cad6, 50)                                                                     \
        X(GUARD_FILL,   0xc9d0dc, 0x566076, 50)                                                                     \
        X(HOLE_FILL,    0xf6f7f9, 0x1a2029, 50)                                                                     \
        X(HOLE_LINE,    0x8590ad, 0x667190, 50)                                                                     \
        X(REFUSED,      0xb3261e, 0xff8a80, 50)                                                                     \
        X(DIFFERENT,    0x7527a8, 0xc99bff, 50)

/* How much a mark in the bar tints what is beneath it, of 255. */
enum { TINT_PLACE = 0x59, TINT_REFUSED = 0x1a, TINT_DIFFERENT = 0x26 };

enum role {
#define X(role, light, dark, pale) ROLE_##role,
        COLOUR_ROLES(X)
#undef X
        ROLE_COUNT
};

/* As 0xrrggbb. */
unsigned style_colour(enum role role, enum theme theme, enum shade shade);

/*       font            family              its name with the face */
#define FONTS(X)                                                                                                    \
        X(SANS,         "DejaVu Sans",      "DejaVu Sans")                                                          \
        X(SANS_BOLD,    "DejaVu Sans",      "DejaVu Sans Bold")                                                     \
        X(SANS_ITALIC,  "DejaVu Sans",      "DejaVu Sans Oblique")                                                  \
        X(MONO,         "DejaVu Sans Mono", "DejaVu Sans Mono")                                                     \
        X(MONO_BOLD,    "DejaVu Sans Mono", "DejaVu Sans Mono Bold")

enum font {
#define X(font, family, name) FONT_##font,
        FONTS(X)
#undef X
        FONT_COUNT
};

/* "DejaVu Sans Bold"; and its family alone, "DejaVu Sans". */
const char *style_font_name(enum font font);
const char *style_font_family(enum font font);

/* Everything that is written in a picture: its font, size in pixels and colour. */
#define TEXT_KINDS(X)                                                                                               \
        X(TITLE,        FONT_SANS_BOLD,   20,   ROLE_INK)                                                           \
        X(SUBTITLE,     FONT_SANS,        14,   ROLE_SOFT)                                                          \
        X(ALERT,        FONT_SANS_BOLD,   14,   ROLE_REFUSED)                                                       \
        X(HEADING,      FONT_MONO_BOLD,   15,   ROLE_INK)                                                           \
        X(LONG_HEADING, FONT_MONO_BOLD,   12,   ROLE_INK)                                                           \
        X(NAME,         FONT_SANS,        12,   ROLE_SOFT)                                                          \
        X(GAPS,         FONT_MONO,        10.5, ROLE_SOFT)                                                          \
        X(NUMBER,       FONT_SANS_BOLD,   15,   ROLE_PATH_INK)                                                       \
        X(WHY,          FONT_SANS_ITALIC, 12,   ROLE_SOFT)                                                          \
        X(BLOCKING,     FONT_SANS_ITALIC, 12,   ROLE_REFUSED)                                                       \
        X(PIECE,        FONT_SANS,        12,   ROLE_INK)                                                          \
        X(HOLE,         FONT_MONO,        10.5, ROLE_INK)                                                          \
        X(TICK,         FONT_MONO,        10.5, ROLE_SOFT)                                                          \
        X(MARK,         FONT_SANS_BOLD,   12,   ROLE_PATH_INK)                                                       \
        X(REFUSED,      FONT_SANS_BOLD,   12,   ROLE_REFUSED)                                                       \
        X(DIFFERENT,    FONT_SANS_BOLD,   12,   ROLE_DIFFERENT)                                                     \
        X(LEGEND,       FONT_SANS,        12,   ROLE_SOFT)

enum text_kind {
#define X(kind, font, size, role) TEXT_##kind,
        TEXT_KINDS(X)
#undef X
};

struct text_style {
        enum font font;
        double size;
        enum role role;
        const char *class;
};

struct text_style style_of_text(enum text_kind kind);
