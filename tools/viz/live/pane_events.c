#include "base/format.h"
#include "live/panes.h"
#include "moment/event_words.h"

#include <string.h>

enum {
        ROWS_MAX = 256,
        LOOK_AT_MOST = 5000,                    /* events that are passed over for the next one of the list: milliseconds */
};
static uint64_t event_in_row[ROWS_MAX];
static int first_row;

uint64_t pane_events_event_at(int y)
{
        y -= first_row;
        return y >= 0 && y < ROWS_MAX ? event_in_row[y] : 0;
}

static bool is_listed(const struct event *event, const void *context)
{
        return view_lists(context, event);
}

/* Indented by what it is part of: an operation on a tree within one on a space. */
static int indent_of(const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_begin:
        case EVENT_tree_end:
                return 1;
        default:
                return event_is_of_tree(event) || event->type == EVENT_region_changed ? 2 : 0;
        }
}

static enum ink ink_of(const struct event *event, bool is_ahead)
{
        if (event->type == EVENT_error_raised || event->type == EVENT_panicked ||
            event->type == EVENT_lock_order_violated || event->type == EVENT_script_mismatch)
                return INK_REFUSED;
        if (is_ahead)
                return INK_PALE;
        return event->type == EVENT_tree_begin || event->type == EVENT_script_line ? INK_STRONG : INK_PLAIN;
}

static void draw_event(struct area row, const struct event *event, const struct scene *scene, const struct view *view)
{
        uint64_t at = timeline_at(view->timeline);
        const bool is_ahead = event->number > at, is_current = event->number == at;
        char words[256];
        int columns = text_columns(format_count(timeline_last(view->timeline)));
        int x = columns - text_columns(format_count(event->number)) + 1;

        area_put(row, 0, 0, INK_MARK, is_current ? glyph(GLYPH_HERE) : L' ');
        x = area_text(row, x, 0, INK_NUMBER, format_count(event->number)) + 1;
        if (scene->cpus > 1)
                x = area_printf(row, x, 0, INK_PALE, "cpu%u", event->cpu) + 1;
        if (view->predicts && is_ahead && event->type == EVENT_tree_visit)
                strcpy(words, "?");
        else
                event_words(words, sizeof words, event, scene->model, scene->schema);
        area_text(row, x + indent_of(event), 0, is_current ? INK_CURRENT : ink_of(event, is_ahead), words);
}

/* Draws an event in a row, and keeps where it is for the mouse. */
static void draw_row(struct area area, int y, uint64_t number, const struct scene *scene, const struct view *view)
{
        const struct event *event = timeline_event(view->timeline, number);

        if (!event || y >= area.height)
                return;
        draw_event(area_inside(area, 0, y, area.width, 1), event, scene, view);
        event_in_row[y % ROWS_MAX] = number;
}

/* The events of the list behind the current one, `most` at most. Yields how many there are. */
static int find_ahead(uint64_t ahead[ROWS_MAX], int most, const struct view *view)
{
        uint64_t number = timeline_at(view->timeline);
        int count = 0;

        while (count < most && count < ROWS_MAX) {
                number = timeline_find(view->timeline, number, FORWARD, is_listed, view, LOOK_AT_MOST);
                if (!number)
                        break;
                ahead[count++] = number;
        }
        return count;
}

/* The events listed around the current one, which is in the row two thirds down, or lower where the list ends. */
void pane_events_draw(struct area area, const struct scene *scene, struct view *view)
{
        const uint64_t at = timeline_at(view->timeline);
        uint64_t ahead[ROWS_MAX], number;
        const int count = find_ahead(ahead, area.height - 1 - area.height * 2 / 3, view), row = area.height - 1 - count;

        first_row = area.y;
        memset(event_in_row, 0, sizeof event_in_row);
        /* The current event is shown even if the filter leaves it out. */
        number = timeline_event(view->timeline, at) ? at :
                                                      timeline_find(view->timeline, at, BACKWARD, is_listed, view, LOOK_AT_MOST);
        for (int y = row; y >= 0 && number; y--) {
                draw_row(area, y, number, scene, view);
                number = timeline_find(view->timeline, number, BACKWARD, is_listed, view, LOOK_AT_MOST);
        }
        for (int i = 0; i < count; i++)
                draw_row(area, row + 1 + i, ahead[i], scene, view);
}
