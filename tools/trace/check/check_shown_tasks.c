#include "check/check_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Tasks, and what every processor runs, as a keyframe of a running kernel shows them. All are shown with the
 * scheduler's lock held, so they are those of the model at that moment. Only system calls begin and end without that
 * lock: a call is compared if its task does not run on another processor.
 */

static bool can_compare(const struct check *check)
{
        return check->keyframe.compared && !check->tasks_unknown && check_is_sent(check, CATEGORY_task);
}

[[gnu::format(printf, 3, 4)]]
static void differ(struct check *check, const struct event *event, const char *format, ...)
{
        char words[300];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(words, sizeof words, format, arguments);
        va_end(arguments);
        check_report(check, event->number, NULL, "changed unseen: in memory %s", words);
}

/* A process that is exiting has no space any more. */
static void compare_task(struct check *check, const struct event *event)
{
        const uint64_t id = VALUE(event, keyframe_task, task);
        const struct model_task *task = model_task(check->model, id);
        const uint64_t process = VALUE(event, keyframe_task, process), space = VALUE(event, keyframe_task, space);
        const char *name = event->text ? event->text : "";

        check->keyframe.tasks++;
        if (!can_compare(check))
                return;
        if (!task || task->exited)
                differ(check, event, "there is task %" PRIu64 ", but by the events %s", id,
                       task ? "it has exited" : "it was never created");
        else if (process != task->process || (space != task->space && !(process && !space)))
                differ(check, event, "task %" PRIu64 " is of process %" PRIu64 " and space %" PRIu64
                       ", but by the events of process %" PRIu64 " and space %" PRIu64, id, process, space,
                       task->process, task->space);
        else if (VALUE(event, keyframe_task, turn) != task->woken)
                differ(check, event, "task %" PRIu64 " was woken %" PRIu64 " times, but by the events %" PRIu64, id,
                       VALUE(event, keyframe_task, turn), task->woken);
        else if (strcmp(name, task->name) != 0)
                differ(check, event, "task %" PRIu64 " is called \"%s\", but by the events \"%s\"", id, name,
                       task->name);
}

static void compare_call(struct check *check, const struct event *event)
{
        const struct model_task *task = model_task(check->model, VALUE(event, keyframe_call, task));
        const uint64_t call = VALUE(event, keyframe_call, call);

        if (can_compare(check) && task && task->in_call && task->call != call &&
            !(task->running && task->cpu != event->cpu))
                differ(check, event, "task %" PRIu64 " is in the system call %s, but by the events in %s", task->id,
                       system_call_name(call), system_call_name(task->call));
}

/* The first processor comes just behind the last task. */
static void count_tasks(struct check *check, const struct event *event)
{
        const struct model_task *task;
        uint64_t living = 0;

        for (size_t i = 0; (task = model_task_at(check->model, i)); i++)
                living += !task->exited;
        if (living != check->keyframe.tasks)
                differ(check, event, "there are %s, but by the events %s",
                       format_counted(check->keyframe.tasks, "task"), format_count(living));
}

static void compare_cpu(struct check *check, const struct event *event)
{
        const uint64_t cpu = VALUE(event, keyframe_cpu, cpu), shown = VALUE(event, keyframe_cpu, task);
        const struct model_task *task = model_running(check->model, (unsigned)(cpu < CPUS_MAX ? cpu : CPUS_MAX));

        check->keyframe.shows_cpus = true;
        if (!can_compare(check))
                return;
        if (!cpu)
                count_tasks(check, event);
        if (shown != (task ? task->id : 0))
                differ(check, event, "cpu %" PRIu64 " runs task %" PRIu64 ", but by the events task %" PRIu64, cpu,
                       shown, task ? task->id : 0);
}

void check_shown_task(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_keyframe_task:
                compare_task(check, event);
                break;
        case EVENT_keyframe_call:
                compare_call(check, event);
                break;
        default:
                compare_cpu(check, event);
                break;
        }
}

void check_tasks_shown(struct check *check)
{
        if (check->keyframe.shows_cpus && check_is_sent(check, CATEGORY_task) &&
            model_categories(check->model) >> CATEGORY_task & 1)
                check->tasks_unknown = false;
}
