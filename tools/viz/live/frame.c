#include "live/frame.h"
#include "base/format.h"
#include "live/arrival.h"
#include "live/frame_parts.h"
#include "live/keys.h"
#include "live/panes.h"
#include "live/seek.h"
#include "moment/operation_words.h"

#include <stdio.h>
#include <string.h>

enum { WIDE = 110, TITLE_ROWS = 2, BOTTOM_ROWS = 2 };

/* Where everything was drawn last. */
static struct area pane_area[PANES], scrub_area, overlay_area;
static struct area last_scrub_area;             /* where the bar was when it was drawn last: a message may hide it now */
static struct {
        int from, to, key;
} function_key[12];
static int function_keys, bottom_row;

/* --- where panes are -------------------------------------------------------------------------------------- */

/* Two columns where there is room: tree and bar, and beside them events, detail, counters. */
static void place_wide(struct area all, int more)
{
        int side = all.width / 3 < 44 ? 44 : all.width / 3 > 66 ? 66 : all.width / 3, left = all.width - side;
        int bar = (all.height >= 45 ? 6 : 5) + more, counters = all.height >= 45 ? 10 : 8, detail = (all.height - counters) * 2 / 5;

        pane_area[PANE_TREE] = area_inside(all, 0, 0, left, all.height - bar);
        pane_area[PANE_BAR] = area_inside(all, 0, all.height - bar, left, bar);
        pane_area[PANE_EVENTS] = area_inside(all, left, 0, side, all.height - detail - counters);
        pane_area[PANE_DETAIL] = area_inside(all, left, all.height - detail - counters, side, detail);
        pane_area[PANE_COUNTERS] = area_inside(all, left, all.height - counters, side, counters);
}

/* Below each other: the tree, the bar, and events and detail beside each other. Counters are seen alone (z). */
static void place_narrow(struct area all, int more)
{
        int bar = 4 + more, lower = all.height / 3 < 6 ? 6 : all.height / 3, tree = all.height - bar - lower;
        int events = all.width * 11 / 20;

        pane_area[PANE_TREE] = area_inside(all, 0, 0, all.width, tree);
        pane_area[PANE_BAR] = area_inside(all, 0, tree, all.width, bar);
        pane_area[PANE_EVENTS] = area_inside(all, 0, tree + bar, events, lower);
        pane_area[PANE_DETAIL] = area_inside(all, events, tree + bar, all.width - events, lower);
        pane_area[PANE_COUNTERS] = area_inside(all, 0, 0, 0, 0);
}

/* The bar is higher where free ranges are shown beneath the regions. */
static void place_panes(struct area all, const struct scene *scene, const struct view *view)
{
        const int more = scene->tree && scene->tree->allocator ? AUTHORITIES_ROWS : 0;

        if (all.width >= WIDE)
                place_wide(all, more);
        else
                place_narrow(all, more);
        if (view->maximised) {
                for (enum pane pane = 0; pane < PANES; pane++)
                        pane_area[pane] = area_inside(all, 0, 0, 0, 0);
                pane_area[view->focus] = all;
        }
}

/* --- title ------------------------------------------------------------------------------------------------ */

static const char *base_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

static void draw_title(struct area row, const struct scene *scene, struct view *view)
{
        char where[128];
        int columns, x;
        double ms = scene->has_event ? timeline_nanoseconds(view->timeline, &scene->event) / 1e6 : 0;

        area_fill(row, INK_TITLE_PLAIN, L' ');
        x = area_text(row, 1, 0, INK_TITLE, "regionviz live");
        x = area_printf(row, x + 2, 0, INK_TITLE_PLAIN, "%s", base_name(timeline_name(view->timeline))) + 2;
        if (scene->tree && row.width >= WIDE)
                area_printf(row, x, 0, INK_TITLE, "%s (tree %s)", scene->space, format_count(scene->tree->id));
        snprintf(where, sizeof where, " event %s of %s · %.3f ms ", format_count(timeline_at(view->timeline)),
                 format_count(timeline_last(view->timeline)), ms);
        columns = text_columns(where);
        area_text(row, row.width - columns, 0, INK_TITLE, where);
}

