#include "arch/clock.h"
#include "arch/cpu.h"

struct clock clock_state;

void clock_stop(void)
{
        if (clock_state.is_stopped)
                return;
        __atomic_store_n(&clock_state.stopped_at, clock_ticks(), __ATOMIC_RELAXED);
        __atomic_store_n(&clock_state.is_stopped, true, __ATOMIC_RELEASE);
}

void clock_go_on(void)
{
        if (!clock_state.is_stopped)
                return;
        clock_state.behind = clock_counter() - clock_state.stopped_at;
        __atomic_store_n(&clock_state.is_stopped, false, __ATOMIC_RELEASE);
}

/* The 8254 interval timer. */
enum { TIMER_HZ = 1193182, TIMER_CHANNEL_2 = 0x42, TIMER_COMMAND = 0x43, SPEAKER = 0x61 };
enum { CHANNEL_2_LATCH = 0x80, CHANNEL_2_COUNT_DOWN_ONCE = 0xb0, SPEAKER_GATE = 0x01, SPEAKER_SOUND = 0x02 };
enum { MILLISECOND = TIMER_HZ / 1000, A_SECOND_UNKNOWN = 1000000000 };

/* A timer that does not count in so many readings is not there. One that is counts a millisecond in far fewer. */
enum { PATIENCE = 10000 };

/* Reading the timer is slow under emulation, so a few microseconds pass between two readings. */
static void pass_time(void)
{
        for (int i = 0; i < 2000; i++)
                __asm__ volatile("");
}

static uint16_t timer_count(void)
{
        port_write8(TIMER_COMMAND, CHANNEL_2_LATCH);
        const uint8_t low = port_read8(TIMER_CHANNEL_2);
        return low | port_read8(TIMER_CHANNEL_2) << 8;
}

uint64_t clock_measure(uint64_t (*read)(void))
{
        port_write8(SPEAKER, (port_read8(SPEAKER) & ~SPEAKER_SOUND) | SPEAKER_GATE);
        port_write8(TIMER_COMMAND, CHANNEL_2_COUNT_DOWN_ONCE);
        port_write8(TIMER_CHANNEL_2, 0xff);
        port_write8(TIMER_CHANNEL_2, 0xff);
        const uint16_t first = timer_count();
        const uint64_t before = read();
        uint16_t passed = 0;
        for (int readings = 0; passed < MILLISECOND; readings++) {
                if (readings == PATIENCE)
                        return A_SECOND_UNKNOWN;
                pass_time();
                passed = first - timer_count();
        }
        return (read() - before) * TIMER_HZ / passed;
}
