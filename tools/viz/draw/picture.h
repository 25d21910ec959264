/*
 * A picture of any kind: how large it is, what it shows in words, and what draws it. render.h makes files of it.
 *
 *      struct picture picture = layout_picture(layout);
 *
 *      TRY(render(&picture, FORMAT_SVG, THEME_BOTH, "tree.svg"));
 */
#pragma once

#include "draw/sheet.h"

struct picture {
        const char *title, *description;        /* for those who cannot see it */
        double width, height;                   /* of the drawing, in pixels */
        double scale;                           /* shown pixels for each pixel of the drawing */
        bool keeps_size;                        /* it does not shrink with its window */
        void (*draw)(struct sheet *sheet, const void *content);
        const void *content;                    /* belongs to the caller */
};

/*
 * The picture as a DOT graph in which every position is fixed, for `neato -n2`. Nodes have the names of boxes; `class`
 * says what they are ("region red visited"). Errors of the file are left for the caller to find with ferror().
 */
void picture_write_dot(FILE *file, const struct picture *picture, enum theme theme);
