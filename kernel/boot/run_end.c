#include "boot/run_end.h"
#include "arch/clock.h"
#include "arch/machine_exit.h"
#include "arch/uart.h"
#include "boot/smp.h"
#include "lib/printf.h"
#include "mm/keyframe.h"
#include "trace/kernel_trace.h"

static uint64_t limit = UINT64_MAX;             /* ticks */

void run_end(enum verdict verdict)
{
        smp_stop_others();
        trace_flush();          /* so that a reader has all that the keyframe shows before it arrives */
        keyframe_send();
        trace_finish(verdict);
        uart_drain(UART_CONSOLE);
        machine_exit(verdict);
}

void run_limit(uint64_t seconds)
{
        uint64_t ticks;
        if (__builtin_mul_overflow(seconds, clock_measure(clock_counter), &ticks) ||
            __builtin_add_overflow(clock_ticks(), ticks, &limit))
                limit = UINT64_MAX;
}

void run_end_if_late(void)
{
        if (clock_ticks() < limit)
                return;
        kprintf("The run's time is over (time-limit=)\n");
        run_end(VERDICT_TIMED_OUT);
}
