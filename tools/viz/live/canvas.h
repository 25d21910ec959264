/*
 * A drawing in character cells. Panes draw into areas of a canvas; the screen shows a canvas through curses, a test reads
 * it as text. Everything outside an area is cut off, so a pane cannot draw over its neighbour.
 *
 *      struct area area = area_of(canvas);
 *
 *      area_text(area, 0, 0, INK_TITLE, "regions");
 *      area_printf(area_inside(area, 0, 1, 20, 1), 0, 0, INK_PLAIN, "%zu", regions);
 */
#pragma once

#include "lib/error.h"
#include "live/glyphs.h"
#include "live/palette.h"

#include <stddef.h>

struct cell {
        wchar_t character;                      /* 0: the right half of a wide character */
        unsigned char ink;                      /* enum ink */
};

struct canvas {
        int width, height;
        struct cell *cell;                      /* row by row */
};

struct area {
        struct canvas *canvas;
        int x, y, width, height;
};

/* Makes a canvas of blanks, or of another size; NO_MEMORY. Contents are lost. */
struct error canvas_resize(struct canvas *canvas, int width, int height);
void canvas_free(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);

struct area area_of(struct canvas *canvas);
/* The part of `area` that starts at x, y; cut where it would reach beyond. */
struct area area_inside(struct area area, int x, int y, int width, int height);

void area_fill(struct area area, enum ink ink, wchar_t character);
void area_put(struct area area, int x, int y, enum ink ink, wchar_t character);
/* Changes the ink of what is there. */
void area_tint(struct area area, int x, int y, int width, enum ink ink);
/* Adds a line's ends to the line that a cell has already: crossings and branches come out right. */
void area_line(struct area area, int x, int y, enum ink ink, unsigned ends, enum line_weight weight);
/* A rectangle of lines. */
void area_box(struct area area, enum ink ink, enum line_weight weight);

/* Writes UTF-8 and returns the column after it. A text too long for the area ends in an ellipsis. */
int area_text(struct area area, int x, int y, enum ink ink, const char *text);
[[gnu::format(printf, 5, 6)]] int area_printf(struct area area, int x, int y, enum ink ink, const char *format, ...);
/* The columns that a text takes. */
int text_columns(const char *text);
