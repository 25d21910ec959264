/*
 * The encoder: events of one cpu in, frames out. Host-clean; the format is in docs/trace-format.md.
 *
 * Events gather in one frame, which is sent when the next event does not fit, when a tree operation ends and the frame
 * is three quarters full, or on stream_flush(). No frame needs an earlier one to be understood. Nothing here allocates
 * or waits for anything but `write`.
 * The caller sees to it that calls for one stream do not overlap.
 */
#pragma once

#include "trace/frame.h"
#include "trace/trace.h"

/* The longest text, and what an event may need: a step in time, a tree, its code, a mask, 15 numbers, a text. */
enum { STREAM_TEXT_MAX = 200, STREAM_EVENT_MAX = 11 + 11 + 2 + 2 + 15 * 11 + 2 + STREAM_TEXT_MAX };

/* A value for each field of each event. */
#define STREAM_VALUE_(type, field) uint64_t field;
struct stream_values {
#define EVENT(name, category, text, ...)                                                                            \
        struct {                                                                                                    \
                FOR_EACH_JOINED(STREAM_VALUE_, __VA_ARGS__)                                                         \
        } name;
#include "trace/events.def"
};

struct stream {
        bool (*write)(struct stream *stream, const void *bytes, size_t length);  /* a whole frame; false: not taken */
        uint64_t (*now)(void);                  /* ticks */
        unsigned cpu;
        uint64_t number;                        /* of the newest event; the first is 1 */
        uint64_t gate_at;                       /* from which number on the gate is looked at (trace/gate.h) */
        uint64_t dropped;                       /* events in frames that were not taken */
        uint64_t ticks;                         /* time reached */
        uint64_t tree;                          /* of the newest event that has one */
        uint64_t region;                        /* named last in the frame; 0: none yet */
        uint64_t seen[2];                       /* which types of event the frame has, a bit each ... */
        struct stream_values last;              /* ... and the fields of the newest one of each */
        bool in_operation;                      /* then time stands still */
        unsigned events;                        /* in the frame */
        bool holds_keyframe;                    /* one of them belongs to a keyframe, or it is a piece of the header */
        size_t length;                          /* bytes in the frame: whole events only, even in mid-event */
        uint8_t body[FRAME_BODY_MAX + STREAM_EVENT_MAX];        /* an event may be begun that turns out not to fit */
};

/* What the header says of the stream. */
struct stream_facts {
        const char *build;                      /* the kernel's name */
        const char *mode;                       /* "lossless" or "discard" */
        unsigned cpus;                          /* how many may send, at most */
        uint64_t ticks, ticks_per_second;       /* the clock pair: when this was written */
};

/* Sends the header, before the first event of any cpu. */
void stream_begin(struct stream *stream, const struct stream_facts *facts);

/*
 * Sends the events that wait in the frame, and the header again, for those who read from here on. The facts must be the
 * same as before. O(length of the header): about 8 KB.
 */
void stream_send_header(struct stream *stream, const struct stream_facts *facts);

/* Encodes one event; `fields` as for trace_emit(). A text is cut at STREAM_TEXT_MAX bytes. */
void stream_emit(struct stream *stream, enum trace_event event, const uint64_t *fields);

/* Sends the events that wait in the frame. */
void stream_flush(struct stream *stream);

/* Likewise; if none wait, a frame without events, which says how far this cpu's time has come. */
void stream_tick(struct stream *stream);
