/* Parts of the frame that one recording and two beside each other have in common. */
#pragma once

#include "live/canvas.h"
#include "live/view.h"

/* The newest operation and its outcome, in a row; or since when events are missing. */
void frame_draw_operation(struct area row, const struct scene *scene);
void frame_pane_title(char *out, size_t size, enum pane pane, const struct scene *scene, const struct view *view);
/* A line above with the pane's name; the rest of the area, which it returns, is the pane's. */
struct area frame_open_pane(struct area area, const char *title, bool has_focus);

/* Two recordings: each a half, with its operation, tree, bar and events. `scene` is that of the first. */
void frame_draw_beside(struct area all, const struct scene *scene, struct view *view, struct area pane_area[PANES]);
