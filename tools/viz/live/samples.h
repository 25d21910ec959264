/*
 * The values behind the sparklines: some numbers of the tree as each of its newest operations left it. One is taken
 * whenever the end of an operation is shown. A jump goes past many; these are filled in when the view rests.
 */
#pragma once

#include "live/view.h"

/* Unless the operation is going on, or was sampled. O(1), but for the largest hole of a tree without gaps. */
void sample_take(struct view *view, const struct model_tree *tree, const struct event *event);

/* Whether operations before the moment that is shown have none, though they are in the recording. O(log landmarks). */
bool samples_are_missing(const struct view *view);
/* Goes through these operations, and back to the moment. It costs as much as going so far back. */
struct error samples_fill(struct view *view);
