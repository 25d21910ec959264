#include "base/format.h"
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>
#include <stdio.h>

/* Who is at work in a space: the script that is run on it, the task that runs, or else the kernel in its name. */
static uint64_t worker_in(struct timeline *timeline, unsigned cpu, uint64_t space)
{
        const struct shown_task *task = timeline->cpu[cpu].running;

        if (timeline->script_space && timeline->script_space == space)
                return timeline_track(timeline, TRACK_SCRIPT, space);
        if (task && !task->name && !task->exited)
                return timeline_track(timeline, TRACK_TASK, task->id);
        return timeline_track(timeline, TRACK_OPERATIONS, space);
}

/* --- tests and scripts ------------------------------------------------------------------------------------ */

static const char *text_or(const struct event *event, const char *otherwise)
{
        return event->text && *event->text ? event->text : otherwise;
}

static void end_with_verdict(struct timeline *timeline, uint64_t track, uint64_t verdict)
{
        if (!perfetto_end(timeline->file, track, timeline->now))
                return;
        perfetto_note_text(timeline->file, "verdict", verdict_name(verdict));
        perfetto_close(timeline->file);
}

static void case_begin(struct timeline *timeline, const struct event *event)
{
        uint64_t track = timeline_track(timeline, TRACK_TESTS, 0);

        perfetto_end_all_of(timeline->file, track, timeline->now);
        perfetto_begin_composed(timeline->file, track, timeline->now, "test", text_or(event, "test case"));
        perfetto_close(timeline->file);
}

static void end_line(struct timeline *timeline)
{
        uint64_t track = timeline_uuid(TRACK_SCRIPT, timeline->script_space);

        if (timeline->line_open && perfetto_end(timeline->file, track, timeline->now))
                perfetto_close(timeline->file);
        timeline->line_open = false;
}

static void script_begin(struct timeline *timeline, const struct event *event)
{
        uint64_t space = VALUE(event, script_begin, space), track = timeline_track(timeline, TRACK_SCRIPT, space);

        perfetto_end_all_of(timeline->file, timeline_uuid(TRACK_SCRIPT, timeline->script_space), timeline->now);
        timeline->script_space = space;
        timeline->line_open = false;
        perfetto_begin_composed(timeline->file, track, timeline->now, "test", text_or(event, "script"));
        perfetto_close(timeline->file);
}

static void script_line(struct timeline *timeline, const struct event *event)
{
        uint64_t track = timeline_track(timeline, TRACK_SCRIPT, timeline->script_space);

        end_line(timeline);
        timeline->line_open = true;
        perfetto_begin_composed(timeline->file, track, timeline->now, "test",
                                format_numbered("line", VALUE(event, script_line, line)));
        perfetto_close(timeline->file);
}

static void script_mismatch(struct timeline *timeline, const struct event *event)
{
        struct perfetto_file *file = timeline->file;

        perfetto_instant(file, timeline_track(timeline, TRACK_SCRIPT, timeline->script_space), timeline->now,
                         "test", "mismatch");
        perfetto_note_number(file, "line", VALUE(event, script_mismatch, line));
        perfetto_note_text(file, "result", error_code_name(VALUE(event, script_mismatch, result)));
        perfetto_note_address(file, "address", VALUE(event, script_mismatch, address));
        perfetto_note_text(file, "expected_result",
                           error_code_name(VALUE(event, script_mismatch, expected_result)));
        perfetto_note_address(file, "expected_address", VALUE(event, script_mismatch, expected_address));
        perfetto_close(file);
}

static void script_end(struct timeline *timeline, const struct event *event)
{
        uint64_t track = timeline_uuid(TRACK_SCRIPT, timeline->script_space);

        end_line(timeline);
        end_with_verdict(timeline, track, VALUE(event, script_end, verdict));
        timeline->script_space = 0;
}

/* --- spaces ----------------------------------------------------------------------------------------------- */

