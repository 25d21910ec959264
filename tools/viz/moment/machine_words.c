#include "moment/machine_words.h"
#include "base/format.h"
#include "draw/text.h"
#include "draw/units.h"
#include "stream/event_table.h"

#define FIELD(type, name) event->field[EVENT_FIELD(type, name)]
#define ADD(...) text_append(out, size, __VA_ARGS__)

static const char *text_of(const struct event *event)
{
        return event->text ? event->text : "";
}

static const char *range_of(uint64_t base, uint64_t bytes)
{
        return units_range((struct vrange){ base, base + bytes });
}

/* "task 3 sh"; the name as it is at the moment that is shown. */
static void add_task(char *out, size_t size, const struct model *model, uint64_t id)
{
        const struct model_task *task = model_task(model, id);

        ADD("task %s%s%s", format_count(id), task && task->name && *task->name ? " " : "",
            task && task->name ? task->name : "");
}

static bool memory_words(char *out, size_t size, const struct event *event)
{
        switch (event->type) {
        case EVENT_frame_allocated:
                ADD("allocates frame %s for %s", units_address(FIELD(frame_allocated, frame)),
                    purpose_name(FIELD(frame_allocated, purpose)));
                return true;
        case EVENT_frame_freed:
                ADD("frees frame %s", units_address(FIELD(frame_freed, frame)));
                return true;
        case EVENT_kmalloc_allocated:
                ADD("allocates %s at %s for %s", format_bytes(FIELD(kmalloc_allocated, size)),
                    units_address(FIELD(kmalloc_allocated, block)), purpose_name(FIELD(kmalloc_allocated, purpose)));
                return true;
        case EVENT_kmalloc_freed:
                ADD("frees the block at %s", units_address(FIELD(kmalloc_freed, block)));
                return true;
        default:
                return false;
        }
}

static bool space_words(char *out, size_t size, const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_destroyed:
                ADD("tree %s destroyed", format_count(FIELD(tree_destroyed, tree)));
                return true;
        case EVENT_space_destroyed:
                ADD("space %s destroyed", format_count(FIELD(space_destroyed, space)));
                return true;
        case EVENT_space_cloned:
                ADD("space %s is a copy of space %s", format_count(FIELD(space_cloned, space)),
                    format_count(FIELD(space_cloned, parent)));
                return true;
        case EVENT_tlb_shootdown:
                ADD("TLB shootdown of %s on %s",
                    range_of(FIELD(tlb_shootdown, base), FIELD(tlb_shootdown, size)),
                    format_counted(FIELD(tlb_shootdown, told), "other cpu"));
                return true;
        default:
                return false;
        }
}

/* A task begins, runs, waits, ends. */
static bool task_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        switch (event->type) {
        case EVENT_task_created:
                ADD("creates task %s %s", format_count(FIELD(task_created, task)), text_of(event));
                return true;
        case EVENT_task_loaded:
                ADD("task %s runs %s from now on, in space %s", format_count(FIELD(task_loaded, task)), text_of(event),
                    format_count(FIELD(task_loaded, space)));
                return true;
        case EVENT_task_switched:
                if (!FIELD(task_switched, task)) {
                        ADD("is idle from now on");
                        return true;
                }
                ADD("runs ");
                add_task(out, size, model, FIELD(task_switched, task));
                ADD(" from now on");
                return true;
        case EVENT_task_woken:
                ADD("wakes ");
                add_task(out, size, model, FIELD(task_woken, task));
                return true;
        case EVENT_task_exited:
                add_task(out, size, model, FIELD(task_exited, task));
                ADD(" exits with %s", format_count(FIELD(task_exited, status)));
                return true;
        case EVENT_memory_out:
                ADD("no frame is free: process %s, with %s, is killed", format_count(FIELD(memory_out, process)),
                    format_pages(FIELD(memory_out, pages)));
                return true;
        default:
                return false;
        }
}

/* The kernel is entered and left. */
static bool entry_words(char *out, size_t size, const struct event *event)
{
        switch (event->type) {
        case EVENT_system_call_begin:
                ADD("system call %s(%s, %s, %s) by task %s", system_call_name(FIELD(system_call_begin, call)),
                    units_address(FIELD(system_call_begin, first)), format_count(FIELD(system_call_begin, second)),
                    format_count(FIELD(system_call_begin, third)), format_count(FIELD(system_call_begin, task)));
                return true;
        case EVENT_system_call_end:
                ADD("system call %s of task %s ends: ", system_call_name(FIELD(system_call_end, call)),
                    format_count(FIELD(system_call_end, task)));
                if (FIELD(system_call_end, result))
                        ADD("%s", error_code_name(FIELD(system_call_end, result)));
                else
                        ADD("%s", units_address(FIELD(system_call_end, value)));
                return true;
        case EVENT_interrupt_begin:
                ADD("interrupt %s", format_count(FIELD(interrupt_begin, vector)));
                return true;
        case EVENT_interrupt_end:
                ADD("interrupt %s ends", format_count(FIELD(interrupt_end, vector)));
                return true;
        default:
                return false;
        }
}

