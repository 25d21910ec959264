/*
 * The time of a recording: every event so far, and the model as it was after any of them.
 *
 *      TRY(timeline_open(&timeline, "run.rtrace"));
 *      TRY(timeline_seek(timeline, 1204));
 *      ... model_tree(timeline_model(timeline), id) ...
 *
 * Event numbers are those of `regiontrace dump`; where events are missing, a number has no event.
 */
#pragma once

#include "model.h"
#include "reader.h"

#include <stdbool.h>

struct timeline;

/* Errors of reader_open(), with a message. */
struct error timeline_open(struct timeline **out, const char *path);
void timeline_close(struct timeline *timeline);

const char *timeline_name(const struct timeline *timeline);
const struct schema *timeline_schema(const struct timeline *timeline);

/* The first and the newest event that is known so far; 0 if there is none. */
uint64_t timeline_first(const struct timeline *timeline);
uint64_t timeline_last(const struct timeline *timeline);
/* Where the model is: after this event. 0: before the first. */
uint64_t timeline_at(const struct timeline *timeline);
const struct model *timeline_model(const struct timeline *timeline);

/* Moves the model to the state after event `number`, or after the last before it. NO_MEMORY or IO, with a message. */
struct error timeline_seek(struct timeline *timeline, uint64_t number);

/* The event with this number, or NULL; valid until the next call. */
const struct event *timeline_event(struct timeline *timeline, uint64_t number);

/*
 * The nearest event after (or before) `from` for which `wanted` holds; 0 if there is none. O(events between).
 */
enum direction { BACKWARD = -1, FORWARD = 1 };
typedef bool timeline_wanted(const struct event *event, const void *context);
uint64_t timeline_find(struct timeline *timeline, uint64_t from, enum direction direction, timeline_wanted *wanted,
                       const void *context);

/* Nanoseconds since the stream began; 0 if its header has no clock. And the last event before such a time. */
double timeline_nanoseconds(const struct timeline *timeline, const struct event *event);
uint64_t timeline_event_at_time(struct timeline *timeline, double nanoseconds);
