/* The clock: the processor's time stamp counter. */
#pragma once

#include <stdint.h>

static inline uint64_t clock_ticks(void)
{
        uint32_t low, high;
        __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
        return (uint64_t)high << 32 | low;
}

/*
 * How much what `read` yields grows in a second, measured in about a millisecond against the interval timer, whose
 * frequency is known: clock_measure(clock_ticks) is how fast the clock ticks. On a machine without that timer anything
 * is taken to grow by 1,000,000,000 a second.
 */
uint64_t clock_measure(uint64_t (*read)(void));
