/*
 * The local APIC: each processor's own interrupt controller. It lets the processor's timer strike, and carries messages
 * between processors. Its registers are memory that every processor sees as its own (xAPIC). Where a processor offers
 * x2APIC they are MSRs.
 */
#pragma once

#include <stdint.h>

enum { APIC_TICK_MS = 10 };

/*
 * First, on the processor that boots: measures the timer, and keeps the legacy interrupt controllers quiet. `registers`
 * is where they are mapped; NULL to use x2APIC, if cpu_has_x2apic(). Then apic_start() on each processor: from now on
 * its TRAP_TIMER comes every APIC_TICK_MS. Yields the number of its APIC, by which others send to it.
 */
void apic_init(volatile void *registers);
uint32_t apic_start(void);

/* To be called for each interrupt but the spurious one. */
void apic_end_of_interrupt(void);

/*
 * A message to another processor: a vector, which is an interrupt; or an NMI; or, to start it, first APIC_RESET, then
 * APIC_START plus the number of a page below 1 MiB, with whose first byte it begins.
 */
enum { APIC_NMI = 4 << 8, APIC_RESET = 5 << 8, APIC_START = 6 << 8 };
void apic_send(uint32_t to, uint32_t message);

/* Has an idle processor look for work: sends it TRAP_WAKE. */
void cpu_wake(unsigned cpu);
