#include "map/map.h"
#include "base/error_message.h"
#include "base/id_map.h"
#include "draw/text.h"
#include "moment/event_words.h"
#include "moment/moment.h"
#include "moment/operation_words.h"
#include "moment/why.h"
#include "stream/reader.h"

#include <stdlib.h>
#include <string.h>

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* A map that is being made. */
struct survey {
        struct map *map;
        struct model *model;
        struct id_map open;                     /* region id: the number of its open span, counted from 1 */
        enum units units;
        enum knowledge worst;                   /* of the tree, in the gap that is open; KNOWN_NOW: none is */
        uint64_t gap_from, previous;            /* ticks: where that gap began; of the newest event */
};

/* --- lists that grow -------------------------------------------------------------------------------------- */

/* Room for one more; it doubles at each power of two. */
static struct error make_room(void **list, size_t count, size_t size)
{
        void *grown;

        if (count & (count - 1))
                return SUCCESS;
        grown = reallocarray(*list, count ? 2 * count : 1, size);
        if (!grown)
                return fail_no_memory();
        *list = grown;
        return SUCCESS;
}

static void note_time(struct map *map, uint64_t ticks)
{
        if (!map->first)
                map->first = ticks;
        map->last = ticks;
}

/* --- spans ------------------------------------------------------------------------------------------------ */

static struct error begin_span(struct survey *survey, const struct model_region *region, uint64_t ticks)
{
        struct map *map = survey->map;
        struct map_span *span;

        TRY(make_room((void **)&map->span, map->spans, sizeof *map->span));
        span = &map->span[map->spans++];
        *span = (struct map_span){
                .region = region->id,
                .range = region->range,
                .protection = region->protection,
                .from = ticks,
                .is_open = true,
        };
        text_copy_name(span->name, sizeof span->name, region->name);
        note_time(map, ticks);
        return id_map_put(&survey->open, region->id, (void *)map->spans);
}

static void end_span(struct survey *survey, uint64_t region, uint64_t ticks)
{
        size_t number = (size_t)id_map_get(&survey->open, region);

        if (!number)
                return;
        survey->map->span[number - 1].to = ticks;
        survey->map->span[number - 1].is_open = false;
        id_map_remove(&survey->open, region);
        note_time(survey->map, ticks);
}

static bool has_changed(const struct map_span *span, const struct model_region *region)
{
        return span->range.base != region->range.base || span->range.end != region->range.end ||
               span->protection != region->protection;
}

/* The region may have been linked, unlinked or changed. */
static struct error look_at_region(struct survey *survey, uint64_t id, uint64_t ticks)
{
        const struct model_region *region = model_region(survey->model, id);
        const bool is_there = region && region->tree && region->tree->id == survey->map->tree;
        const size_t number = (size_t)id_map_get(&survey->open, id);

        if (number && (!is_there || has_changed(&survey->map->span[number - 1], region))) {
                end_span(survey, id, ticks);
                return is_there ? begin_span(survey, region, ticks) : SUCCESS;
        }
        return !number && is_there ? begin_span(survey, region, ticks) : SUCCESS;
}

/* A keyframe or the end of the tree: all regions are looked at. */
static struct error look_at_all(struct survey *survey, uint64_t ticks)
{
        const struct model_tree *tree = model_tree(survey->model, survey->map->tree);

        for (size_t i = 0; i < survey->map->spans; i++)
                if (survey->map->span[i].is_open)
                        TRY(look_at_region(survey, survey->map->span[i].region, ticks));
        for (struct model_region *region = tree ? model_outermost(tree, LEFT) : NULL; region;
             region = model_neighbour(region, RIGHT))
                TRY(look_at_region(survey, region->id, ticks));
        return SUCCESS;
}

/* --- faults and refusals ---------------------------------------------------------------------------------- */

bool map_fault_is_fine(const struct map_fault *fault)
{
        return fault->verdict <= FAULT_DONE;
}

static struct error note_fault(struct survey *survey, const struct event *event)
{
        struct map *map = survey->map;

        if (VALUE(event, page_fault, space) != map->space)
                return SUCCESS;
        TRY(make_room((void **)&map->fault, map->faults, sizeof *map->fault));
        map->fault[map->faults++] = (struct map_fault){ event->ticks, VALUE(event, page_fault, address),
                                                        (enum fault_verdict)VALUE(event, page_fault, verdict) };
        note_time(map, event->ticks);
        return SUCCESS;
}

static struct error note_refusal(struct survey *survey, const struct event *event)
{
        const struct model_tree *tree = model_tree(survey->model, survey->map->tree);
        struct map *map = survey->map;
        struct shown_operation shown;
        struct map_refusal *refusal;

        if (!tree || VALUE(event, tree_end, tree) != map->tree || VALUE(event, tree_end, result) == ERROR_OK)
                return SUCCESS;
        shown_take(&shown, tree);
        if (!shown.begun || shown.operation.kind == FIND)
                return SUCCESS;
        TRY(make_room((void **)&map->refusal, map->refusals, sizeof *map->refusal));
        refusal = &map->refusal[map->refusals++];
        *refusal = (struct map_refusal){ .ticks = event->ticks, .event = event->number };
        operation_call(refusal->words, sizeof refusal->words, &shown, tree->range, survey->units);
        operation_outcome(refusal->words, sizeof refusal->words, &shown);
        note_time(map, event->ticks);
        return SUCCESS;
}

