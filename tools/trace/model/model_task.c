#include "model/model_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct error model_add_task(struct model *model, uint64_t id, const char *name, struct model_task **out)
{
        struct model_task **grown = model_grow(model->task, model->task_count, sizeof *grown);
        struct model_task *task;

        if (!grown)
                return fail_no_memory();
        model->task = grown;
        task = calloc(1, sizeof *task);
        if (!task)
                return fail_no_memory();
        task->id = id;
        task->name = model_copy_name(model, name);
        if (!task->name || id_map_put(&model->tasks, id, task).code) {
                model_free_task(task);
                return fail_no_memory();
        }
        grown[model->task_count++] = task;
        *out = task;
        return SUCCESS;
}

void model_free_task(struct model_task *task)
{
        free((char *)(uintptr_t)task->name);
        free(task);
}

/* A task that was created by a missing event is known from the first event that names it. */
static struct error need_task(struct model *model, uint64_t id, struct model_task **out)
{
        *out = model_task(model, id);
        if (*out)
                return SUCCESS;
        if (!id || !model->has_lost)
                return REJECT(model, "there is no task %" PRIu64, id);
        return model_add_task(model, id, "", out);
}

static struct error apply_created(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, task_created, task);
        struct model_task *task;

        if (!id || model_task(model, id))
                return REJECT(model, "task %" PRIu64 " is created, but %s", id,
                              id ? "there is one already" : "0 means none");
        TRY(model_add_task(model, id, event->text, &task));
        task->process = VALUE(event, task_created, process);
        task->space = VALUE(event, task_created, space);
        return SUCCESS;
}

static struct error set_name(struct model *model, struct model_task *task, const char *name)
{
        char *copy = model_copy_name(model, name ? name : "");

        if (!copy)
                return fail_no_memory();
        model_forget_name(model, task->name);
        free((char *)(uintptr_t)task->name);
        task->name = copy;
        return SUCCESS;
}

static struct error apply_loaded(struct model *model, const struct event *event)
{
        struct model_task *task;

        TRY(need_task(model, VALUE(event, task_loaded, task), &task));
        TRY(set_name(model, task, event->text));
        task->space = VALUE(event, task_loaded, space);
        return SUCCESS;
}

/* From now on a cpu runs this task (0: none). */
static struct error run(struct model *model, uint64_t cpu, uint64_t id)
{
        struct model_task *task = NULL, *before;

        if (cpu >= MODEL_CPUS_MAX)
                return REJECT(model, "there is no cpu %" PRIu64, cpu);
        if (id)
                TRY(need_task(model, id, &task));
        before = model->cpu[cpu].running;
        if (before && before->cpu == cpu)
                before->running = false;
        model->cpu[cpu].running = task;
        if (task) {
                task->running = true;
                task->cpu = (unsigned)cpu;
        }
        return SUCCESS;
}

static struct error apply_switched(struct model *model, const struct event *event)
{
        model_space_moves(model, event->cpu);
        return run(model, event->cpu, VALUE(event, task_switched, task));
}

static struct error apply_woken(struct model *model, const struct event *event)
{
        struct model_task *task;

        TRY(need_task(model, VALUE(event, task_woken, task), &task));
        task->woken = VALUE(event, task_woken, turn);
        return SUCCESS;
}

static void exit_task(struct model_task *task)
{
        task->exited = true;
        task->in_call = false;
}

static struct error apply_exited(struct model *model, const struct event *event)
{
        struct model_task *task;

        TRY(need_task(model, VALUE(event, task_exited, task), &task));
        exit_task(task);
        task->status = VALUE(event, task_exited, status);
        return SUCCESS;
}

static struct error apply_call_begin(struct model *model, const struct event *event)
{
        struct model_task *task;

        TRY(need_task(model, VALUE(event, system_call_begin, task), &task));
        task->in_call = true;
        task->call = (enum system_call)VALUE(event, system_call_begin, call);
        return SUCCESS;
}

static struct error apply_call_end(struct model *model, const struct event *event)
{
        struct model_task *task;

        TRY(need_task(model, VALUE(event, system_call_end, task), &task));
        task->in_call = false;
        return SUCCESS;
}

/* --- as a keyframe shows them ----------------------------------------------------------------------------- */

/* A task that is known keeps what the events have said, since it may be in the middle of something on another cpu. */
static struct error apply_shown(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, keyframe_task, task);
        struct model_task *task = model_task(model, id);
        const bool is_new = !task;

        if (!id)
                return REJECT(model, "the keyframe shows a task with number 0, which means none");
        if (is_new)
                TRY(model_add_task(model, id, event->text, &task));
        task->is_shown = true;
        if (!is_new && !model->unknown_since)
                return SUCCESS;
        if (!is_new)
                TRY(set_name(model, task, event->text));
        task->process = VALUE(event, keyframe_task, process);
        task->space = VALUE(event, keyframe_task, space);
        task->woken = VALUE(event, keyframe_task, turn);
        task->in_call = false;
        return SUCCESS;
}

static struct error apply_shown_call(struct model *model, const struct event *event)
{
        struct model_task *task = model_task(model, VALUE(event, keyframe_call, task));

        if (!task)
                return REJECT(model, "the keyframe shows a call of task %" PRIu64 ", which it has not shown",
                              VALUE(event, keyframe_call, task));
        if (model->unknown_since) {
                task->in_call = true;
                task->call = (enum system_call)VALUE(event, keyframe_call, call);
        }
        return SUCCESS;
}

/* All tasks have been shown as they are at one moment. One that was not shown has exited, if events are missing. */
static void end_shown_tasks(struct model *model)
{
        for (size_t i = 0; i < model->task_count; i++) {
                if (model->unknown_since && !model->task[i]->is_shown)
                        exit_task(model->task[i]);
                model->task[i]->is_shown = false;
        }
}

/* The first cpu comes just behind the last task. */
static struct error apply_shown_cpu(struct model *model, const struct event *event)
{
        const uint64_t cpu = VALUE(event, keyframe_cpu, cpu);

        if (!cpu)
                end_shown_tasks(model);
        return model->unknown_since ? run(model, cpu, VALUE(event, keyframe_cpu, task)) : SUCCESS;
}

struct error model_apply_shown_task(struct model *model, const struct event *event)
{
        switch (event->type) {
        case EVENT_keyframe_task:
                return apply_shown(model, event);
        case EVENT_keyframe_call:
                return apply_shown_call(model, event);
        default:
                return apply_shown_cpu(model, event);
        }
}

struct error model_apply_task_event(struct model *model, const struct event *event)
{
        switch (event->type) {
        case EVENT_task_created:
                return apply_created(model, event);
        case EVENT_task_loaded:
                return apply_loaded(model, event);
        case EVENT_task_switched:
                return apply_switched(model, event);
        case EVENT_task_woken:
                return apply_woken(model, event);
        case EVENT_task_exited:
                return apply_exited(model, event);
        case EVENT_system_call_begin:
                return apply_call_begin(model, event);
        case EVENT_system_call_end:
                return apply_call_end(model, event);
        default:
                return SUCCESS;
        }
}
