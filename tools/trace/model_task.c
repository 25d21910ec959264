#include "model_internal.h"

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

/* Keyframes show no tasks. A task that was created by a missing event is known from the first event that names it. */
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

static struct error apply_loaded(struct model *model, const struct event *event)
{
        struct model_task *task;
        char *name = strdup(event->text ? event->text : "");
        struct error error = name ? need_task(model, VALUE(event, task_loaded, task), &task) : fail_no_memory();

        if (error.code) {
                free(name);
                return error;
        }
        free((char *)(uintptr_t)task->name);
        task->name = name;
        task->space = VALUE(event, task_loaded, space);
        return SUCCESS;
}

static struct error apply_switched(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, task_switched, task);
        struct model_task *task = NULL, *before;

        if (event->cpu >= MODEL_CPUS_MAX)
                return REJECT(model, "there is no cpu %u", event->cpu);
        if (id)
                TRY(need_task(model, id, &task));
        before = model->cpu[event->cpu].running;
        if (before && before->cpu == event->cpu)
                before->running = false;
        model->cpu[event->cpu].running = task;
        if (task) {
                task->running = true;
                task->cpu = event->cpu;
        }
        return SUCCESS;
}

static struct error apply_woken(struct model *model, const struct event *event)
{
        struct model_task *task;

        TRY(need_task(model, VALUE(event, task_woken, task), &task));
        task->woken = VALUE(event, task_woken, turn);
        return SUCCESS;
}

static struct error apply_exited(struct model *model, const struct event *event)
{
        struct model_task *task;

        TRY(need_task(model, VALUE(event, task_exited, task), &task));
        task->exited = true;
        task->in_call = false;
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
