#include "format.h"
#include "known.h"
#include "perfetto_timeline_internal.h"

#include <string.h>

void timeline_forget_cpus(struct timeline *timeline)
{
        id_map_clear(&timeline->wakers);
        memset(timeline->waiting, 0, sizeof timeline->waiting);
}

/* --- tasks ------------------------------------------------------------------------------------------------ */

static const char *name_of(const struct timeline *timeline, uint64_t id)
{
        const struct model_task *task = model_task(timeline->model, id);

        return timeline_name(task ? task->name : NULL, "task", id);
}

/* An interrupt in which another task gets the cpu has led to that, and is over as far as the cpu is concerned. */
static void task_switched(struct timeline *timeline, const struct event *event)
{
        uint64_t id = VALUE(event, task_switched, task), cpu = timeline_track(timeline, TRACK_CPU, event->cpu);
        uint64_t arrow = (uintptr_t)id_map_get(&timeline->wakers, id);

        perfetto_end_all_of(timeline->file, cpu, timeline->now);
        perfetto_end_all_of(timeline->file, timeline_uuid(TRACK_INTERRUPTS, event->cpu), timeline->now);
        if (!id)
                return;
        perfetto_begin(timeline->file, cpu, timeline->now, "task", name_of(timeline, id));
        perfetto_note_number(timeline->file, "task", id);
        if (arrow)
                perfetto_flow_end(timeline->file, arrow);
        perfetto_close(timeline->file);
        id_map_remove(&timeline->wakers, id);
}

static void task_woken(struct timeline *timeline, const struct event *event)
{
        uint64_t id = VALUE(event, task_woken, task), cpu = timeline_track(timeline, TRACK_CPU, event->cpu);

        perfetto_instant(timeline->file, cpu, timeline->now, "task", "wakes");
        perfetto_note_text(timeline->file, "name", name_of(timeline, id));
        perfetto_note_number(timeline->file, "task", id);
        perfetto_note_number(timeline->file, "turn", VALUE(event, task_woken, turn));
        if (!id_map_put(&timeline->wakers, id, (void *)(uintptr_t)++timeline->arrows).code)
                perfetto_flow(timeline->file, timeline->arrows);
        perfetto_close(timeline->file);
}

/* --- interrupts ------------------------------------------------------------------------------------------- */

static void interrupt_begin(struct timeline *timeline, const struct event *event)
{
        uint64_t track = timeline_track(timeline, TRACK_INTERRUPTS, event->cpu);

        perfetto_end_all_of(timeline->file, track, timeline->now);
        perfetto_begin(timeline->file, track, timeline->now, "task",
                       format_numbered("interrupt", VALUE(event, interrupt_begin, vector)));
        perfetto_close(timeline->file);
}

/* --- locks ------------------------------------------------------------------------------------------------ */

/* Locks are not always given back in the order opposite to that in which they were taken: each class has a track. */
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
        case EVENT_task_switched:
                task_switched(timeline, event);
                break;
        case EVENT_task_woken:
                task_woken(timeline, event);
                break;
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
