/*
 * Several processors: starting them, calling functions on them, and stopping them. A processor begins in 16-bit mode,
 * in a page below 1 MiB (boot/entry.S), and ends up in the scheduler. They are started one at a time, by the one that
 * booted; one that does not start in time is left out.
 */
#pragma once

#include "lib/types.h"

/*
 * Gives the processor that booted what the others get too: a timer, and trap stacks with guards. Finds the others
 * (boot/processors.h) and starts them. What is wrong is printed on the console; a processor that could not be started
 * is missing from cpus[]. To be called once, when kernel memory can be allocated; without memory for stacks it is a
 * panic.
 */
void smp_start(uintptr_t acpi_root);

/*
 * Has another processor call a function in an interrupt, as soon as it is idle or in ring 3. Does not wait for that,
 * but for an earlier call to be over: then `call` in its struct cpu is NULL again. smp_answer() is what the interrupt
 * does.
 */
void smp_call(unsigned cpu, void (*function)(void *), void *argument);
void smp_answer(void);

/*
 * Stops all other processors for good. To end a run: each where it is idle or in ring 3, in the middle of nothing; one
 * that does not get there within a second or so is a panic. In a panic: each where it is, by an NMI, which is a panic
 * too; of several processors in a panic only the first goes on (boot/panic.c).
 */
void smp_stop_others(void);
void smp_stop_others_at_once(void);
