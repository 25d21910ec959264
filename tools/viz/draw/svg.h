/*
 * Pictures as SVG, fit for a web page: a title and a description for those who cannot see it, tooltips that every
 * browser shows, fonts to fall back on, and a dark theme that a media query turns on. Colours are attributes of the
 * elements, so programs without style sheets draw the light theme. The units are the pixels of the picture.
 */
#pragma once

#include "base/buffer.h"
#include "draw/picture.h"
#include "draw/render.h"

#include <stddef.h>

/* What is drawn of a picture. */
struct svg_drawing {
        struct buffer below, above;             /* its elements: lines; and boxes and texts, which lie above them */
        bool uses[ROLE_COUNT][2];               /* which colours are in it, by their shade */
};

/* NO_MEMORY with a complaint. */
struct error svg_draw(struct svg_drawing *out, const struct picture *picture, enum theme theme);
void svg_drawing_clear(struct svg_drawing *drawing);

/* A whole file. NO_MEMORY with a complaint; errors of the file are left for the caller to find with ferror(). */
struct error svg_write(FILE *file, const struct picture *picture, enum theme_choice theme);

/* The style sheet for the colours of a picture; and a text. */
void svg_write_style(FILE *file, const bool uses[ROLE_COUNT][2], enum theme_choice theme);
void svg_put_text(FILE *file, const char *text);
