#include "live/keys.h"
#include "live/panes.h"

/* The table of keys, in as many columns as fit. */
void overlay_help_draw(struct area area, struct view *view)
{
        int columns = area.width >= 150 ? 2 : 1, width = area.width / columns, lines = 0;
        int rows = (ACTION_COUNT - 1 + KEYS_GROUPS * 2 + columns - 1) / columns;
        int skip = view->overlay_row < rows - area.height + 2 ? view->overlay_row : rows - area.height + 2;

        if (skip < 0 || columns > 1)
                skip = 0;
        view->overlay_row = skip;
        for (enum key_group group = 0; group < KEYS_GROUPS; group++) {
                for (enum action action = 0; action < ACTION_COUNT; action++) {
                        int x = lines / rows * width, y = lines % rows - skip;
                        char names[64];

                        if (action && key_help(action)->group != group)
                                continue;
                        lines++;
                        if (y < 0 || y >= area.height)
                                continue;
                        if (!action) {
                                area_text(area, x, y, INK_HEADING, key_group_name(group));
                                continue;
                        }
                        key_names(names, sizeof names, action);
                        area_text(area_inside(area, x, y, 20, 1), 2, 0, INK_KEY, names);
                        area_text(area_inside(area, x + 20, y, width - 21, 1), 0, 0, INK_PLAIN,
                                  key_help(action)->meaning);
                }
                lines++;
        }
}
