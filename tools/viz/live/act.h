/*
 * What keys and the mouse do to the view.
 */
#pragma once

#include "screen.h"
#include "view.h"

/* A key of curses. */
void act_on_key(struct view *view, int key);
void act_on_mouse(struct view *view, struct mouse mouse);
