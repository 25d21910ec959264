/*
 * A layout as a picture. Boxes are named after what they show: r12 is region 12, p3 the bar's third piece.
 */
#pragma once

#include "draw/picture.h"
#include "draw/sheet.h"
#include "layout/layout.h"

/* It refers to the layout. */
struct picture layout_picture(const struct layout *layout);

/* --- for layout_draw.c alone ------------------------------------------------------------------------------- */

enum { NAME_SIZE = 48 };                        /* of a box */

/* The bar's pieces, the marks on them, and their labels; and, in the order of addresses, the lines from nodes to pieces. */
void layout_draw_bar(struct sheet *sheet, const struct layout *layout);
void layout_draw_drops(struct sheet *sheet, const struct layout *layout);
