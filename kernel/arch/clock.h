/* The clock: the processor's time stamp counter. */
#pragma once

#include <stdint.h>

/* The ticks since the machine was started. O(1). */
static inline uint64_t clock_ticks(void)
{
        uint32_t low, high;
        __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
        return (uint64_t)high << 32 | low;
}

/*
 * Measures by how much the result of `read` grows in a second: clock_measure(clock_ticks) is the frequency of the clock.
 * It takes about a millisecond, by the interval timer, whose frequency is known. On a machine without that timer the
 * result is always 1,000,000,000.
 */
uint64_t clock_measure(uint64_t (*read)(void));