static void space_begin(struct timeline *timeline, const struct event *event)
{
        struct perfetto_file *file = timeline->file;
        uint64_t space = VALUE(event, space_begin, space), track = worker_in(timeline, event->cpu, space);

        /* If there is no memory for it, the operation is not ended where it should be, but at the end of all. */
        error_ignore(id_map_put(&timeline->working_on, space, id_as_pointer(track)));
        perfetto_begin(file, track, timeline->now, "space",
                       space_operation_name(VALUE(event, space_begin, kind)));
        perfetto_note_number(file, "operation", VALUE(event, space_begin, operation));
        perfetto_note_address(file, "base", VALUE(event, space_begin, base));
        perfetto_note_number(file, "size", VALUE(event, space_begin, size));
        perfetto_note_text(file, "protection", format_protection(VALUE(event, space_begin, protection)));
        perfetto_note_number(file, "space", space);
        perfetto_close(file);
}

static void space_end(struct timeline *timeline, const struct event *event)
{
        uint64_t space = VALUE(event, space_end, space);
        uint64_t track = pointer_as_id(id_map_get(&timeline->working_on, space));

        id_map_remove(&timeline->working_on, space);
        if (!perfetto_end(timeline->file, track, timeline->now))
                return;
        perfetto_note_text(timeline->file, "result", error_code_name(VALUE(event, space_end, result)));
        perfetto_note_address(timeline->file, "result_base", VALUE(event, space_end, base));
        perfetto_close(timeline->file);
}

static void page_fault(struct timeline *timeline, const struct event *event)
{
        struct perfetto_file *file = timeline->file;
        uint64_t id = VALUE(event, page_fault, region), space = VALUE(event, page_fault, space);
        const struct model_region *region = model_region(timeline->model, id);
        char name[64];

        snprintf(name, sizeof name, "page fault: %s", fault_verdict_name(VALUE(event, page_fault, verdict)));
        perfetto_instant_composed(file, worker_in(timeline, event->cpu, space), timeline->now, "space", name);
        perfetto_note_address(file, "address", VALUE(event, page_fault, address));
        perfetto_note_text(file, "access", access_name(VALUE(event, page_fault, access)));
        perfetto_note_text(file, "verdict", fault_verdict_name(VALUE(event, page_fault, verdict)));
        perfetto_note_text(file, "region", id ? timeline_name(region ? region->name : NULL, "region", id) : "none");
        perfetto_note_address(file, "frame", VALUE(event, page_fault, frame));
        perfetto_close(file);
}

static void tlb_shootdown(struct timeline *timeline, const struct event *event)
{
        struct perfetto_file *file = timeline->file;
        uint64_t space = VALUE(event, tlb_shootdown, space);

        perfetto_instant(file, worker_in(timeline, event->cpu, space), timeline->now, "space", "TLB shootdown");
        perfetto_note_number(file, "space", space);
        perfetto_note_address(file, "base", VALUE(event, tlb_shootdown, base));
        perfetto_note_number(file, "size", VALUE(event, tlb_shootdown, size));
        perfetto_note_number(file, "told", VALUE(event, tlb_shootdown, told));
        perfetto_close(file);
}

/* --- events ----------------------------------------------------------------------------------------------- */

void timeline_work_event(struct timeline *timeline, const struct event *event)
{
        switch (event->type) {
        case EVENT_case_begin:
                case_begin(timeline, event);
                break;
        case EVENT_case_end:
                end_with_verdict(timeline, timeline_uuid(TRACK_TESTS, 0), VALUE(event, case_end, verdict));
                break;
        case EVENT_script_begin:
                script_begin(timeline, event);
                break;
        case EVENT_script_line:
                script_line(timeline, event);
                break;
        case EVENT_script_mismatch:
                script_mismatch(timeline, event);
                break;
        case EVENT_script_end:
                script_end(timeline, event);
                break;
        case EVENT_space_destroyed:
                timeline_space_destroyed(timeline, VALUE(event, space_destroyed, space));
                break;
        case EVENT_space_begin:
                space_begin(timeline, event);
                break;
        case EVENT_space_end:
                space_end(timeline, event);
                break;
        case EVENT_page_fault:
                page_fault(timeline, event);
                break;
        case EVENT_tlb_shootdown:
                tlb_shootdown(timeline, event);
                break;
        default:
                break;
        }
}
