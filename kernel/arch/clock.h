/*
 * The clock: the processor's time stamp counter.
 */
#pragma once

#include <stdint.h>

static inline uint64_t clock_ticks(void)
{
        uint32_t low, high;

        __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
        return (uint64_t)high << 32 | low;
}

/*
 * How fast it ticks, measured afresh in about a millisecond against the interval timer, whose frequency is known.
 * A machine without that timer is taken to tick 1,000,000,000 times a second.
 */
uint64_t clock_ticks_per_second(void);
