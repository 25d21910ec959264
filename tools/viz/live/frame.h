/*
 * The whole screen: where the panes are, the lines around them, the bottom line, what is typed.
 */
#pragma once

#include "live/canvas.h"
#include "live/view.h"

enum { FRAME_COLUMNS_MIN = 80, FRAME_ROWS_MIN = 24 };

/* Draws everything. On a canvas smaller than 80 x 24 it says that this is too small. */
void frame_draw(struct canvas *canvas, struct view *view);

/* What is at a cell of the frame that was drawn last. */
struct frame_spot {
        enum { SPOT_NOTHING, SPOT_PANE, SPOT_SCRUB, SPOT_FUNCTION_KEY, SPOT_OVERLAY } kind;
        enum pane pane;
        int function_key;
        int row;                                /* in the overlay */
};
struct frame_spot frame_at(int x, int y);
/* How far along the scrub bar a column is, from 0 to 1; beside the bar it is its end. */
double frame_scrub_share(int x);
