/*
 * The orderly end of a run: the other processors stop, the trace gets a last keyframe and its `end` event, and the
 * machine exits. A run that panics ends in boot/panic.c.
 */
#pragma once

#include "lib/vocabulary/verdict.h"

#include <stdint.h>

/* Ends the run. The caller holds no lock and is in the middle of no operation. */
_Noreturn void run_end(enum verdict verdict);

/* Limits the run to so many seconds of the machine's own time from now on. To be called once, by one processor. */
void run_limit(uint64_t seconds);

/*
 * Ends the run with the verdict `timed_out` if its time is over. To be called at each tick, on the processor that
 * booted, where it holds no lock. A kernel that takes no ticks is not ended.
 */
void run_end_if_late(void);
