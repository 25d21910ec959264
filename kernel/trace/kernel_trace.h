/*
 * The kernel's side of the trace: trace_emit() writes to the trace line, the second serial port.
 *
 * Each processor has a stream of its own, whose events gather in one frame; they meet only where a whole frame goes
 * out. The lock there is the innermost of all: who has it waits for nothing but the line.
 */
#pragma once

#include "trace/vocabulary.h"

/* Sends the header. The trace line and the clock must work; nothing else need. Before it, events are not counted. */
void trace_start(void);

/*
 * Chooses what is emitted, by the names of categories: "+lock,-tree" adds and takes away. At first it is everything
 * but locks. False, and nothing has changed, if a name is no category's.
 */
bool trace_choose(const char *categories);

/*
 * Sends what this processor has gathered, or how far its time has come: now and then, and before it halts, so that
 * whoever reads along need not wait for it.
 */
void trace_tick(void);

/*
 * Sends the last keyframe, the end event with the run's verdict, and waits until the line has sent everything. No
 * other processor may run any more.
 */
void trace_finish(enum verdict verdict);

/*
 * Like trace_finish(VERDICT_FAILED), but from a kernel that can trust nothing: what every processor has gathered, the
 * message, and no keyframe.
 */
void trace_panic(const char *message);

/* The number of this processor's newest event: where in the trace to look. */
uint64_t trace_event_number(void);
