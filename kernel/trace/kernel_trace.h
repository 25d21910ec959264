/*
 * The kernel's side of the trace: trace_emit() writes to the trace line, the second serial port.
 */
#pragma once

#include "trace/vocabulary.h"

/* Sends the header. The trace line and the clock must work; nothing else need. Before it, events are not counted. */
void trace_start(void);

/* Sends the last keyframe, the end event with the run's verdict, and waits until the line has sent everything. */
void trace_finish(enum verdict verdict);

/* Like trace_finish(VERDICT_FAILED), but from a kernel that can trust nothing: the message, and no keyframe. */
void trace_panic(const char *message);

/* The number of the newest event: where in the trace to look. */
uint64_t trace_event_number(void);
