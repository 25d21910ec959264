/*
 * The reader of trace streams, and the only one: bytes to frames to events, those of all cpus in order of time. What it
 * yields goes to the model.
 *
 *      struct reader *reader;
 *      struct event event;
 *
 *      TRY(reader_open("run.rtrace", &reader));        reads the header
 *      while (reader_next(reader, &event))
 *              TRY(model_apply(model, &event));
 *      if (reader_failed(reader)) ...                  stopped early; error_message() says why
 *      reader_close(reader);
 *
 * Every byte may be damaged. A frame that cannot be used is thrown away whole, with a notice. Missing events are
 * counted; the first event after them has their number in `missing`, which the model reads. Events of other cpus that
 * are delivered while such a gap is open have `gap_elsewhere` set: the missing events may have come before them.
 *
 * An event is delivered as soon as no cpu that has sent anything can still send an earlier one; until then its frame is
 * held. A stream of one cpu never waits. Memory is bounded: once thousands of frames are held, the reader no longer
 * waits for a silent cpu, and that cpu's events may be late.
 */
#pragma once

#include "stream/event.h"
#include "stream/schema.h"
#include "stream/source.h"

struct reader;

/* What has been read so far, and how well it arrived. */
struct reader_totals {
        uint64_t bytes, frames;                 /* frames: all that were there, damaged ones included */
        uint64_t damaged;                       /* frames thrown away: cut, undecodable, failed checksum */
        uint64_t repeated;                      /* frames skipped because they had been read before, which is no fault */
        uint64_t events;
        uint64_t dropped;                       /* events missing because the kernel's buffer was full */
        uint64_t lost;                          /* events missing because they were lost on the line */
        uint64_t missing_at_end;                /* the last of a cpu, or all that it sent: only the end event counts them */
        uint64_t counter_went_back;             /* frames whose counter of dropped events is lower than one before */
        uint64_t late;                          /* events that came after later ones of other cpus */
        uint64_t cpus;                          /* that have sent anything */
        uint64_t ticks;                         /* the latest time in the front of a frame, with or without events */
};

/* All events that are missing. */
static inline uint64_t reader_totals_missing(struct reader_totals totals)
{
        return totals.dropped + totals.lost + totals.missing_at_end;
}

/*
 * Opens a stream (source_open's words for `path`) and reads its header, waiting for it if need be. IO or BAD_INPUT
 * with an error message. reader_open_source takes the source, and closes it even if it fails; `name` is used in words.
 */
struct error reader_open(const char *path, struct reader **out);
struct error reader_open_source(struct source source, const char *name, struct reader **out);
void reader_close(struct reader *reader);

/*
 * The next event, in order of time and, at equal times, of cpus; each cpu's events in their own order. False at the end
 * of the stream or when reading failed. The event's texts live until the next call.
 */
bool reader_next(struct reader *reader, struct event *event);
bool reader_failed(const struct reader *reader);

const char *reader_name(const struct reader *reader);
const struct schema *reader_schema(const struct reader *reader);
struct reader_totals reader_totals(const struct reader *reader);

/*
 * The i-th thing that was wrong with the stream, in words: "frame 812 (cpu 1, byte 40,312): bad checksum". NULL after
 * the last one so far. Only the first hundred are kept; totals count all.
 */
const char *reader_notice(const struct reader *reader, size_t i);
/* The notice of the first frame in the stream that was thrown away, however many there are; NULL if none was. */
const char *reader_first_damaged(const struct reader *reader);
/* Likewise of the first frame whose counter of dropped events went back. */
const char *reader_first_wrong_counter(const struct reader *reader);
