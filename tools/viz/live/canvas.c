#include "live/canvas.h"
#include "base/error_message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct error canvas_resize(struct canvas *canvas, int width, int height)
{
        struct cell *cell = calloc((size_t)width * (size_t)height + 1, sizeof *cell);

        if (!cell)
                return fail_no_memory();
        free(canvas->cell);
        *canvas = (struct canvas){ .width = width, .height = height, .cell = cell };
        canvas_clear(canvas);
        return SUCCESS;
}

void canvas_free(struct canvas *canvas)
{
        free(canvas->cell);
        *canvas = (struct canvas){ 0 };
}

void canvas_clear(struct canvas *canvas)
{
        area_fill(area_of(canvas), INK_PLAIN, L' ');
}

struct area area_of(struct canvas *canvas)
{
        return (struct area){ canvas, 0, 0, canvas->width, canvas->height };
}

static int between(int least, int value, int most)
{
        if (value > most)
                value = most;
        return value < least ? least : value;
}

struct area area_inside(struct area area, int x, int y, int width, int height)
{
        x = between(0, x, area.width);
        y = between(0, y, area.height);
        return (struct area){
                area.canvas, area.x + x, area.y + y,
                between(0, width, area.width - x), between(0, height, area.height - y),
        };
}

static struct cell *cell_at(struct area area, int x, int y)
{
        if (x < 0 || y < 0 || x >= area.width || y >= area.height)
                return NULL;
        return &area.canvas->cell[(size_t)(area.y + y) * (size_t)area.canvas->width + (size_t)(area.x + x)];
}

void area_put(struct area area, int x, int y, enum ink ink, wchar_t character)
{
        struct cell *cell = cell_at(area, x, y);

        if (cell)
                *cell = (struct cell){ character, (unsigned char)ink };
}

void area_fill(struct area area, enum ink ink, wchar_t character)
{
        for (int y = 0; y < area.height; y++)
                for (int x = 0; x < area.width; x++)
                        area_put(area, x, y, ink, character);
}

void area_tint(struct area area, int x, int y, int width, enum ink ink)
{
        for (int i = 0; i < width; i++) {
                struct cell *cell = cell_at(area, x + i, y);

                if (cell)
                        cell->ink = (unsigned char)ink;
        }
}

/* --- lines ------------------------------------------------------------------------------------------------ */

/* The ends that a character has as a line, in any weight; 0 if it is none. */
static unsigned ends_of(wchar_t character, enum line_weight weight)
{
        if (character == L' ')
                return 0;
        for (unsigned ends = 1; ends < 16; ends++)
                if (glyph_line(ends, weight) == character)
                        return ends;
        return 0;
}

void area_line(struct area area, int x, int y, enum ink ink, unsigned ends, enum line_weight weight)
{
        struct cell *cell = cell_at(area, x, y);

        if (!cell)
                return;
        for (enum line_weight other = LINE_LIGHT; other <= LINE_HEAVY; other++) {
                unsigned there = ends_of(cell->character, other);

                /* In ASCII one character stands for several; a crossing then stays what it is. */
                if (there && glyphs_alphabet() != ALPHABET_ASCII) {
                        ends |= there;
                        break;
                }
        }
        *cell = (struct cell){ glyph_line(ends, weight), (unsigned char)ink };
}

void area_box(struct area area, enum ink ink, enum line_weight weight)
{
        const int right = area.width - 1, bottom = area.height - 1;

        for (int x = 1; x < right; x++) {
                area_put(area, x, 0, ink, glyph_line(LINE_LEFT | LINE_RIGHT, weight));
                area_put(area, x, bottom, ink, glyph_line(LINE_LEFT | LINE_RIGHT, weight));
        }
        for (int y = 1; y < bottom; y++) {
                area_put(area, 0, y, ink, glyph_line(LINE_UP | LINE_DOWN, weight));
                area_put(area, right, y, ink, glyph_line(LINE_UP | LINE_DOWN, weight));
        }
        area_put(area, 0, 0, ink, glyph_line(LINE_DOWN | LINE_RIGHT, weight));
        area_put(area, right, 0, ink, glyph_line(LINE_DOWN | LINE_LEFT, weight));
        area_put(area, 0, bottom, ink, glyph_line(LINE_UP | LINE_RIGHT, weight));
        area_put(area, right, bottom, ink, glyph_line(LINE_UP | LINE_LEFT, weight));
}

/* --- text ------------------------------------------------------------------------------------------------- */

/* The next character of a UTF-8 text, whatever the locale; a byte that is none becomes "?". */
static wchar_t next_character(const char **text)
{
        const unsigned char *at = (const unsigned char *)*text;
        int more = *at < 0x80 ? 0 : *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc0 ? 1 : -1;
        wchar_t character = more > 0 ? (wchar_t)(*at & (0x3f >> more)) : (wchar_t)*at;

        if (more < 0)
                return ++*text, L'?';
        for (int i = 1; i <= more; i++) {
                if ((at[i] & 0xc0) != 0x80)
                        return *text += i, L'?';
                character = (wchar_t)(character << 6 | (at[i] & 0x3f));
        }
        *text += more + 1;
        return character;
}

/* Columns of a character: wide ones take two, combining ones and controls none. */
static int columns_of(wchar_t character)
{
        if (character >= 0x20 && character < 0x7f)
                return 1;
        if ((character >= 0x2010 && character < 0x2600))        /* lines, arrows, signs: one, in any locale */
                return 1;
        if (character < 0x300 && character >= 0xa0)
                return 1;
        return wcwidth(character) < 0 ? 0 : wcwidth(character);
}

int text_columns(const char *text)
{
        int columns = 0;

        while (*text)
                for (const wchar_t *shown = glyph_text(next_character(&text)); *shown; shown++)
                        columns += columns_of(*shown);
        return columns;
}

int area_text(struct area area, int x, int y, enum ink ink, const char *text)
{
        const bool is_cut = x + text_columns(text) > area.width;

        while (*text) {
                for (const wchar_t *shown = glyph_text(next_character(&text)); *shown; shown++) {
                        int columns = columns_of(*shown);

                        if (!columns)
                                continue;
                        if (is_cut && x + columns >= area.width) {
                                area_put(area, area.width - 1, y, ink, glyph(GLYPH_ELLIPSIS));
                                return area.width;
                        }
                        area_put(area, x, y, ink, *shown);
                        if (columns == 2)
                                area_put(area, x + 1, y, ink, 0);
                        x += columns;
                }
        }
        return x;
}

int area_printf(struct area area, int x, int y, enum ink ink, const char *format, ...)
{
        char text[1024];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        return area_text(area, x, y, ink, text);
}
