/*
 * What a DOT drawing is made of: boxes, texts and lines at fixed places. Positions are the layout's pixels.
 */
#pragma once

#include "style.h"

#include <stdio.h>

struct sheet {
        FILE *file;
        enum theme theme;
        double width, height;                   /* DOT's y goes upwards */
        unsigned texts;                         /* numbers those that have no name of their own */
};

struct point {
        double x, y;
};

struct box {
        const char *name, *class, *tooltip;     /* tooltip may be NULL */
        struct point middle;
        double width, height, pen;
        enum role fill, line;
        enum shade shade;
        const char *style;                      /* of DOT: "filled", "filled,rounded", ... */
        unsigned tint;                          /* the fill's opacity, of 255; 0: opaque */
        const char *shape;                      /* NULL: a box */
};

void sheet_begin(const struct sheet *sheet);
void sheet_end(const struct sheet *sheet);

void sheet_box(const struct sheet *sheet, const struct box *box);

/* A text, centred on a point or beginning there. ON_PAPER hides what lies beneath. */
enum anchor { ANCHOR_START, ANCHOR_MIDDLE };
enum backing { TRANSPARENT, ON_PAPER };
void sheet_text(struct sheet *sheet, enum text_kind kind, struct point at, enum anchor anchor, enum shade shade,
                enum backing backing, const char *text);

/* A line between two named nodes: a Bezier curve through points[0], points[3], ..., or straight from point to point. */
struct line {
        const char *from, *to, *class;
        enum role role;
        enum shade shade;
        double pen;
        const char *style;                      /* "solid", "dotted", "dashed" */
};
void sheet_curve(const struct sheet *sheet, const struct line *line, const struct point *points, size_t count);
void sheet_polyline(const struct sheet *sheet, const struct line *line, const struct point *points, size_t count);
