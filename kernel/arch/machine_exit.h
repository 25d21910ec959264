/*
 * The end of the machine, and of QEMU: the device isa-debug-exit at port 0xf4 makes QEMU exit with twice the value that
 * is written there, plus one: 33 if the run passed, 35 if it did not. QEMU's own statuses are even or 1, so these two
 * have no other cause.
 */
#pragma once

#include "arch/cpu.h"
#include "lib/vocabulary/verdict.h"

/* Ends the machine. Without the device the processor halts for ever. O(1). */
static inline _Noreturn void machine_exit(enum verdict verdict)
{
        port_write32(0xf4, verdict == VERDICT_PASSED ? (33 - 1) / 2 : (35 - 1) / 2);
        cpu_halt_forever();
}
