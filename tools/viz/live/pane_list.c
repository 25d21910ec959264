/* The regions of an early kernel that keeps them in a list: a line each, in the list's order. */
#include "base/format.h"
#include "draw/text.h"
#include "live/panes.h"
#include "moment/why.h"

#include <stdio.h>

/* The rows as they were drawn last, for the mouse. */
enum { ROWS_MAX = 256 };
static uint64_t region_in[ROWS_MAX];
static int first_row, rows;

uint64_t pane_list_region_at(int y)
{
        y -= first_row;
        return y >= 0 && y < rows ? region_in[y] : 0;
}

/* How often and when the operation visited a region, and what was decided there last. */
static void describe_visits(char *out, size_t size, const struct scene *scene, const struct model_region *region)
{
        const struct shown_operation *shown = &scene->shown;

        out[0] = 0;
        for (size_t i = 0; i < shown->searching; i++) {
                char why[WHY_SIZE];

                if (shown->operation.visit[i].region != region->id)
                        continue;
                why_decided(why, shown, i, model_gap(scene->tree, region), scene->units);
                snprintf(out, size, "%zu. visited%s%s", i + 1, why[0] ? ": " : "", why);
        }
}

static enum ink ink_of(const struct model_region *region, const struct scene *scene, const struct view *view)
{
        if (region->id == view->selected)
                return INK_SELECTED;
        return region->id == scene->here ? INK_HERE : INK_PLAIN;
}

static void draw_region(struct area line, size_t number, const struct model_region *region, const struct scene *scene,
                        const struct view *view)
{
        char name[MODEL_NAME_SIZE], visits[WHY_SIZE + 32];
        int x;

        text_copy_name(name, sizeof name, region->name ? region->name : "");
        describe_visits(visits, sizeof visits, scene, region);
        area_printf(line, 0, 0, INK_NUMBER, "%4zu", number);
        x = area_printf(line, 6, 0, ink_of(region, scene, view), "%s %s %s", units_range(region->range),
                        format_protection(region->protection), name);
        area_text(line, x + 2, 0, INK_WHY, visits);
}

/* The region that must be seen: the selected one, or the one of the newest event, or the one visited last. */
static uint64_t region_to_show(const struct scene *scene, const struct view *view)
{
        const struct shown_operation *shown = &scene->shown;

        if (view->selected)
                return view->selected;
        if (scene->here)
                return scene->here;
        return shown->searching ? shown->operation.visit[shown->searching - 1].region : 0;
}

void pane_list_draw(struct area area, const struct scene *scene, struct view *view)
{
        const uint64_t wanted = region_to_show(scene, view);
        size_t number = 0, at = 0, first;
        const struct model_region *region;

        for (region = model_outermost(scene->tree, LEFT); region; region = model_neighbour(region, RIGHT)) {
                number++;
                at = region->id == wanted ? number : at;
        }
        first = at > (size_t)area.height ? at - (size_t)area.height / 2 : 0;
        first_row = area.y;
        rows = 0;
        number = 0;
        for (region = model_outermost(scene->tree, LEFT); region; region = model_neighbour(region, RIGHT)) {
                number++;
                if (number <= first || rows >= area.height || rows >= ROWS_MAX)
                        continue;
                draw_region(area_inside(area, 0, rows, area.width, 1), number, region, scene, view);
                region_in[rows++] = region->id;
        }
}
