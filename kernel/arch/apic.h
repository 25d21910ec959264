/*
 * The local APIC: the interrupt controller of each processor. It has the processor's timer, and sends interrupts to
 * other processors. Its registers are memory-mapped, at the same address on every processor (xAPIC). Every call is
 * O(1), except that apic_init() measures for about a millisecond.
 */
#pragma once

#include <stdint.h>

enum { APIC_TICK_MS = 10 };

/*
 * Measures the timer, and masks the legacy interrupt controllers. To be called once, on the processor that boots.
 * `registers` is where they are mapped.
 */
void apic_init(volatile void *registers);

/*
 * Starts the timer of this processor: a TRAP_TIMER every APIC_TICK_MS. Returns the APIC id, by which others send to it.
 */
uint32_t apic_start(void);

/*
 * Holds the timer of this processor, and lets it go on with what was left until its next tick. What comes between does
 * not count: no tick is due early. Before apic_start() nothing happens.
 */
struct apic_timer {
        uint32_t mode, left;
};
struct apic_timer apic_hold_timer(void);
void apic_release_timer(struct apic_timer timer);

/* To be called at each TRAP_TIMER: the one after a timer was released comes after a whole period again. */
void apic_renew_timer(void);

/* To be called for each interrupt but the spurious one. */
void apic_end_of_interrupt(void);

/*
 * Sends an interrupt to the processor with an APIC id. The message is a vector; or APIC_NMI; or, to start a processor,
 * first APIC_RESET, then APIC_START plus the number of a page below 1 MiB, at whose first byte it begins.
 */
enum { APIC_NMI = 4 << 8, APIC_RESET = 5 << 8, APIC_START = 6 << 8 };
void apic_send(uint32_t to, uint32_t message);

/* Sends TRAP_WAKE to an idle processor, so that it looks for a thread to run. */
void cpu_wake(unsigned cpu);
