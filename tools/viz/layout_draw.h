/*
 * A layout as a picture. Boxes are named after what they show: r12 is region 12, p3 the bar's third piece.
 */
#pragma once

#include "layout.h"
#include "picture.h"

/* It refers to the layout. */
struct picture layout_picture(const struct layout *layout);