/* --- gaps ------------------------------------------------------------------------------------------------- */

static struct error end_gap(struct survey *survey, uint64_t ticks)
{
        struct map *map = survey->map;

        survey->worst = KNOWN_NOW;
        TRY(make_room((void **)&map->gap, map->gaps, sizeof *map->gap));
        map->gap[map->gaps++] = (struct map_gap){ survey->gap_from, ticks };
        return SUCCESS;
}

/*
 * What is known of the tree after an event. There is no gap if the tree's next operation shows that none of what is
 * missing was about it.
 */
static struct error look_for_gap(struct survey *survey, uint64_t ticks)
{
        const struct model_tree *tree = model_tree(survey->model, survey->map->tree);
        const enum knowledge knowledge = tree && !tree->gone ? model_tree_knowledge(survey->model, tree) : KNOWN_NOW;

        if (knowledge != KNOWN_NOW && survey->worst == KNOWN_NOW)
                survey->gap_from = survey->previous;
        if (knowledge == KNOWN_NOW && survey->worst == KNOWN_NOTHING)
                return end_gap(survey, ticks);
        if (knowledge == KNOWN_NOW || knowledge > survey->worst)
                survey->worst = knowledge;
        return SUCCESS;
}

/* The gap that is open at the end. All lie within the time that the map shows. */
static struct error finish_gaps(struct survey *survey)
{
        struct map *map = survey->map;

        if (survey->worst != KNOWN_NOW)
                TRY(end_gap(survey, survey->previous));
        for (size_t i = 0; i < map->gaps; i++) {
                if (map->gap[i].from < map->first)
                        map->gap[i].from = map->first;
                if (map->gap[i].to > map->last)
                        map->last = map->gap[i].to;
        }
        return SUCCESS;
}

uint64_t map_unknown(const struct map *map)
{
        uint64_t ticks = 0;

        for (size_t i = 0; i < map->gaps; i++)
                ticks += map->gap[i].to - map->gap[i].from;
        return ticks;
}

/* --- events ----------------------------------------------------------------------------------------------- */

/* The event has been applied to the model. */
static struct error take_in(struct survey *survey, const struct event *event)
{
        switch (event->type) {
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
                return event->field[0] == survey->map->tree ? look_at_region(survey, event->field[1], event->ticks)
                                                            : SUCCESS;
        case EVENT_region_changed:
                return look_at_region(survey, VALUE(event, region_changed, region), event->ticks);
        case EVENT_keyframe_end:
        case EVENT_list_destroyed:
        case EVENT_tree_destroyed:
                return look_at_all(survey, event->ticks);
        case EVENT_page_fault:
                return note_fault(survey, event);
        case EVENT_tree_end:
                return note_refusal(survey, event);
        default:
                return SUCCESS;
        }
}

static struct error read_all(struct survey *survey, const char *path)
{
        struct reader *reader;
        struct event event;
        struct error error = SUCCESS;

        TRY(reader_open(path, &reader));
        if (reader_schema(reader)->clock_per_second)
                survey->map->ns_per_tick = 1e9 / (double)reader_schema(reader)->clock_per_second;
        while (!error.code && reader_next(reader, &event)) {
                error = model_apply(survey->model, &event);
                if (error_is(error, ERROR_NO_MEMORY))
                        break;
                error = !error.code && model_carried_out(survey->model) ? take_in(survey, &event) : SUCCESS;
                if (!error.code)
                        error = look_for_gap(survey, event.ticks);
                survey->previous = event.ticks;
        }
        if (!error.code && reader_failed(reader))
                error = FAIL(IO);
        reader_close(reader);
        if (!error.code)
                error = finish_gaps(survey);
        for (size_t i = 0; i < survey->map->spans; i++)
                if (survey->map->span[i].is_open)
                        survey->map->span[i].to = survey->map->last;
        return error;
}

/* Chooses the tree as the other pictures do. */
static struct error choose(struct survey *survey, const char *path, uint64_t tree)
{
        struct moment moment = { .when = { .kind = MOMENT_END } };

        TRY(moment_find(&moment, path, tree));
        survey->map->tree = moment.id;
        survey->map->space = moment.tree->space;
        survey->map->range = moment.tree->range;
        snprintf(survey->map->name, sizeof survey->map->name, "%s", moment.space);
        survey->units = units_for(moment.tree->range);
        moment_free(&moment);
        return SUCCESS;
}

struct error map_make(struct map **out, const char *path, uint64_t tree)
{
        struct survey survey = { .map = calloc(1, sizeof *survey.map) };
        struct error error;

        if (!survey.map)
                return fail_no_memory();
        error = choose(&survey, path, tree);
        if (!error.code)
                error = model_create(&survey.model);
        if (!error.code)
                error = read_all(&survey, path);
        model_destroy(survey.model);
        id_map_clear(&survey.open);
        if (error.code)
                map_free(survey.map);
        else
                *out = survey.map;
        return error;
}

void map_free(struct map *map)
{
        if (!map)
                return;
        free(map->span);
        free(map->fault);
        free(map->refusal);
        free(map->gap);
        free(map);
}
