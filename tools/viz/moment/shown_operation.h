/*
 * The operation to be shown with a tree: its history as the model keeps it. Nothing of it is computed anew: each visit
 * says what was decided there, what was skipped and why, and whether it was part of the search or of linking. The model's
 * history also has each node's values when it was visited; so a picture of the tree after the operation can still say
 * "gap was 5 ≥ 4: taken".
 *
 *      struct shown_operation shown;
 *
 *      shown_take(&shown, model_tree(model, id));
 *      if (shown.begun)
 *              ... shown.operation.visit[0] ...
 */
#pragma once

#include "model/model.h"

struct shown_operation {
        bool begun;                             /* there is an operation */
        bool before_change;                     /* its outcome is known, but the tree is as it was before it changed */
        struct model_operation operation;       /* its visits belong to the tree, until the next operation begins */
        size_t searching;                       /* so many visits search; the rest go to where it is linked */
};

/* Takes the newest operation of the tree as it is now. O(visits). */
void shown_take(struct shown_operation *shown, const struct model_tree *tree);

/* The size asked for, in pages; and with both guards, which is what a hole must have. */
uint64_t shown_pages(const struct shown_operation *shown);
uint64_t shown_need(const struct shown_operation *shown);
/* Whether the operation looks for a hole (place anywhere, near, random) rather than for an address. */
bool shown_seeks_hole(const struct shown_operation *shown);
/* Whether the operation makes a place, in whichever way. */
bool shown_places(const struct shown_operation *shown);
bool shown_is_over(const struct shown_operation *shown);
bool shown_succeeded(const struct shown_operation *shown);
/* What a region of the size asked for would occupy at `base`, guards included; empty if that is no range. */
struct vrange shown_footprint_at(const struct shown_operation *shown, uint64_t base);
/* Where the region was placed, guards included; empty if it was not, or not yet. */
struct vrange shown_place(const struct shown_operation *shown);
