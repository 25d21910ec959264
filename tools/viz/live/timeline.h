/*
 * The time of a recording, finished or growing: the model as it was after any event, and the events around it. It is a
 * history (history.h) that keeps the events near those that were looked at.
 *
 *      TRY(timeline_open(&timeline, "run.rtrace", 256 << 20));
 *      while (!timeline_is_indexed(timeline))
 *              TRY(timeline_index(timeline, 10));              a piece at a time, between keys
 *      TRY(timeline_seek(timeline, 1204));
 *      ... model_tree(timeline_model(timeline), id) ...
 *
 * Event numbers are those of `regiontrace dump`; where events are missing, a number has no event.
 */
#pragma once

#include "history/history.h"

#include <stdbool.h>

struct timeline;

/* Errors of history_open(), with a message. `memory` bounds what the history takes, in bytes. */
struct error timeline_open(struct timeline **out, const char *path, size_t memory);
/* A file that grows: where more is there, timeline_index() goes on. */
struct error timeline_open_growing(struct timeline **out, const char *path, size_t memory);
/* A recording that grows; the source now belongs to the timeline, even if this fails. */
struct error timeline_open_source(struct timeline **out, struct source source, const char *name, size_t memory);
void timeline_close(struct timeline *timeline);

const struct history *timeline_history(const struct timeline *timeline);
const char *timeline_name(const struct timeline *timeline);
const struct schema *timeline_schema(const struct timeline *timeline);

/* Indexes for about so many milliseconds. IO or NO_MEMORY, with a message. */
struct error timeline_index(struct timeline *timeline, double milliseconds);
/* Whether everything that has arrived is indexed; else how much of it, from 0 to 1. */
bool timeline_is_indexed(const struct timeline *timeline);
double timeline_share_indexed(const struct timeline *timeline);
/* So much of the memory is left for something else from now on; 0: none. Errors of history_spare(), with a message. */
struct error timeline_spare(struct timeline *timeline, size_t bytes);
/* Nothing more will arrive in a recording that grew. */
void timeline_finish(struct timeline *timeline);

/* The newest event that is indexed; 0 if there is none. */
uint64_t timeline_last(const struct timeline *timeline);
/* Where the model is: after this event. 0: before the first. */
uint64_t timeline_at(const struct timeline *timeline);
const struct model *timeline_model(const struct timeline *timeline);

/* Moves the model to the state after event `number`. Errors of history_seek(), with a message. */
struct error timeline_seek(struct timeline *timeline, uint64_t number);

/* The event with this number, or NULL. Valid until events far from it were looked at, or more were indexed. */
const struct event *timeline_event(struct timeline *timeline, uint64_t number);

/*
 * The nearest event after (or before) `from` for which `wanted` holds; 0 if there is none among the next `at_most` events.
 * O(events between): about a million a second.
 */
enum direction { BACKWARD = -1, FORWARD = 1 };
typedef bool timeline_wanted(const struct event *event, const void *context);
uint64_t timeline_find(struct timeline *timeline, uint64_t from, enum direction direction, timeline_wanted *wanted,
                       const void *context, uint64_t at_most);

/* Nanoseconds since the stream began; 0 if its header has no clock. */
double timeline_nanoseconds(const struct timeline *timeline, const struct event *event);
/* The last event before such a time. BAD_INPUT if the header has no clock; errors of history_at_time(). */
struct error timeline_event_at_time(struct timeline *timeline, double nanoseconds, uint64_t *number);
