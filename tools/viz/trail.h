/*
 * The operation to be shown with a tree: its history as the model keeps it. Nothing of it is computed anew: each visit
 * says what was decided there, what was skipped and why, and whether it was part of the search or of linking. The model's
 * history also says what each node knew when it was visited; so a picture of the tree after the operation can still say
 * "gap was 5 ≥ 4: taken".
 *
 *      struct trail trail;
 *
 *      trail_take(&trail, model_tree(model, id));
 *      if (trail.begun)
 *              ... trail.operation.visit[0] ...
 */
#pragma once

#include "model.h"

struct trail {
        bool begun;                             /* there is an operation */
        bool foretold;                          /* its outcome is known, but the tree is as it was before it changed */
        struct model_operation operation;       /* its visits belong to the tree, until the next operation begins */
        size_t searching;                       /* so many visits search; the rest go to where it is linked */
};

/* Takes the newest operation of the tree as it is now. O(visits). */
void trail_take(struct trail *trail, const struct model_tree *tree);

/* The size asked for, in pages; and with both guards, which is what a hole must have. */
uint64_t trail_pages(const struct trail *trail);
uint64_t trail_need(const struct trail *trail);
/* Whether the operation looks for a hole (place anywhere, near, random) rather than for an address. */
bool trail_seeks_hole(const struct trail *trail);
/* Whether the operation makes a place, in whichever way. */
bool trail_places(const struct trail *trail);
bool trail_is_over(const struct trail *trail);
bool trail_succeeded(const struct trail *trail);
/* What a region of the size asked for would occupy at `base`, guards included; empty if that is no range. */
struct vrange trail_footprint_at(const struct trail *trail, uint64_t base);
/* Where the region was placed, guards included; empty if it was not, or not yet. */
struct vrange trail_place(const struct trail *trail);