void frame_draw_operation(struct area row, const struct scene *scene)
{
        const struct shown_operation *shown = &scene->shown;
        char words[512] = "", why[WHY_SIZE];
        int x;

        if (scene->knowledge != KNOWN_NOW) {
                area_printf(row, 1, 0, INK_REFUSED,
                            scene->knowledge == KNOWN_NOTHING
                                    ? "Unknown since event %s: events are missing, and no keyframe has shown the tree yet."
                                    : "Unconfirmed since event %s: events are missing; this is what was known last.",
                            format_count(scene->unknown_since));
                return;
        }
        if (!scene->tree || !shown->begun) {
                area_text(row, 1, 0, INK_PALE, scene->tree ? "no operation on this tree so far" : "");
                return;
        }
        x = area_printf(row, 1, 0, INK_PATH, "op %s ", format_count(shown->operation.number));
        operation_call(words, sizeof words, shown, scene->tree->range, scene->units);
        operation_outcome(words, sizeof words, shown);
        x = area_text(row, x, 0, shown_is_over(shown) && !shown_succeeded(shown) ? INK_REFUSED : INK_STRONG, words);
        if (shown_is_over(shown) && !shown_succeeded(shown) && shown->operation.kind != FIND) {
                why_refused(why, shown, model_largest_hole(scene->tree), scene->units);
                area_text(row, x + 2, 0, INK_REFUSED, why);
        }
}

/* --- frames around panes ---------------------------------------------------------------------------------- */

void frame_pane_title(char *out, size_t size, enum pane pane, const struct scene *scene, const struct view *view)
{
        static const char *const filters[FILTERS] = { "this tree", "all trees and spaces", "everything" };

        switch (pane) {
        case PANE_TREE:
                if (scene->knowledge == KNOWN_NOTHING)
                        snprintf(out, size, "%s · unknown", scene->space);
                else if (scene->tree && scene->tree->is_list)
                        snprintf(out, size, "%s · a list of %s", scene->space,
                                 format_counted(scene->tree->regions, "region"));
                else if (scene->tree)
                        snprintf(out, size, "%s · %s · height %u · black height %u", scene->space,
                                 format_counted(scene->tree->regions, "region"), model_height(scene->tree),
                                 model_black_height(scene->tree));
                else
                        snprintf(out, size, "Tree");
                break;
        case PANE_BAR:
                if (vrange_is_empty(view->bar))
                        snprintf(out, size, scene->tree && scene->tree->allocator ? "Address space: regions, free ranges"
                                                                                : "Address space");
                else
                        snprintf(out, size, "Address space · only %s", units_range(view->bar));
                break;
        case PANE_EVENTS:
                snprintf(out, size, "Events · %s", filters[view->filter]);
                break;
        case PANE_DETAIL:
                snprintf(out, size, "%s", view->selected ? "Region" : "Detail");
                break;
        default:
                snprintf(out, size, "Counters, at each operation");
                break;
        }
}

/* A line above with the pane's name; the rest of the area is the pane's. */
struct area frame_open_pane(struct area area, const char *title, bool has_focus)
{
        enum ink ink = has_focus ? INK_FRAME_FOCUS : INK_FRAME;

        for (int x = 0; x < area.width; x++)
                area_put(area, x, 0, ink, glyph_line(LINE_LEFT | LINE_RIGHT, LINE_LIGHT));
        area_text(area, 2, 0, ink, " ");
        area_text(area, area_text(area, 3, 0, has_focus ? INK_HEADING : INK_PALE, title), 0, ink, " ");
        return area_inside(area, 1, 1, area.width - 2, area.height - 1);
}

