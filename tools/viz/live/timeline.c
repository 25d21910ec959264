#include "live/timeline.h"
#include "base/error_message.h"
#include "history/history.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
        CHUNK = 512,                            /* events that are decoded together */
        CHUNKS = 64,
        INDEX_PIECE = 20000,                    /* events; a few milliseconds */
};

/* Decoded events of CHUNK numbers, since the list goes back and forth among neighbours. */
struct chunk {
        uint64_t number;                        /* of the first, divided by CHUNK */
        bool is_used;
        uint64_t used_at;                       /* for taking the one that was used longest ago */
        size_t events;
        struct event event[CHUNK];              /* their texts belong to the chunk */
};

struct timeline {
        struct history *history;
        bool is_growing, is_indexed;            /* is_indexed: up to the end of what has arrived */
        struct chunk *chunk;
        uint64_t uses;
};

static void forget(struct chunk *chunk)
{
        for (size_t i = 0; i < chunk->events; i++)
                free((char *)chunk->event[i].text);
        chunk->events = 0;
        chunk->is_used = false;
}

static struct error finish_opening(struct timeline *timeline, struct timeline **out)
{
        timeline->chunk = calloc(CHUNKS, sizeof *timeline->chunk);
        if (!timeline->chunk) {
                timeline_close(timeline);
                return fail_no_memory();
        }
        *out = timeline;
        return SUCCESS;
}

static struct error open_path(struct timeline **out, const char *path, enum history_kind kind, size_t memory)
{
        struct timeline *timeline = calloc(1, sizeof *timeline);

        if (!timeline)
                return fail_no_memory();
        timeline->is_growing = kind == HISTORY_GROWING;
        TRY_OR(history_open(path, kind, memory, &timeline->history), free(timeline));
        return finish_opening(timeline, out);
}

struct error timeline_open(struct timeline **out, const char *path, size_t memory)
{
        return open_path(out, path, HISTORY_WHOLE, memory);
}

struct error timeline_open_growing(struct timeline **out, const char *path, size_t memory)
{
        return open_path(out, path, HISTORY_GROWING, memory);
}

struct error timeline_open_source(struct timeline **out, struct source source, const char *name, size_t memory)
{
        struct timeline *timeline = calloc(1, sizeof *timeline);

        if (!timeline) {
                source.close(source.context);
                return fail_no_memory();
        }
        timeline->is_growing = true;
        TRY_OR(history_open_source(source, name, HISTORY_GROWING, memory, &timeline->history), free(timeline));
        return finish_opening(timeline, out);
}

void timeline_close(struct timeline *timeline)
{
        if (!timeline)
                return;
        for (size_t i = 0; timeline->chunk && i < CHUNKS; i++)
                forget(&timeline->chunk[i]);
        free(timeline->chunk);
        history_close(timeline->history);
        free(timeline);
}

const struct history *timeline_history(const struct timeline *timeline)
{
        return timeline->history;
}

const char *timeline_name(const struct timeline *timeline)
{
        return history_name(timeline->history);
}

const struct schema *timeline_schema(const struct timeline *timeline)
{
        return history_schema(timeline->history);
}

/* --- the index -------------------------------------------------------------------------------------------- */

static double now_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* The chunk at the end may have more events than when it was decoded. */
static void forget_chunks_from(struct timeline *timeline, uint64_t number)
{
        for (size_t i = 0; i < CHUNKS; i++)
                if (timeline->chunk[i].is_used && timeline->chunk[i].number >= number / CHUNK)
                        forget(&timeline->chunk[i]);
}

struct error timeline_index(struct timeline *timeline, double milliseconds)
{
        const double end = now_ms() + milliseconds;
        const uint64_t newest = timeline_last(timeline);
        bool more = true;

        if (timeline->is_indexed && !timeline->is_growing)
                return SUCCESS;
        while (more) {
                TRY(history_index(timeline->history, INDEX_PIECE, &more));
                if (now_ms() >= end)
                        break;
        }
        timeline->is_indexed = !more;
        if (timeline_last(timeline) != newest)
                forget_chunks_from(timeline, newest);
        return SUCCESS;
}

bool timeline_is_indexed(const struct timeline *timeline)
{
        return timeline->is_indexed;
}

struct error timeline_spare(struct timeline *timeline, size_t bytes)
{
        return history_spare(timeline->history, bytes);
}

