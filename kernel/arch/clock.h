/* The clock: the processor's time stamp counter. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * The processor's counter: the ticks since the machine was started, paused or not. O(1), as all here but
 * clock_measure().
 */
static inline uint64_t clock_counter(void)
{
        uint32_t low, high;
        __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
        return (uint64_t)high << 32 | low;
}

/* For the functions below. */
extern struct clock {
        bool is_stopped;
        uint64_t stopped_at;                    /* the time meanwhile */
        uint64_t behind;                        /* how many ticks were left out so far */
} clock_state;

/* The time: the ticks since the machine was started, but for those in which the clock was stopped. */
static inline uint64_t clock_ticks(void)
{
        if (__atomic_load_n(&clock_state.is_stopped, __ATOMIC_ACQUIRE))
                return __atomic_load_n(&clock_state.stopped_at, __ATOMIC_RELAXED);
        return clock_counter() - clock_state.behind;
}

/*
 * The time of the next event. While the clock is stopped, each call takes it one tick further, for all processors: so
 * events that are emitted in single steps keep their order.
 */
static inline uint64_t clock_next(void)
{
        if (__atomic_load_n(&clock_state.is_stopped, __ATOMIC_ACQUIRE))
                return __atomic_add_fetch(&clock_state.stopped_at, 1, __ATOMIC_RELAXED);
        return clock_ticks();
}

/*
 * Stops the clock, or lets it go on from where it is. Nothing happens if it is so already. One processor at a time may
 * call these; no other may read the clock while it is being stopped.
 */
void clock_stop(void);
void clock_go_on(void);

/*
 * Measures by how much the result of `read` grows in a second: clock_measure(clock_counter) is the frequency of the
 * clock. It takes about a millisecond, by the interval timer, whose frequency is known. On a machine without that timer
 * the result is always 1,000,000,000. For the clock itself, measure clock_counter(), which no pause stops.
 */
uint64_t clock_measure(uint64_t (*read)(void));