static void draw_panes(const struct scene *scene, struct view *view)
{
        static void (*const draw[PANES])(struct area, const struct scene *, struct view *) = {
                [PANE_TREE] = pane_tree_draw,         [PANE_BAR] = pane_bar_draw,
                [PANE_EVENTS] = pane_events_draw,     [PANE_DETAIL] = pane_detail_draw,
                [PANE_COUNTERS] = pane_counters_draw,
        };

        for (enum pane pane = 0; pane < PANES; pane++) {
                char title[160];

                if (pane_area[pane].width < 3 || pane_area[pane].height < 2)
                        continue;
                frame_pane_title(title, sizeof title, pane, scene, view);
                draw[pane](frame_open_pane(pane_area[pane], title, view->focus == pane), scene, view);
        }
}

/* --- the two lines at the bottom -------------------------------------------------------------------------- */

static void draw_scrub(struct area row, const struct view *view)
{
        uint64_t at = timeline_at(view->timeline), last = timeline_last(view->timeline);
        bool is_at_end = at == last;
        char reading[128];
        const char *word = view->is_playing ? " PLAYS " : is_at_end ? " END " : " PAST ";
        int width, handle;

        if (view->present) {
                snprintf(reading, sizeof reading, " %s: kernel %s ", is_at_end ? "PRESENT" : "PAST",
                         present_words(view->present));
                word = reading;
        } else if (view->arrival && !arrival_has_ended(view->arrival)) {
                snprintf(reading, sizeof reading, "%s(%s) ", is_at_end ? " PRESENT " : word, arrival_words(view->arrival));
                word = reading;
        } else if (!timeline_is_indexed(view->timeline)) {
                snprintf(reading, sizeof reading, " reading: %.0f %% ", 100 * timeline_share_indexed(view->timeline));
                word = reading;
        }
        width = row.width - text_columns(word) - 3;
        handle = last ? (int)((double)at / (double)last * (width - 1)) : 0;

        scrub_area = last_scrub_area = area_inside(row, 1, 0, width, 1);
        for (int x = 0; x < width; x++)
                area_put(scrub_area, x, 0, x < handle ? INK_PATH : INK_FRAME,
                         glyph(x < handle ? GLYPH_SCRUB_PAST : GLYPH_SCRUB_AHEAD));
        area_put(scrub_area, handle, 0, INK_PATH, glyph(GLYPH_SCRUB_HANDLE));
        area_text(row, row.width - text_columns(word) - 1, 0, view->is_playing || is_at_end ? INK_PRESENT : INK_PAST,
                  word);
}

static void draw_keys(struct area row)
{
        int x = 0;

        function_keys = 0;
        bottom_row = row.y;
        for (int number = 1; number <= 10; number++)
                for (enum action action = 1; action < ACTION_COUNT; action++) {
                        const struct key_help *help = key_help(action);
                        int from = x;

                        if (help->function_key != number)
                                continue;
                        x = area_printf(row, x, 0, INK_KEY, "F%d", number);
                        x = area_printf(row, x, 0, INK_KEY_WORD, number < 10 ? "%-6s" : "%s", help->label);
                        if (function_keys < 12) {
                                function_key[function_keys].from = from;
                                function_key[function_keys].to = x;
                                function_key[function_keys++].key = number;
                        }
                }
        if (x + 24 < row.width)
                area_text(row, x + 2, 0, INK_PALE, "Left, Right: step   ?: every key");
}

static void draw_prompt(struct area row, const struct view *view)
{
        static const char *const words[] = { "", "go to event, time or op: ", "search for: ",
                                             "save as (.svg .dot .png .txt .rtrace): " };
        int x = area_text(row, 1, 0, INK_STRONG, words[view->prompt]);

        x = area_text(row, x, 0, INK_PLAIN, view->input);
        area_put(row, x, 0, INK_HERE, L' ');
}

