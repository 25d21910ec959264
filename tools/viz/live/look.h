/*
 * Looking around without moving in time: which region is selected, how large the tree is drawn, what of it and of the
 * address space is in view.
 */
#pragma once

#include "live/keys.h"
#include "live/view.h"

/* ACTION_UP selects the parent, ACTION_DOWN a child; with nothing selected, either selects the root. */
void look_select_in_tree(struct view *view, enum action action);
/* The region on that side, in the order of addresses. */
void look_select_in_order(struct view *view, enum side side);

/* The bar if it has the focus, else the tree. */
void look_zoom(struct view *view, bool in);
/* By steps to the right and down; negative: to the left and up. */
void look_pan(struct view *view, int x, int y);
/* As much as fits again: no selection, no chosen size, the whole address space. */
void look_fit(struct view *view);
/* The bar shows what is around the selected region. */
void look_show_in_bar(struct view *view);