void timeline_finish(struct timeline *timeline)
{
        history_finish(timeline->history);
        timeline->is_growing = false;
        timeline->is_indexed = false;
}

double timeline_share_indexed(const struct timeline *timeline)
{
        struct history_progress progress = history_progress(timeline->history);

        if (timeline->is_indexed || !progress.size)
                return 1;
        return (double)progress.bytes / (double)progress.size;
}

/* --- where the model is ----------------------------------------------------------------------------------- */

uint64_t timeline_last(const struct timeline *timeline)
{
        return history_progress(timeline->history).newest;
}

uint64_t timeline_at(const struct timeline *timeline)
{
        return history_position(timeline->history);
}

const struct model *timeline_model(const struct timeline *timeline)
{
        return history_model(timeline->history);
}

struct error timeline_seek(struct timeline *timeline, uint64_t number)
{
        return history_seek(timeline->history, number);
}

/* --- events ----------------------------------------------------------------------------------------------- */

static struct error fill(struct timeline *timeline, struct chunk *chunk, uint64_t number)
{
        const uint64_t end = (number + 1) * CHUNK, last = timeline_last(timeline);
        struct history_event *read = malloc(sizeof *read);

        if (!read)
                return fail_no_memory();
        forget(chunk);
        *chunk = (struct chunk){ .number = number, .is_used = true };
        for (uint64_t at = number ? number * CHUNK : 1; at < end && at <= last; at++) {
                struct event *event = &chunk->event[chunk->events];

                if (history_read(timeline->history, at, read).code || read->event.number >= end)
                        break;
                *event = read->event;
                if (event->text)
                        event->text = strdup(event->text);
                chunk->events++;
                at = event->number;
        }
        free(read);
        return SUCCESS;
}

static struct chunk *chunk_of(struct timeline *timeline, uint64_t number)
{
        struct chunk *oldest = &timeline->chunk[0];

        for (size_t i = 0; i < CHUNKS; i++) {
                struct chunk *chunk = &timeline->chunk[i];

                if (chunk->is_used && chunk->number == number / CHUNK) {
                        chunk->used_at = ++timeline->uses;
                        return chunk;
                }
                if (!chunk->is_used || (oldest->is_used && chunk->used_at < oldest->used_at))
                        oldest = chunk;
        }
        if (fill(timeline, oldest, number / CHUNK).code)
                return NULL;
        oldest->used_at = ++timeline->uses;
        return oldest;
}

/* How many events of a chunk have a number up to `number`. */
static size_t count_up_to(const struct chunk *chunk, uint64_t number)
{
        size_t low = 0, high = chunk->events;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (chunk->event[middle].number <= number)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

const struct event *timeline_event(struct timeline *timeline, uint64_t number)
{
        const struct chunk *chunk = number && number <= timeline_last(timeline) ? chunk_of(timeline, number) : NULL;
        size_t count = chunk ? count_up_to(chunk, number) : 0;

        return count && chunk->event[count - 1].number == number ? &chunk->event[count - 1] : NULL;
}

uint64_t timeline_find(struct timeline *timeline, uint64_t from, enum direction direction, timeline_wanted *wanted,
                       const void *context, uint64_t at_most)
{
        const uint64_t last = timeline_last(timeline);
        uint64_t number = direction == FORWARD ? from + 1 : from - (from != 0);

        for (uint64_t passed = 0; number && number <= last && passed < at_most; passed++) {
                const struct event *event = timeline_event(timeline, number);

                if (event && wanted(event, context))
                        return number;
                number = direction == FORWARD ? number + 1 : number - 1;
        }
        return 0;
}

/* --- time ------------------------------------------------------------------------------------------------- */

double timeline_nanoseconds(const struct timeline *timeline, const struct event *event)
{
        const struct schema *schema = timeline_schema(timeline);

        if (!schema->clock_per_second)
                return 0;
        return (double)(int64_t)(event->ticks - schema->clock_ticks) * 1e9 / (double)schema->clock_per_second;
}

struct error timeline_event_at_time(struct timeline *timeline, double nanoseconds, uint64_t *number)
{
        const struct schema *schema = timeline_schema(timeline);

        if (!schema->clock_per_second)
                return FAILF(BAD_INPUT, "the header names no clock, so times mean nothing in this recording");
        return history_at_time(timeline->history,
                               schema->clock_ticks + (uint64_t)(nanoseconds * (double)schema->clock_per_second / 1e9),
                               number);
}
