#include "arch/traps.h"
#include "base/format.h"
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/event_table.h"

/* --- interrupts ------------------------------------------------------------------------------------------- */

/* "timer"; what this build's kernel does not have goes by its number. */
static const char *name_of_interrupt(uint64_t vector)
{
        switch (vector) {
        case TRAP_TIMER:
                return "timer";
        case TRAP_WAKE:
                return "wake-up";
        case TRAP_CALL:
                return "call";
        case TRAP_SHOOTDOWN:
                return "TLB shootdown";
        default:
                return format_numbered("interrupt", vector);
        }
}

static void interrupt_begin(struct timeline *timeline, const struct event *event)
{
        uint64_t track = timeline_track(timeline, TRACK_INTERRUPTS, event->cpu);

        perfetto_end_all_of(timeline->file, track, timeline->now);
        perfetto_begin_composed(timeline->file, track, timeline->now, "task",
                                name_of_interrupt(VALUE(event, interrupt_begin, vector)));
        perfetto_note_number(timeline->file, "vector", VALUE(event, interrupt_begin, vector));
        perfetto_close(timeline->file);
}

/* --- locks ------------------------------------------------------------------------------------------------ */

/* Locks are not always released in the reverse of the order in which they were acquired: each class has a track. */
static uint64_t track_of(const struct event *event)
{
        return event->cpu * TIMELINE_LOCK_CLASSES + VALUE(event, lock_acquired, lock) % TIMELINE_LOCK_CLASSES;
}

static void begin_lock_slice(struct timeline *timeline, const struct event *event, const char *name)
{
        uint64_t track = timeline_track(timeline, TRACK_LOCK, track_of(event));

        perfetto_begin(timeline->file, track, timeline->now, "lock", name);
        perfetto_note_address(timeline->file, "address", VALUE(event, lock_acquired, address));
}

static void end_lock_slice(struct timeline *timeline, const struct event *event)
{
        if (perfetto_end(timeline->file, timeline_uuid(TRACK_LOCK, track_of(event)), timeline->now))
                perfetto_close(timeline->file);
}

static void lock_wanted(struct timeline *timeline, const struct event *event)
{
        begin_lock_slice(timeline, event, "waited for");
        perfetto_close(timeline->file);
        timeline->waiting[event->cpu] = VALUE(event, lock_wanted, address);
}

static void lock_acquired(struct timeline *timeline, const struct event *event)
{
        if (timeline->waiting[event->cpu] == VALUE(event, lock_acquired, address))
                end_lock_slice(timeline, event);
        timeline->waiting[event->cpu] = 0;
        begin_lock_slice(timeline, event, "held");
        perfetto_note_number(timeline->file, "turn", VALUE(event, lock_acquired, turn));
        perfetto_close(timeline->file);
}

/* --- all -------------------------------------------------------------------------------------------------- */

void timeline_cpu_event(struct timeline *timeline, const struct event *event)
{
        switch (event->type) {
        case EVENT_interrupt_begin:
                interrupt_begin(timeline, event);
                break;
        case EVENT_interrupt_end:
                perfetto_end_all_of(timeline->file, timeline_uuid(TRACK_INTERRUPTS, event->cpu), timeline->now);
                break;
        case EVENT_lock_wanted:
                lock_wanted(timeline, event);
                break;
        case EVENT_lock_acquired:
                lock_acquired(timeline, event);
                break;
        case EVENT_lock_released:
                end_lock_slice(timeline, event);
                break;
        default:
                break;
        }
}
