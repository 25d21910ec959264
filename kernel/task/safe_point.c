#include "task/safe_point.h"
#include "arch/this_cpu.h"
#include "mm/keyframe.h"
#include "task/process.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"

void safe_point(enum safe_point_keyframe wanted)
{
        enum { EVENTS_BETWEEN = 10000, EVENTS_A_REGION = 32 };
        static uint64_t next = EVENTS_BETWEEN;
        static bool is_sending;                 /* one processor at a time */

        trace_send_header_if_requested();
        if (gate_is_closed(this_cpu_index()) || !trace_has_room())
                return;
        if (__atomic_test_and_set(&is_sending, __ATOMIC_ACQUIRE))
                return;
        if (gate_take_request(COMMAND_KEYFRAME) || (wanted == KEYFRAME_IF_DUE && trace_event_total() >= next)) {
                trace_show_categories();
                const uint64_t regions = keyframe_send_running(processes_show);
                next = trace_event_total() + EVENTS_BETWEEN + EVENTS_A_REGION * regions;
        }
        __atomic_clear(&is_sending, __ATOMIC_RELEASE);
}
