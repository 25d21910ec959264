/*
 * A layout as a DOT graph in which every position is fixed, for `neato -n2`. Nodes are named after what they show:
 * r12 is region 12, p3 the bar's third piece; `class` says what they are ("region red visited").
 *
 * A pixel is 1/96 of an inch, as on the web, and a point 1/72, as in DOT.
 */
#pragma once

#include "layout.h"
#include "style.h"

#include <stdio.h>

#define PIXELS_PER_POINT (4.0 / 3)

/* Errors of the file are left for the caller to find with ferror(). */
void dot_write(FILE *file, const struct layout *layout, enum theme theme);
