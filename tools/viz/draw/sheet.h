/*
 * What pictures are drawn on: boxes, texts and lines at fixed places, in pixels, x to the right and y downwards. A
 * sheet is written in one of two ways, which `writer` has: as DOT, of which Graphviz makes PNG and PDF, or as SVG.
 *
 * Lines lie beneath everything else, so that boxes hide what runs beneath them; boxes and texts lie above each other in
 * the order in which they are drawn.
 */
#pragma once

#include "draw/style.h"

#include <stdio.h>

struct sheet_writer;
struct buffer;

struct point {
        double x, y;
};

struct sheet {
        const struct sheet_writer *writer;
        FILE *file;                             /* DOT alone */
        enum theme theme;
        double width, height;
        struct point origin;                    /* where the point 0, 0 of what is drawn lies */
        const char *prefix;                     /* of all names, for several pictures on one sheet; may be empty */
        unsigned texts;                         /* numbers those that have no name of their own */
        bool uses[ROLE_COUNT][2];               /* whether a colour was used, by its shade; SVG alone */
        struct buffer *below, *above;           /* lines, and boxes and texts; SVG alone */
};

struct box {
        const char *name, *class, *tooltip;     /* tooltip may be NULL */
        struct point middle;
        double width, height, pen;
        enum role fill, line;
        enum shade shade;
        const char *style;                      /* "filled", "filled,rounded", "filled,dashed", "striped", "solid" */
        unsigned tint;                          /* the fill's opacity, of 255; 0: opaque */
        const char *shape;                      /* "triangle", "circle"; NULL: a box */
};

/* A text, centred on a point or beginning there. ON_PAPER hides what lies beneath. */
enum anchor { ANCHOR_START, ANCHOR_MIDDLE };
enum backing { TRANSPARENT, ON_PAPER };

/*
 * A line between two named boxes, of which corner0 and corner1 are always there: a Bezier curve through points[0],
 * points[3], ..., or straight from point to point.
 */
struct line {
        const char *from, *to, *class;
        enum role role;
        enum shade shade;
        double pen;
        const char *style;                      /* "solid", "dotted", "dashed" */
};

void sheet_box(struct sheet *sheet, const struct box *box);
void sheet_text(struct sheet *sheet, enum text_kind kind, struct point at, enum anchor anchor, enum shade shade,
                enum backing backing, const char *text);
void sheet_curve(struct sheet *sheet, const struct line *line, const struct point *points, size_t count);
void sheet_polyline(struct sheet *sheet, const struct line *line, const struct point *points, size_t count);

/* --- for those who write a sheet --------------------------------------------------------------------------- */

/* Places are those of the sheet. A text is never empty, and what it hides is drawn before it. */
struct sheet_writer {
        void (*box)(struct sheet *sheet, const struct box *box);
        void (*text)(struct sheet *sheet, enum text_kind kind, struct point at, enum anchor anchor, enum shade shade,
                     const char *text);
        void (*curve)(struct sheet *sheet, const struct line *line, const struct point *points, size_t count);
        void (*polyline)(struct sheet *sheet, const struct line *line, const struct point *points, size_t count);
};
