/* Saves the tree as it is shown, as a picture or in words, or its operation as a recording: by the name's ending. */
#pragma once

#include "live/view.h"

/* Says in the view's message what was written, or why not. */
void save_view(struct view *view, const char *path);
