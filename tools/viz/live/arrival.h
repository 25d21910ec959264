/*
 * A recording that arrives through a named pipe (FIFO) or a Unix socket while it is looked at. What has arrived is kept in
 * a temporary file, so that the viewer never waits for a writer that is slow, stalls or is not there yet.
 *
 *      if (arrival_is_needed(path)) {
 *              TRY(arrival_open(&arrival, path));
 *              TRY(arrival_timeline(arrival, &timeline, memory));
 *      }
 *      ... when arrival_descriptor(arrival) is readable: arrival_update(arrival, timeline) ...
 *      arrival_close(arrival);
 */
#pragma once

#include "timeline.h"

struct arrival;

/* Whether the path is that of a named pipe or of a socket. */
bool arrival_is_needed(const char *path);

/* IO or NO_MEMORY with an error message. It does not wait for a writer. */
struct error arrival_open(struct arrival **out, const char *path);
void arrival_close(struct arrival *arrival);

/*
 * Waits for the header, which it says on standard error, and opens what has arrived as a recording that grows. BAD_INPUT
 * with an error message if what arrives is no recording, or ends before it has a header.
 */
struct error arrival_timeline(struct arrival *arrival, struct timeline **out, size_t memory);

/* -1: nothing more will come. */
int arrival_descriptor(const struct arrival *arrival);
/* "12.5 MiB have arrived", "nothing has arrived for 5 s": for the bottom line. */
const char *arrival_words(const struct arrival *arrival);

/* Takes what is there, a few MiB at most. At the end the timeline is complete. IO with an error message. */
struct error arrival_update(struct arrival *arrival, struct timeline *timeline);
