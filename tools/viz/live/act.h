/*
 * What keys and the mouse do to the view.
 */
#pragma once

#include "live/screen.h"
#include "live/view.h"

/* A key of curses. */
void act_on_key(struct view *view, int key);
void act_on_mouse(struct view *view, struct mouse mouse);