static void draw_bottom(struct area area, struct view *view)
{
        struct area first = area_inside(area, 0, 0, area.width, 1), second = area_inside(area, 0, 1, area.width, 1);
        char question[256];

        draw_keys(second);
        scrub_area = (struct area){ 0 };
        if (view->prompt) {
                draw_prompt(first, view);
        } else if (view->is_asking) {
                predict_question(question, sizeof question, view);
                area_text(first, 1, 0, INK_PATH, question);
        } else if (view->message[0]) {
                area_text(first, 1, 0, view->is_alarm ? INK_REFUSED : INK_GOOD, view->message);
        } else {
                draw_scrub(first, view);
        }
}

/* --- everything ------------------------------------------------------------------------------------------- */

static void draw_overlay(struct area all, const struct scene *scene, struct view *view)
{
        static const char *const titles[] = { "", "Help · Esc closes · Up and Down show more", "Address spaces · Enter chooses",
                                              "Tasks and processors", "Locks" };
        struct area inner;

        area_fill(all, INK_PLAIN, L' ');
        inner = frame_open_pane(all, titles[view->overlay], true);
        overlay_area = inner;
        switch (view->overlay) {
        case OVERLAY_HELP:
                overlay_help_draw(inner, view);
                break;
        case OVERLAY_SPACES:
                overlay_spaces_draw(inner, scene, view);
                break;
        case OVERLAY_TASKS:
                overlay_tasks_draw(inner, scene, view);
                break;
        default:
                overlay_locks_draw(inner, scene, view);
                break;
        }
}

void frame_draw(struct canvas *canvas, struct view *view)
{
        struct area all = area_of(canvas), middle;
        struct scene scene;

        if (canvas->width < FRAME_COLUMNS_MIN || canvas->height < FRAME_ROWS_MIN) {
                area_printf(all, 0, 0, INK_STRONG, "%d x %d: too small.", canvas->width, canvas->height);
                area_printf(all, 0, 1, INK_PLAIN, "80 x 24 is enough.");
                area_printf(all, 0, 2, INK_PLAIN, "q ends.");
                return;
        }
        scene_take(&scene, view);
        draw_title(area_inside(all, 0, 0, all.width, 1), &scene, view);
        middle = area_inside(all, 0, TITLE_ROWS, all.width, all.height - TITLE_ROWS - BOTTOM_ROWS);
        if (!view->beside)
                frame_draw_operation(area_inside(all, 0, 1, all.width, 1), &scene);
        place_panes(middle, &scene, view);
        if (view->overlay)
                draw_overlay(middle, &scene, view);
        else if (view->beside)
                frame_draw_beside(area_inside(all, 0, 1, all.width, all.height - 1 - BOTTOM_ROWS), &scene, view, pane_area);
        else
                draw_panes(&scene, view);
        draw_bottom(area_inside(all, 0, all.height - BOTTOM_ROWS, all.width, BOTTOM_ROWS), view);
}

static bool holds(struct area area, int x, int y)
{
        return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
}

double frame_scrub_share(int x)
{
        const int last = last_scrub_area.width - 1, at = x - last_scrub_area.x;

        return last < 1 || at < 0 ? 0 : at > last ? 1 : (double)at / last;
}

struct frame_spot frame_at(int x, int y)
{
        for (int i = 0; i < function_keys; i++)
                if (y == bottom_row && x >= function_key[i].from && x < function_key[i].to)
                        return (struct frame_spot){ .kind = SPOT_FUNCTION_KEY, .function_key = function_key[i].key };
        if (holds(scrub_area, x, y))
                return (struct frame_spot){ .kind = SPOT_SCRUB };
        for (enum pane pane = 0; pane < PANES; pane++)
                if (holds(pane_area[pane], x, y))
                        return (struct frame_spot){ .kind = SPOT_PANE, .pane = pane, .row = y - overlay_area.y };
        return (struct frame_spot){ .kind = SPOT_NOTHING };
}
