/*
 * The characters that the viewer draws with, in three alphabets: all of Unicode's lines, the few that the Linux console's
 * font has, and ASCII.
 */
#pragma once

#include <wchar.h>

enum alphabet { ALPHABET_UNICODE, ALPHABET_CONSOLE, ALPHABET_ASCII };

/*      glyph           Unicode Linux console   ASCII */
#define GLYPHS(X)                                                                                                   \
        X(ELLIPSIS,     L'…',   L'~',   L'~')                                                                       \
        X(SUBTREE,      L'▲',   L'^',   L'^')                                                                       \
        X(FOLD,         L'≈',   L'≈',   L'~')                                                                       \
        X(GUARD,        L'▒',   L'▒',   L'%')                                                                       \
        X(HOLE,         L'┄',   L'·',   L'.')                                                                       \
        X(POINT_DOWN,   L'▼',   L'v',   L'v')                                                                       \
        X(POINT_UP,     L'▲',   L'^',   L'^')                                                                       \
        X(HERE,         L'▶',   L'>',   L'>')                                                                       \
        X(DOT,          L'·',   L'·',   L'.')                                                                       \
        X(BLOCK,        L'█',   L'█',   L'#')                                                                       \
        X(SCRUB_PAST,   L'━',   L'═',   L'=')                                                                       \
        X(SCRUB_AHEAD,  L'─',   L'─',   L'-')                                                                       \
        X(SCRUB_HANDLE, L'●',   L'█',   L'O')                                                                       \
        X(SHARE_0,      L'▁',   L'_',   L'_')                                                                       \
        X(SHARE_1,      L'▂',   L'_',   L'.')                                                                       \
        X(SHARE_2,      L'▃',   L'▄',   L'.')                                                                       \
        X(SHARE_3,      L'▄',   L'▄',   L'-')                                                                       \
        X(SHARE_4,      L'▅',   L'▄',   L'-')                                                                       \
        X(SHARE_5,      L'▆',   L'█',   L'=')                                                                       \
        X(SHARE_6,      L'▇',   L'█',   L'=')                                                                       \
        X(SHARE_7,      L'█',   L'█',   L'#')

enum glyph {
#define X(name, unicode, console, ascii) GLYPH_##name,
        GLYPHS(X)
#undef X
        GLYPH_COUNT
};

/* Which ends of a cell a line reaches; added up, they are a corner, a branch, a crossing. */
enum line_end { LINE_UP = 1, LINE_DOWN = 2, LINE_LEFT = 4, LINE_RIGHT = 8 };
enum line_weight { LINE_LIGHT, LINE_ROUND, LINE_HEAVY };

void glyphs_choose(enum alphabet alphabet);
enum alphabet glyphs_alphabet(void);
wchar_t glyph(enum glyph name);
wchar_t glyph_line(unsigned ends, enum line_weight weight);

/* What stands for a character of a text: itself, or in ASCII something like it ("≥" is ">="). */
const wchar_t *glyph_text(wchar_t character);
