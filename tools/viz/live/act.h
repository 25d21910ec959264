/*
 * What keys and the mouse do to the view.
 */
#pragma once

#include "live/screen.h"
#include "live/view.h"

/* A key of curses. */
void act_on_key(struct view *view, int key);
void act_on_mouse(struct view *view, struct mouse mouse);
/* Goes where the mouse has dragged the handle of the scrub bar: once before each drawing, however often the mouse has moved. */
void act_scrub(struct view *view);
