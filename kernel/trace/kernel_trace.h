/*
 * The kernel's side of the trace: trace_emit() writes to the trace line, the second serial port.
 *
 * Each processor has a stream of its own, whose events gather in one frame; they meet only where a whole frame goes
 * out. The lock there is the innermost of all: who has it waits for nothing but the line.
 */
#pragma once

#include "lib/vocabulary/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Sends the header, in which the kernel is named by a checksum of its code. The trace line and the clock must work;
 * nothing else need. Before it, events are not counted.
 */
void trace_start(const void *code, size_t size);

/* Chooses by category what is emitted: "+lock,-tree". At first all but locks. False, and no change, for a bad name. */
bool trace_choose(const char *categories);

/* Sends what this processor has gathered, or how far its time has come, for those who read along. */
void trace_tick(void);

/* Sends what every processor has gathered. No other processor may run any more. */
void trace_flush(void);

/* Sends the end event and waits until all has left. No other processor may run any more. */
void trace_finish(enum verdict verdict);

/* For a kernel that can trust nothing: what every processor has gathered, the message, the end; no keyframe. */
void trace_panic(const char *message);

/* The number of this processor's newest event: where in the trace to look. */
uint64_t trace_event_number(void);
