/*
 * The host as an environment for the kernel's code: what mm/, lib/ and task/ ask of one (kmalloc, trace_emit,
 * error_raised, console_write), on top of the C library. The code under test is the kernel's own, unchanged.
 */
#pragma once

#include "lib/vocabulary/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From here on events go, encoded, to `write`. Time is a counter. */
void host_trace_start(void (*write)(const void *bytes, size_t length));

/* The last keyframe, the end, and no more events. */
void host_trace_finish(enum verdict verdict);

/* Sends what waits, so that a reader is up to date. Returns how many events were emitted since the last call. */
uint64_t host_trace_flush(void);

/* The n-th kmalloc from now fails, and all after it; 0: none does. */
void host_kmalloc_fail_at(uint64_t n);

/* Whether any has failed since. */
bool host_kmalloc_failed(void);

/* Blocks that were allocated and not freed. */
size_t host_kmalloc_live(void);

/*
 * Visits that tree operations reported since the last reset: different nodes, and judgements that a gap is misaligned.
 */
enum host_visits { HOST_VISITED, HOST_MISALIGNED };
void host_visits_reset(void);
size_t host_visits(enum host_visits which);