static bool lock_words(char *out, size_t size, const struct event *event)
{
        switch (event->type) {
        case EVENT_lock_wanted:
                ADD("waits for the lock %s %s", lock_class_name(FIELD(lock_wanted, lock)),
                    units_address(FIELD(lock_wanted, address)));
                return true;
        case EVENT_lock_acquired:
                ADD("takes the lock %s %s", lock_class_name(FIELD(lock_acquired, lock)),
                    units_address(FIELD(lock_acquired, address)));
                return true;
        case EVENT_lock_released:
                ADD("releases the lock %s %s", lock_class_name(FIELD(lock_released, lock)),
                    units_address(FIELD(lock_released, address)));
                return true;
        case EVENT_lock_order_violated:
                ADD("wants the lock %s with %s held: the wrong order", lock_class_name(FIELD(lock_order_violated, wanted)),
                    lock_class_name(FIELD(lock_order_violated, held)));
                return true;
        default:
                return false;
        }
}

static bool test_words(char *out, size_t size, const struct event *event)
{
        switch (event->type) {
        case EVENT_case_begin:
                ADD("test case %s", text_of(event));
                return true;
        case EVENT_case_end:
                ADD("test case %s: %s", text_of(event), verdict_name(FIELD(case_end, verdict)));
                return true;
        case EVENT_script_mismatch:
                ADD("line %s: %s", format_count(FIELD(script_mismatch, line)),
                    error_code_name(FIELD(script_mismatch, result)));
                if (!FIELD(script_mismatch, result))
                        ADD(" at %s", units_address(FIELD(script_mismatch, address)));
                ADD(", expected %s", error_code_name(FIELD(script_mismatch, expected_result)));
                if (!FIELD(script_mismatch, expected_result))
                        ADD(" at %s", units_address(FIELD(script_mismatch, expected_address)));
                return true;
        case EVENT_script_end:
                ADD("script ends after %s: %s", format_counted(FIELD(script_end, operations), "operation"),
                    verdict_name(FIELD(script_end, verdict)));
                return true;
        case EVENT_panicked:
                ADD("panic: %s", text_of(event));
                return true;
        case EVENT_end:
                ADD("the run ends: %s", verdict_name(FIELD(end, verdict)));
                return true;
        default:
                return false;
        }
}

static bool stream_words(char *out, size_t size, const struct event *event)
{
        switch (event->type) {
        case EVENT_keyframe_begin:
                ADD("keyframe of %s begins", format_counted(FIELD(keyframe_begin, spaces), "space"));
                return true;
        case EVENT_keyframe_space:
                ADD("keyframe: space %s %s", format_count(FIELD(keyframe_space, space)), text_of(event));
                return true;
        case EVENT_keyframe_task:
                ADD("keyframe: task %s %s", format_count(FIELD(keyframe_task, task)), text_of(event));
                return true;
        case EVENT_keyframe_tree:
                ADD("keyframe: tree %s, %s", format_count(FIELD(keyframe_tree, tree)),
                    format_counted(FIELD(keyframe_tree, regions), "region"));
                return true;
        case EVENT_keyframe_node:
                ADD("keyframe: %s %s, %s", units_address(FIELD(keyframe_node, base)), text_of(event),
                    colour_name(FIELD(keyframe_node, colour)));
                return true;
        case EVENT_keyframe_tree_end:
                ADD("keyframe: tree %s is complete", format_count(FIELD(keyframe_tree_end, tree)));
                return true;
        case EVENT_clock:
                ADD("the clock runs at %s ticks a second", format_count(FIELD(clock, per_second)));
                return true;
        case EVENT_keyframe_end:
                ADD("keyframe ends");
                return true;
        default:
                return false;
        }
}

bool machine_event_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        return memory_words(out, size, event) || space_words(out, size, event) ||
               task_words(out, size, event, model) || entry_words(out, size, event) || lock_words(out, size, event) ||
               test_words(out, size, event) || stream_words(out, size, event);
}
