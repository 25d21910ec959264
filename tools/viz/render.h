/*
 * From a layout to a file: DOT as it is, PNG and PDF as Graphviz draws them, SVG as Graphviz draws it, made fit for
 * people (a title, a description, tooltips) and for dark screens.
 *
 * Graphviz's `neato` runs as a child process, without a shell. The file appears only when it is complete.
 */
#pragma once

#include "layout.h"
#include "style.h"

enum format { FORMAT_DOT, FORMAT_SVG, FORMAT_PNG, FORMAT_PDF };

/* THEME_BOTH: an SVG that follows the reader's screen; everything else is then light. */
enum theme_choice { THEME_BOTH, THEME_ONLY_LIGHT, THEME_ONLY_DARK };

/* By the path's ending. BAD_ARGUMENT with a complaint. */
struct error render_format(enum format *out, const char *path);

/* In pixels, as it is shown: of an SVG or a PDF, those of a browser at 96 to the inch. */
struct picture_size {
        unsigned width, height;
        bool is_reduced;                        /* smaller than the layout asks for, since a PNG has a largest size */
};

struct picture_size render_size(const struct layout *layout, enum format format);

/* IO, NOT_FOUND (no Graphviz) or NO_MEMORY, with a complaint. */
struct error render(const struct layout *layout, enum format format, enum theme_choice theme, const char *path);

/* What Graphviz (or for FORMAT_DOT the layout itself) makes of a layout, zero-terminated; the caller frees it. */
struct error render_draw(const struct layout *layout, enum format format, enum theme theme, char **bytes,
                         size_t *length);
