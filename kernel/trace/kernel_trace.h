/*
 * The kernel's side of the trace: trace_emit() encodes an event, and finished frames leave by the trace line.
 *
 * Each processor has an encoder and a ring of its own; they meet only where the rings are emptied (trace/line.h). The
 * lock there is the innermost of all: its holder waits for nothing but the device.
 */
#pragma once

#include "lib/types.h"
#include "lib/vocabulary/verdict.h"

/* What happens to a frame that finds its ring full: its processor waits, or the frame is dropped and counted. */
enum trace_mode { TRACE_LOSSLESS, TRACE_DISCARD };

/*
 * Sends the header, in which the kernel is named by a checksum of its code. The UART and the clock must work; nothing
 * else need. Before it, events are not counted.
 */
void trace_start(const void *code, size_t size, enum trace_mode mode);

/*
 * Chooses by a list of categories, like "+lock,-tree", what is emitted from the next event on. The trace says so. At
 * first all but locks. The choice does not change the run: each event is a choice point (trace/choice.h), even if it is
 * not sent. False, and no change, if it is no such list. It may be called before trace_start(), too.
 */
bool trace_choose(const char *categories);

/* Says in the trace which categories are chosen, for those who read from here on. Only after trace_start(). */
void trace_show_categories(void);

/* Whether events of locks are emitted. O(1), as all here that says nothing else. */
bool trace_has_locks(void);

/*
 * A clock of this processor that stands still while it emits events, in ticks. Differences of it are right only while
 * trace_has_locks().
 */
uint64_t trace_ticks_without_emitting(void);

/* Sends what this processor has gathered, or how far its time has come, for those who read along. Reads commands. */
void trace_tick(void);

/* Likewise, and waits until all that any processor has put into its ring has left the machine. */
void trace_drain(void);

/*
 * If a controller has requested the header (trace/gate.h): sends what this processor has gathered, and the header
 * again. For a place outside of emitting; waits for room.
 */
void trace_send_header_if_requested(void);

/* Sends what every processor has gathered. No other processor may run any more. */
void trace_flush(void);

/* Sends the end event and waits until all has left. No other processor may run any more. */
void trace_finish(enum verdict verdict);

/* For a kernel that can trust nothing: what every processor has gathered, the message, the end; no keyframe. */
void trace_panic(const char *message);

/* The number of this processor's newest event: where in the trace to look. */
uint64_t trace_event_number(void);

/* How many events all processors have numbered. While others run it is about right. O(processors). */
uint64_t trace_event_total(void);

/* The encoder of a processor, for the gate (trace/gate.h): of this one, or of one that stands. */
struct stream;
struct stream *trace_stream(unsigned cpu);

/*
 * Sends a frame that has no events and no number, from this processor's ring. `length` bytes of `body`, which has room
 * for TRACE_NOTE_ROOM; its first byte is the frame's kind.
 */
enum { TRACE_NOTE_ROOM = 128 };
void trace_send_note(unsigned cpu, uint8_t body[TRACE_NOTE_ROOM], size_t length);

/*
 * Whether a keyframe, which must not be dropped, can be sent without a long wait: in discard mode only when the line is
 * empty, since the host may be reading nothing.
 */
bool trace_has_room(void);
