/*
 * What the files of the reader share: reader.c opens streams and counts totals, reader_header.c assembles the
 * header, reader_events.c goes through the frames of one cpu, reader_fields.c decodes their records, reader_merge.c
 * merges the events of all cpus in order of time, and reader_last.c says whether the last ones are missing. No other
 * file includes this.
 */
#pragma once

#include "base/error_message.h"
#include "base/format.h"
#include "stream/frames.h"
#include "stream/reader.h"

enum {
        CPUS_MAX = 256,
        NOTICES_MAX = 100,
        NOTICE_SIZE = 256,
        HELD_MAX = 8192,                        /* frames that may wait for a silent cpu */
        FRAMES_AHEAD = 64,                      /* frames to read beyond a damaged one before an event is given out */
};

/*
 * Events of a cpu are numbered up to this: far more than any run has, and so few that the sum over all cpus fits into
 * 64 bits.
 */
static const uint64_t NUMBER_MAX = (uint64_t)1 << 55;

enum {
        FRAME_EVENTS_MAX = FRAMES_BODY_MAX,     /* an event takes at least one byte */
};

/* Bytes being taken apart, from `at` to `end`. */
struct cursor {
        const uint8_t *at, *end;
};

/* A frame that has arrived and waits for its turn, or whose turn it is. */
struct held_frame {
        struct held_frame *next;
        uint64_t number;                        /* in the stream, from 0 */
        uint64_t first, dropped, ticks, tree;   /* from its front */
        struct cursor cursor;                   /* what is left of it */
        struct frame frame;
};

/* The header as it arrived. It is kept, so that a piece which comes again is recognised. */
struct header {
        char *text;                             /* of all pieces so far */
        size_t length;
        size_t *end;                            /* of each piece, in `text` */
        size_t pieces;
        bool complete;
        bool is_late;                           /* events came before it was complete */
        bool is_broken;                         /* a piece was missing once: the first of these was ... */
        size_t missing_piece;                   /* ... this */
        uint64_t again_number, again_offset;    /* the newest frame with a piece that came again; 0: there is none */
};

/* One cpu's frames, in the order they arrived. The first is being taken apart, unless `is_open` is false. */
struct reader_cpu {
        unsigned index;
        bool has_sent;
        bool is_open;
        bool is_ready;                          /* its next event begins at the cursor, and its time is `ticks` */
        uint64_t ticks;                         /* the time reached */
        uint64_t address;                       /* reached in the open frame: in version 1 */
        uint64_t tree, region;                  /* likewise, in version 2 */
        uint64_t number;                        /* of the newest event that is counted, missing ones included */
        uint64_t dropped;                       /* the kernel's own count, as last seen */
        uint64_t missing;                       /* events missing since the last one that was given out */
        struct held_frame *first, **last;
};

struct reader {
        struct frames frames;
        char *name;
        struct header header;
        struct schema *schema;
        uint64_t *last;                         /* for each cpu and field of the schema, its newest value in the open frame */
        struct reader_totals totals;
        bool failed;
        bool unreadable;                        /* reading failed: to be told once all that arrived is given out ... */
        char failure[256];                      /* ... in these words */

        struct held_frame *spare;               /* frames to be used again */
        size_t held;                            /* frames that wait */

        struct reader_cpu *chosen;              /* whose events are given out, up to ... */
        uint64_t limit_ticks;                   /* ... the time of the next event of another cpu */
        unsigned limit_cpu;
        bool all_stand;                         /* a frame said so: all events before it are here, no cpu is waited for */
        bool draining;                          /* nothing more arrives: no cpu is waited for */
        bool growing;                           /* the end of what has arrived is not the end of the stream */
        uint64_t newest;                        /* the latest time given out */
        unsigned gaps;                          /* cpus whose next event comes after missing ones */
        unsigned lookahead;                     /* frames to read before the next event: one was damaged, or ... */
        bool awaits_first;                      /* ... until every cpu has sent one */
        bool has_counted;                       /* nothing more arrives, and what waits was counted: ... */
        bool lacks_the_last;                    /* ... what some cpu sent last is missing, perhaps ... */
        bool lacks_a_cpu;                       /* ... all that it sent */

