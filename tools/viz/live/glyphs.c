#include "live/glyphs.h"

#include <stddef.h>

static enum alphabet chosen = ALPHABET_UNICODE;

void glyphs_choose(enum alphabet alphabet)
{
        chosen = alphabet;
}

enum alphabet glyphs_alphabet(void)
{
        return chosen;
}

wchar_t glyph(enum glyph name)
{
        static const wchar_t table[GLYPH_COUNT][3] = {
#define X(name, unicode, console, ascii) { unicode, console, ascii },
                GLYPHS(X)
#undef X
        };

        return table[name][chosen];
}

/* By the sum of the ends: 0, up, down, up and down, left, ... */
wchar_t glyph_line(unsigned ends, enum line_weight weight)
{
        static const wchar_t light[] = L" │││─┘┐┤─└┌├─┴┬┼", round[] = L" │││─╯╮┤─╰╭├─┴┬┼";
        static const wchar_t heavy[] = L" ┃┃┃━┛┓┫━┗┏┣━┻┳╋", twofold[] = L" ║║║═╝╗╣═╚╔╠═╩╦╬";
        static const wchar_t ascii[] = L" |||-'.+-`.+-+++", ascii_heavy[] = L" |||=+++=+++=+++";

        if (chosen == ALPHABET_ASCII)
                return weight == LINE_HEAVY ? ascii_heavy[ends & 15] : ascii[ends & 15];
        if (weight == LINE_HEAVY)
                return chosen == ALPHABET_CONSOLE ? twofold[ends & 15] : heavy[ends & 15];
        if (weight == LINE_ROUND && chosen == ALPHABET_UNICODE)
                return round[ends & 15];
        return light[ends & 15];
}

const wchar_t *glyph_text(wchar_t character)
{
        static const struct {
                wchar_t character;
                const wchar_t *ascii;
        } like[] = {
                { L'≥', L">=" }, { L'≤', L"<=" }, { L'–', L"-" }, { L'·', L"-" }, { L'→', L"->" }, { L'←', L"<-" },
                { L'…', L"..." }, { L'↑', L"^" }, { L'↓', L"v" }, { L'×', L"x" }, { L'▲', L"^" }, { L'“', L"\"" },
                { L'”', L"\"" }, { L'µ', L"u" },
        };
        static wchar_t itself[2];

        itself[0] = character;
        if (chosen != ALPHABET_ASCII || character < 128)
                return itself;
        for (size_t i = 0; i < sizeof like / sizeof like[0]; i++)
                if (like[i].character == character)
                        return like[i].ascii;
        itself[0] = L'?';
        return itself;
}
