/*
 * The panes: each draws one part of a scene into an area, which may have any size, even none.
 */
#pragma once

#include "live/canvas.h"
#include "live/view.h"

void pane_tree_draw(struct area area, const struct scene *scene, struct view *view);
void pane_bar_draw(struct area area, const struct scene *scene, struct view *view);
void pane_events_draw(struct area area, const struct scene *scene, struct view *view);
void pane_detail_draw(struct area area, const struct scene *scene, struct view *view);
/* In place of the tree: the regions of an early kernel that keeps a list of them. */
void pane_list_draw(struct area area, const struct scene *scene, struct view *view);
uint64_t pane_list_region_at(int y);
/* Rows beneath the bar, where the tree has a second authority beside it. */
struct bar_plan;
enum { AUTHORITIES_ROWS = 3 };
void pane_authorities_draw(struct area area, const struct bar_plan *plan, const struct scene *scene);
void pane_counters_draw(struct area area, const struct scene *scene, struct view *view);

void overlay_help_draw(struct area area, struct view *view);
void overlay_spaces_draw(struct area area, const struct scene *scene, struct view *view);
void overlay_tasks_draw(struct area area, const struct scene *scene, struct view *view);
void overlay_locks_draw(struct area area, const struct scene *scene, struct view *view);

/* The region whose node is at a cell of the tree pane as it was drawn last; 0: none. Likewise for the bar. */
uint64_t pane_tree_region_at(int x, int y);
uint64_t pane_bar_region_at(int x);
/* The event in a row of the event list as it was drawn last; 0: none. */
uint64_t pane_events_event_at(int y);
/* The tree in a row of the list of spaces. */
uint64_t overlay_spaces_tree_at(const struct scene *scene, int row);
