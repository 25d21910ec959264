/*
 * From a picture to a file: DOT and SVG by our own writers, PNG and PDF as Graphviz draws the DOT.
 *
 * Graphviz's `neato` runs as a child process, without a shell. The file appears only when it is complete.
 */
#pragma once

#include "draw/picture.h"

#include "lib/error.h"

enum format { FORMAT_DOT, FORMAT_SVG, FORMAT_PNG, FORMAT_PDF };

/* THEME_BOTH: an SVG that follows the reader's screen; everything else is then light. */
enum theme_choice { THEME_BOTH, THEME_ONLY_LIGHT, THEME_ONLY_DARK };

/* By the path's ending. BAD_ARGUMENT with a complaint. */
struct error render_format(enum format *out, const char *path);

/* In pixels, as it is shown: of an SVG or a PDF, those of a browser at 96 to the inch. */
struct picture_size {
        unsigned width, height;
        bool is_reduced;                        /* smaller than the picture asks for, since a PNG has a largest size */
};

struct picture_size render_size(const struct picture *picture, enum format format);

/* IO, NOT_FOUND (no Graphviz, for PNG and PDF) or NO_MEMORY, with a complaint. */
struct error render(const struct picture *picture, enum format format, enum theme_choice theme, const char *path);
