/*
 * Makes Graphviz's SVG fit for a web page: a title and a description for those who cannot see it, tooltips that every
 * browser shows, fonts to fall back on, and a dark theme that a media query turns on. Colours stay where Graphviz put
 * them, so programs that know no style sheets draw the light theme.
 */
#pragma once

#include "layout.h"
#include "render.h"

#include <stdio.h>

/* Writes `drawn`, which is what neato made of the layout. Errors of the file are left for the caller to find. */
void svg_write(FILE *file, const char *drawn, const struct layout *layout, enum theme_choice theme);

/*
 * Its parts, for a page of several pictures: the style sheet for all that is in `drawn`, the elements of one picture,
 * whose ids get a prefix, and a text.
 */
void svg_write_style(FILE *file, const char *drawn, enum theme_choice theme);
void svg_write_body(FILE *file, const char *drawn, const char *prefix);
void svg_put_text(FILE *file, const char *text);
