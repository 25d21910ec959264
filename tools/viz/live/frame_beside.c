#include "live/beside.h"
#include "live/frame_parts.h"
#include "live/panes.h"

#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

/* From above: file and operation, tree, bar, events. */
static void place(struct area pane[PANES], struct area half, const struct scene *scene)
{
        const int bar = 4 + (scene->tree && scene->tree->allocator ? AUTHORITIES_ROWS : 0);
        const int events = half.height / 4 < 5 ? 5 : half.height / 4, tree = half.height - 2 - bar - events;

        memset(pane, 0, PANES * sizeof *pane);
        pane[PANE_TREE] = area_inside(half, 0, 2, half.width, tree);
        pane[PANE_BAR] = area_inside(half, 0, 2 + tree, half.width, bar);
        pane[PANE_EVENTS] = area_inside(half, 0, 2 + tree + bar, half.width, events);
}

static void draw_half(struct area half, char letter, const struct scene *scene, struct view *view,
                      struct area pane_area[PANES], bool has_focus)
{
        static void (*const draw[PANES])(struct area, const struct scene *, struct view *) = {
                [PANE_TREE] = pane_tree_draw, [PANE_BAR] = pane_bar_draw, [PANE_EVENTS] = pane_events_draw,
        };

        place(pane_area, half, scene);
        area_printf(half, 1, 0, INK_HEADING, "%c  %s", letter, base_name(timeline_name(view->timeline)));
        frame_draw_operation(area_inside(half, 0, 1, half.width, 1), scene);
        for (enum pane pane = 0; pane < PANES; pane++) {
                char title[160];

                if (!draw[pane] || pane_area[pane].height < 2)
                        continue;
                frame_pane_title(title, sizeof title, pane, scene, view);
                draw[pane](frame_open_pane(pane_area[pane], title, has_focus && view->focus == pane), scene, view);
        }
}

/* The first recording is drawn last, so that the mouse finds its nodes. */
void frame_draw_beside(struct area all, const struct scene *scene, struct view *view, struct area pane_area[PANES])
{
        const int half = (all.width - 1) / 2;
        struct area line = area_inside(all, 0, 0, all.width, 1),
                    rest = area_inside(all, 0, 1, all.width, all.height - 1);
        struct area panes_of_b[PANES];
        struct scene of_b;
        char words[256];
        bool differs;

        scene_take(&of_b, &view->beside->view);
        differs = beside_words(words, sizeof words, view->beside, view);
        area_text(line, 1, 0, differs ? INK_REFUSED : INK_GOOD, words);
        draw_half(area_inside(rest, half + 1, 0, all.width - half - 1, rest.height), 'B', &of_b, &view->beside->view,
                  panes_of_b, false);
        draw_half(area_inside(rest, 0, 0, half, rest.height), 'A', scene, view, pane_area, true);
        for (int y = 0; y < rest.height; y++)
                area_line(rest, half, y, INK_FRAME, LINE_UP | LINE_DOWN, LINE_LIGHT);
}
