/*
 * The timeline: the events of a stream, one after another, as tracks, slices, instants and counters in a Perfetto
 * file.
 *
 *      TRY(timeline_create(reader, stream, &timeline));
 *      while (reader_next(reader, &event))
 *              TRY(timeline_event(timeline, &event));
 *      TRY(timeline_finish(timeline));
 *
 * docs/perfetto.md says what is on which track. Where events are missing, what may have been cut short is ended, and
 * what a keyframe shows begins anew. The file is written as the stream is read. Memory grows with the spaces, tasks and
 * tracks that there are, not with the events.
 */
#pragma once

#include "perfetto/perfetto_file.h"
#include "stream/reader.h"

struct timeline;

/* `reader` and `stream` stay the caller's, and are needed until the timeline is finished. NO_MEMORY. */
struct error timeline_create(const struct reader *reader, FILE *stream, struct timeline **out);
void timeline_destroy(struct timeline *timeline);

/*
 * NO_MEMORY only; an event that cannot be carried out is left out and counted. O(1), at the end of an operation that
 * changed a tree O(regions).
 */
struct error timeline_event(struct timeline *timeline, const struct event *event);

/* After the last event. NO_MEMORY, or IO with an error message, if not all could be written. */
struct error timeline_finish(struct timeline *timeline);

/* How the stream was: did its end arrive, how many events were left out, and the first of them in words. */
bool timeline_ended(const struct timeline *timeline);
uint64_t timeline_left_out(const struct timeline *timeline);
const char *timeline_first_fault(const struct timeline *timeline);

struct perfetto_totals timeline_totals(const struct timeline *timeline);
