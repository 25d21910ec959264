/*
 * Writes a recording from decoded events: in format 1, whatever format they came in, with the events of
 * saved_events.def in its header besides those of the stream that they come from.
 *
 *      TRY(stream_writer_open(output, reader_schema(reader), "cut", &writer));
 *      TRY(stream_writer_skip(writer, 0, 1000));               cpu 0's numbers up to 1,000: missing events
 *      TRY(stream_write(writer, &event));
 *      TRY(stream_writer_end(writer));
 *      stream_writer_free(writer);
 *
 * Events must come in the order of the stream: by time, and each cpu's in its own order.
 */
#pragma once

#include "stream/compression.h"
#include "stream/schema.h"

struct stream_writer;

/*
 * Writes the header: that of `from`, which must live on, but with this mode. The output stays the caller's. IO,
 * NO_MEMORY or BAD_INPUT.
 */
struct error stream_writer_open(struct output *output, const struct schema *from, const char *mode,
                                struct stream_writer **out);
void stream_writer_free(struct stream_writer *writer);

/* Counts events of a cpu as missing. O(1). */
struct error stream_writer_skip(struct stream_writer *writer, unsigned cpu, uint64_t events);

/*
 * Writes an event of the stream that the schema is of: its cpu, time, schema, raw fields and text. It gets the cpu's
 * next number, after those that `missing` says are missing. IO.
 */
struct error stream_write(struct stream_writer *writer, const struct event *event);

/* Likewise an event of this build: its cpu, time, type, fields and text; for events that a model saves. */
struct error stream_write_known(struct stream_writer *writer, const struct event *event);

/*
 * Ends the recording: writes what is not written yet, and, if the last event was not `end`, one with the verdict `cut`.
 * IO. Nothing may be written afterwards.
 */
struct error stream_writer_end(struct stream_writer *writer);
