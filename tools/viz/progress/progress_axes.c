#include "base/error_message.h"
#include "base/format.h"
#include "model/model.h"
#include "progress/progress_internal.h"
#include "stream/reader.h"

#include <stdlib.h>

/* A system call of a thread, and what the thread did after it until its next call. */
struct call {
        uint64_t task, process, first, last;
};

/* What the recording has: how many events on each cpu, and the calls that are windows. */
struct survey {
        const struct progress *progress;
        struct model *model;
        uint64_t events[MODEL_CPUS_MAX];
        size_t calls, room;
        struct call *call;
};

static struct error add_call(struct survey *survey, const struct event *event)
{
        uint64_t id = event->field[EVENT_FIELD(system_call_begin, task)];
        const struct model_task *task = model_task(survey->model, id);

        if (survey->calls == survey->room) {
                size_t room = survey->room ? 2 * survey->room : 64;
                struct call *grown = reallocarray(survey->call, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                survey->call = grown;
                survey->room = room;
        }
        survey->call[survey->calls++] = (struct call){ id, task ? task->process : 0, event->number, UINT64_MAX };
        return SUCCESS;
}

/* The newest call of a task ends where its next one begins, or with the task. */
static void end_call(struct survey *survey, uint64_t task, uint64_t event)
{
        for (size_t i = survey->calls; i-- > 0;)
                if (survey->call[i].task == task) {
                        if (survey->call[i].last == UINT64_MAX)
                                survey->call[i].last = event;
                        return;
                }
}

static struct error look_at(struct survey *survey, const struct event *event)
{
        if (error_is(model_apply(survey->model, event), ERROR_NO_MEMORY))
                return fail_no_memory();
        if (event->cpu < MODEL_CPUS_MAX)
                survey->events[event->cpu]++;
        if (event->type == EVENT_system_call_begin || event->type == EVENT_task_exited)
                end_call(survey, event->field[0], event->number);
        if (event->type == EVENT_system_call_begin && survey->progress->request.window != WINDOW_OF_TREES &&
            event->field[EVENT_FIELD(system_call_begin, call)] == (uint64_t)survey->progress->request.window)
                return add_call(survey, event);
        return SUCCESS;
}

static struct error read_all(struct survey *survey)
{
        struct reader *reader;
        struct event event;
        struct error error = SUCCESS;

        TRY(reader_open(survey->progress->request.path, &reader));
        while (!error.code && reader_next(reader, &event))
                error = look_at(survey, &event);
        if (!error.code && reader_failed(reader))
                error = FAIL(IO);
        reader_close(reader);
        return error;
}

/* The two cpus with the most events, the lower number first. */
static struct error choose_cpus(struct progress *progress, const struct survey *survey)
{
        unsigned busiest = 0, second = 1;

        if (survey->events[second] > survey->events[busiest]) {
                busiest = 1;
                second = 0;
        }
        for (unsigned cpu = 2; cpu < MODEL_CPUS_MAX; cpu++) {
                if (survey->events[cpu] > survey->events[busiest]) {
                        second = busiest;
                        busiest = cpu;
                } else if (survey->events[cpu] > survey->events[second]) {
                        second = cpu;
                }
        }
        if (!survey->events[second])
                return FAILF(NOT_FOUND, "%s: only one cpu has events, so there is no progress of another: record with "
                             "--cpus 2, or name two threads, as in --axes task:3,task:4", progress->request.path);
        progress->request.axis[0] = (struct progress_axis){ AXIS_CPU, busiest < second ? busiest : second };
        progress->request.axis[1] = (struct progress_axis){ AXIS_CPU, busiest < second ? second : busiest };
        return SUCCESS;
}

/* Two threads of a process whose calls overlap; if none do, two that make such calls. */
static struct error choose_tasks(struct progress *progress, const struct survey *survey)
{
        const struct call *chosen[2] = { NULL, NULL };
        bool overlap = false;

        for (size_t i = 0; i < survey->calls && !overlap; i++)
                for (size_t j = 0; j < i && !overlap; j++) {
                        const struct call *a = &survey->call[j], *b = &survey->call[i];

                        if (a->process != b->process || a->task == b->task)
                                continue;
                        overlap = b->first < a->last;
                        if (!overlap && chosen[0])
                                continue;
                        chosen[0] = a;
                        chosen[1] = b;
                }
        if (!chosen[0])
                return FAILF(NOT_FOUND, "%s: no two threads of a process make this system call", progress->request.path);
        for (int axis = 0; axis < 2; axis++)
                progress->request.axis[axis] = (struct progress_axis){ AXIS_TASK, chosen[axis]->task };
        return SUCCESS;
}

static void name_axes(struct progress *progress, const struct survey *survey)
{
        for (int axis = 0; axis < 2; axis++) {
                const struct progress_axis *it = &progress->request.axis[axis];
                const struct model_task *task = it->kind == AXIS_TASK ? model_task(survey->model, it->id) : NULL;

                snprintf(progress->name[axis], PROGRESS_NAME_SIZE, "%s %s%s%s%s", it->kind == AXIS_CPU ? "cpu" : "task",
                         format_count(it->id), task && task->name ? " (" : "", task && task->name ? task->name : "",
                         task && task->name ? ")" : "");
        }
}

struct error progress_choose_axes(struct progress *progress)
{
        struct survey survey = { .progress = progress };
        struct error error;

        TRY(model_create(&survey.model));
        error = read_all(&survey);
        if (!error.code && progress->request.axis[0].kind == AXIS_UNSAID)
                error = progress->request.window == WINDOW_OF_TREES ? choose_cpus(progress, &survey) :
                                                                      choose_tasks(progress, &survey);
        if (!error.code)
                name_axes(progress, &survey);
        model_destroy(survey.model);
        free(survey.call);
        return error;
}
