/*
 * A recording that arrives while it is looked at: through a named pipe (FIFO) or a Unix socket, or as a file that another
 * process writes. Each may be compressed. The viewer never waits for a writer that is slow, stalls or is not there yet:
 * what comes through a pipe or a socket, or has to be decompressed, is kept in a temporary file.
 *
 *      if (arrival_is_needed(path)) {
 *              TRY(arrival_open(&arrival, path));
 *              TRY(arrival_timeline(arrival, &timeline, memory));
 *      }
 *      ... when arrival_descriptor(arrival) is readable: arrival_update(arrival, timeline) ...
 *      arrival_close(arrival);
 */
#pragma once

#include "live/timeline.h"

struct arrival;

/* Whether the path is that of a named pipe, of a socket, or of a file that another process writes at the moment. */
bool arrival_is_needed(const char *path);

/* IO or NO_MEMORY with an error message. It does not wait for a writer. */
struct error arrival_open(struct arrival **out, const char *path);
void arrival_close(struct arrival *arrival);

/*
 * Waits for the header, which it says on standard error, and opens what has arrived as a recording that grows. BAD_INPUT
 * with an error message if what arrives is no recording, or ends before it has a header.
 */
struct error arrival_timeline(struct arrival *arrival, struct timeline **out, size_t memory);

/* Whether nothing more will come. */
bool arrival_has_ended(const struct arrival *arrival);
/* Readable when more has arrived; -1: there is none, or nothing more will come. */
int arrival_descriptor(const struct arrival *arrival);
/* "arrives: 12.5 MiB", "nothing for 5 s": for the bottom line. */
const char *arrival_words(const struct arrival *arrival);

/*
 * Takes what is there, a few MiB at most. At the end the timeline is complete. IO with an error message: also if a file has
 * become shorter, as one that is recorded anew.
 */
struct error arrival_update(struct arrival *arrival, struct timeline *timeline);