        bool has_end;                           /* the end event was given out, from ... */
        uint64_t end_frame;                     /* ... this frame */
        uint64_t number;                        /* of the newest event that was given out */
        char text[FRAMES_BODY_MAX + 1];         /* its text */

        size_t notices;
        char notice[NOTICES_MAX][NOTICE_SIZE];
        char first_damaged[NOTICE_SIZE];        /* the notice of the first frame thrown away; empty: there is none */
        uint64_t first_damaged_number;          /* that frame's */
        char first_wrong_counter[NOTICE_SIZE];
        struct reader_cpu cpu[CPUS_MAX];
};

/* Keeps in words what was wrong with a frame. */
[[gnu::format(printf, 3, 4)]]
void reader_note(struct reader *reader, const struct held_frame *held, const char *format, ...);
/* The words of a notice: "frame 812 (byte 40,312): bad checksum". */
void reader_describe(char out[NOTICE_SIZE], const struct held_frame *held, const char *what);
/* Likewise, and counts the frame as thrown away. */
void reader_note_damage(struct reader *reader, const struct held_frame *held, const char *what);

/* The next frame that arrived well, kept until it is released, and the first byte of its body; NULL at the end. */
struct error reader_take_frame(struct reader *reader, struct held_frame **out, uint8_t *kind);
void reader_release(struct reader *reader, struct held_frame *held);

/* Reads frames until the header is complete, and parses it. Errors of reader_open(). */
struct error reader_read_header(struct reader *reader);
/*
 * A piece of a header after the header was complete: skipped if it is the same again before the end event, else damage.
 */
void reader_see_header_again(struct reader *reader, const struct held_frame *held);
/* The end event is given out; a header may have been read ahead that lies behind it. */
void reader_see_end(struct reader *reader, const struct event *event);
void reader_forget_header(struct reader *reader);

static inline bool cursor_take_byte(struct cursor *cursor, uint8_t *out)
{
        if (cursor->at == cursor->end)
                return false;
        *out = *cursor->at++;
        return true;
}

static inline bool cursor_take_long_varint(struct cursor *cursor, uint64_t *out)
{
        uint64_t value = 0;
        uint8_t byte;

        for (unsigned shift = 0; shift < 64; shift += 7) {
                if (!cursor_take_byte(cursor, &byte) || (shift == 63 && byte > 1))
                        return false;
                value |= (uint64_t)(byte & 0x7f) << shift;
                if (!(byte & 0x80)) {
                        *out = value;
                        return true;
                }
        }
        return false;
}

/* False if the bytes end first, or if the number does not fit into 64 bits. Most take one byte. */
static inline bool cursor_take_varint(struct cursor *cursor, uint64_t *out)
{
        if (cursor->at == cursor->end || *cursor->at >= 0x80)
                return cursor_take_long_varint(cursor, out);
        *out = *cursor->at++;
        return true;
}

/* Reads the front of a frame of events and hands it to its cpu; if it cannot be decoded, it is thrown away. */
void reader_hold(struct reader *reader, struct held_frame *held);
/* At the beginning: some frames are read ahead, until every cpu that there may be has sent one. */
void reader_await_first(struct reader *reader);
/* Goes to the cpu's next event, over the ends of frames: afterwards it is ready, or has no frame left. */
void reader_advance(struct reader *reader, struct reader_cpu *cpu);
/* Takes the event that is ready; false if it cannot be decoded; the rest of its frame is thrown away. */
bool reader_take_event(struct reader *reader, struct reader_cpu *cpu, struct event *event);

/* Nothing more arrives: whether less waits than the end counts. O(bytes that wait). */
void reader_count_what_is_left(struct reader *reader);
/*
 * Whether events of other cpus that are missing, their last, may have come before the one at hand of this cpu. O(cpus).
 */
bool reader_may_miss_the_last(const struct reader *reader, const struct reader_cpu *cpu);

/* A frame of this cpu begins: no value is known yet. O(fields of the schema). */
void reader_begin_fields(const struct reader *reader, struct reader_cpu *cpu, uint64_t tree);
/* Takes the steps in time and the changes of the tree before the frame's next event; false if one cannot be decoded. */
bool reader_take_context(const struct reader *reader, struct reader_cpu *cpu);
/* Takes an event's schema and fields; false if they cannot be decoded. */
bool reader_take_fields(struct reader *reader, struct reader_cpu *cpu, struct event *event);
