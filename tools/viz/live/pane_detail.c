#include "base/format.h"
#include "draw/text.h"
#include "live/panes.h"
#include "moment/event_words.h"

#include <stdio.h>

enum { VALUE_COLUMN = 15 };

/* A list of lines, written downwards; those that find no room are left out. */
struct lines {
        struct area area;
        int y;
};

#define LINE(lines, ink, ...) area_printf((lines)->area, 0, (lines)->y++, ink, __VA_ARGS__)

static void pair(struct lines *lines, const char *name, const char *value)
{
        area_text(lines->area, 0, lines->y, INK_PALE, name);
        area_text(lines->area, VALUE_COLUMN, lines->y++, INK_PLAIN, value);
}

/* --- a region --------------------------------------------------------------------------------------------- */

static void draw_child(struct lines *lines, const struct model_region *region, enum side side,
                       const struct scene *scene)
{
        char words[96] = "none";

        if (region->child[side]) {
                region_words(words, sizeof words, scene->model, region->child[side]->id);
                if (region->tree->promises == PROMISE_GAPS)
                        text_append(words, sizeof words, ", max %s", units_short(scene->units, region->max[side]));
                area_text(lines->area, VALUE_COLUMN, lines->y, INK_PLAIN, words);
        } else {
                area_text(lines->area, VALUE_COLUMN, lines->y, INK_PALE, "none");
        }
        area_text(lines->area, 0, lines->y++, INK_PALE, side == LEFT ? "left child" : "right child");
}

/* In a list: the regions before it and after it. */
static void draw_neighbours(struct lines *lines, const struct model_region *region, const struct scene *scene)
{
        char words[96];

        for (enum side side = LEFT; side <= RIGHT; side++) {
                const struct model_region *other = model_neighbour(region, side);

                snprintf(words, sizeof words, "none");
                if (other)
                        region_words(words, sizeof words, scene->model, other->id);
                pair(lines, side == LEFT ? "before it" : "after it", words);
        }
}

static void draw_region(struct lines *lines, const struct model_region *region, const struct scene *scene)
{
        char words[96];

        LINE(lines, INK_HEADING, "%s",
             region->name && *region->name ? region->name : format_numbered("region", region->id));
        pair(lines, "range", units_range(region->range));
        pair(lines, "size", format_pages(vrange_size(region->range) >> PAGE_SHIFT));
        pair(lines, "protection", format_protection(region->protection));
        if (region->before || region->after) {
                snprintf(words, sizeof words, "%s below, %s above", units_short(scene->units, region->before),
                         units_short(scene->units, region->after));
                pair(lines, "guards", words);
        }
        if (!region->tree) {
                pair(lines, "tree", "in none");
                return;
        }
        pair(lines, "gap below", units_long(scene->units, model_gap(region->tree, region)));
        if (region->tree->is_list) {
                draw_neighbours(lines, region, scene);
                return;
        }
        pair(lines, "colour", region->colour == RED ? "red" : "black");
        if (region->tree->promises == PROMISE_GAPS)
                pair(lines, "largest gap", units_long(scene->units, model_subtree_gap(region)));
        snprintf(words, sizeof words, "%u", model_depth(region));
        pair(lines, "depth", words);
        if (region->parent) {
                region_words(words, sizeof words, scene->model, region->parent->id);
                pair(lines, "parent", words);
        } else {
                pair(lines, "parent", "none: the root");
        }
        for (enum side side = LEFT; side <= RIGHT; side++)
                draw_child(lines, region, side, scene);
        if (region->changed_by)
                pair(lines, "changed by", format_numbered("event", region->changed_by));
}

/* --- an event and its operation --------------------------------------------------------------------------- */

static void draw_fields(struct lines *lines, const struct event *event, const struct scene *scene)
{
        for (size_t i = 0; i < event->schema->fields; i++) {
                const struct schema_field *field = &event->schema->field[i];
                const char *word = schema_word(field, event->raw[i]);
                uint64_t raw = event->raw[i];
                char value[96];

                if (field->type == FIELD_TEXT)
                        snprintf(value, sizeof value, "%s", event->text ? event->text : "");
                else if (word)
                        snprintf(value, sizeof value, "%s", word);
                else if (field->type == FIELD_ADDRESS)
                        snprintf(value, sizeof value, "%s", units_address(raw));
                else if (field->type == FIELD_PROTECTION)
                        snprintf(value, sizeof value, "%s", format_protection(raw));
                else if (field->type == FIELD_BYTES)
                        snprintf(value, sizeof value, "%s", format_bytes(raw));
                else if (field->type == FIELD_PAGES)
                        snprintf(value, sizeof value, "%s", units_long(scene->units, raw));
                else
                        snprintf(value, sizeof value, "%s", format_count(raw));
                pair(lines, field->name, value);
        }
}

static size_t count_visits(const struct shown_operation *shown)
{
        size_t count = 0;

        for (size_t i = 0; i < shown->searching; i++)
                count += !i || shown->operation.visit[i].region != shown->operation.visit[i - 1].region;
        return count;
}

/* The search path in order; if there is too little room, its end. */
static void draw_visits(struct lines *lines, const struct scene *scene)
{
        const struct shown_operation *shown = &scene->shown;
        size_t room = lines->area.height - lines->y > 1 ? (size_t)(lines->area.height - lines->y - 1) : 0;
        size_t number = 0, visits = count_visits(shown);

        if (!visits)
                return;
        LINE(lines, INK_HEADING, "Search path");
        for (size_t i = 0; i < shown->searching;) {
                const struct model_visit *visit = &shown->operation.visit[i];
                char words[96] = "the tail gap", why[3 * WHY_SIZE];

                if (visit->region)
                        region_words(words, sizeof words, scene->model, visit->region);
                i = visit_words(why, sizeof why, scene->model, shown, i, scene->units);
                if (++number + room <= visits)
                        continue;
                area_printf(lines->area, 0, lines->y, INK_PATH, "%2zu", number);
                area_text(lines->area, area_printf(lines->area, 3, lines->y, INK_PLAIN, "%s: ", words), lines->y,
                          shown->operation.visit[i - 1].decision == IN_THE_WAY ? INK_REFUSED : INK_WHY, why);
                lines->y++;
        }
}

static void draw_moment(struct lines *lines, const struct scene *scene)
{
        const struct event *event = &scene->event;
        const struct model_operation *operation = &scene->shown.operation;

        /* In the middle of a search the path matters more than the fields of the visit. */
        if (event->type == EVENT_tree_visit && lines->area.height < 16) {
                draw_visits(lines, scene);
                return;
        }
        LINE(lines, INK_HEADING, "%s %s", format_count(event->number), event->schema->name);
        draw_fields(lines, event, scene);
        if (event->missing)
                LINE(lines, INK_REFUSED, "%s missing before it", format_counted(event->missing, "event"));
        lines->y++;
        draw_visits(lines, scene);
        if (scene->shown.begun && lines->y < lines->area.height - 2) {
                lines->y++;
                LINE(lines, INK_PALE, "%s, %s, %s", format_counted(operation->visits, "visit"),
                     format_counted(operation->rotations, "rotation"),
                     format_counted(operation->recolourings, "recolouring"));
        }
}

void pane_detail_draw(struct area area, const struct scene *scene, struct view *view)
{
        struct lines lines = { area, 0 };
        const struct model_region *selected = model_region(scene->model, view->selected);

        if (view->selected && selected)
                draw_region(&lines, selected, scene);
        else if (scene->has_event)
                draw_moment(&lines, scene);
        else
                area_text(area, 0, 0, INK_PALE, "before the first event");
}
