#include "timeline.h"
#include "error_message.h"

#include <stdlib.h>
#include <string.h>

struct timeline {
        char *path;
        struct reader *reader;
        struct event *event;                    /* all, in order; their texts belong to the timeline */
        size_t events, room;
        struct model *model;
        size_t applied;                         /* so many of `event` are in the model */
        uint64_t at;
};

static struct error keep(struct timeline *timeline, const struct event *event)
{
        if (timeline->events == timeline->room) {
                size_t room = timeline->room ? 2 * timeline->room : 4096;
                struct event *more = realloc(timeline->event, room * sizeof *more);

                if (!more)
                        return fail_no_memory();
                timeline->event = more;
                timeline->room = room;
        }
        timeline->event[timeline->events] = *event;
        if (event->text && !(timeline->event[timeline->events].text = strdup(event->text)))
                return fail_no_memory();
        timeline->events++;
        return SUCCESS;
}

static struct error read_all(struct timeline *timeline)
{
        struct event event;

        TRY(reader_open(timeline->path, &timeline->reader));
        while (reader_next(timeline->reader, &event))
                TRY(keep(timeline, &event));
        return SUCCESS;
}

struct error timeline_open(struct timeline **out, const char *path)
{
        struct timeline *timeline = calloc(1, sizeof *timeline);
        struct error error;

        if (!timeline || !(timeline->path = strdup(path))) {
                free(timeline);
                return fail_no_memory();
        }
        error = model_create(&timeline->model);
        if (!error.code)
                error = read_all(timeline);
        if (error.code) {
                timeline_close(timeline);
                return error;
        }
        *out = timeline;
        return SUCCESS;
}

void timeline_close(struct timeline *timeline)
{
        if (!timeline)
                return;
        for (size_t i = 0; i < timeline->events; i++)
                free((char *)timeline->event[i].text);
        free(timeline->event);
        if (timeline->reader)
                reader_close(timeline->reader);
        model_destroy(timeline->model);
        free(timeline->path);
        free(timeline);
}

const char *timeline_name(const struct timeline *timeline)
{
        return timeline->path;
}

const struct schema *timeline_schema(const struct timeline *timeline)
{
        return reader_schema(timeline->reader);
}

uint64_t timeline_first(const struct timeline *timeline)
{
        return timeline->events ? timeline->event[0].number : 0;
}

uint64_t timeline_last(const struct timeline *timeline)
{
        return timeline->events ? timeline->event[timeline->events - 1].number : 0;
}

uint64_t timeline_at(const struct timeline *timeline)
{
        return timeline->at;
}

const struct model *timeline_model(const struct timeline *timeline)
{
        return timeline->model;
}

/* How many events have a number up to `number`. */
static size_t count_up_to(const struct timeline *timeline, uint64_t number)
{
        size_t low = 0, high = timeline->events;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (timeline->event[middle].number <= number)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

struct error timeline_seek(struct timeline *timeline, uint64_t number)
{
        size_t wanted = count_up_to(timeline, number);

        if (wanted < timeline->applied) {
                struct model *fresh;

                TRY(model_create(&fresh));
                model_destroy(timeline->model);
                timeline->model = fresh;
                timeline->applied = 0;
        }
        while (timeline->applied < wanted)
                error_ignore(model_apply(timeline->model, &timeline->event[timeline->applied++]));
        timeline->at = wanted ? timeline->event[wanted - 1].number : 0;
        return SUCCESS;
}

const struct event *timeline_event(struct timeline *timeline, uint64_t number)
{
        size_t count = count_up_to(timeline, number);

        return count && timeline->event[count - 1].number == number ? &timeline->event[count - 1] : NULL;
}

uint64_t timeline_find(struct timeline *timeline, uint64_t from, enum direction direction, timeline_wanted *wanted,
                       const void *context)
{
        size_t i = count_up_to(timeline, direction == FORWARD ? from : from - (from != 0));

        if (direction == FORWARD) {
                for (; i < timeline->events; i++)
                        if (wanted(&timeline->event[i], context))
                                return timeline->event[i].number;
        } else if (from) {
                while (i-- > 0)
                        if (wanted(&timeline->event[i], context))
                                return timeline->event[i].number;
        }
        return 0;
}

double timeline_nanoseconds(const struct timeline *timeline, const struct event *event)
{
        const struct schema *schema = timeline_schema(timeline);

        if (!schema->clock_per_second)
                return 0;
        return (double)(int64_t)(event->ticks - schema->clock_ticks) * 1e9 / (double)schema->clock_per_second;
}

uint64_t timeline_event_at_time(struct timeline *timeline, double nanoseconds)
{
        size_t low = 0, high = timeline->events;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (timeline_nanoseconds(timeline, &timeline->event[middle]) <= nanoseconds)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low ? timeline->event[low - 1].number : 0;
}
