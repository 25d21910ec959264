#include "import/import_tasks.h"

#include "base/error_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void import_tasks_free(struct import_tasks *tasks)
{
        free(tasks->task);
        *tasks = (struct import_tasks){ 0 };
}

/* The record of a thread, created at the first request; NULL if there is no memory. Valid until the next is made. */
static struct import_task *task_of(struct import_tasks *tasks, long id)
{
        struct import_task *bigger;

        for (size_t i = 0; i < tasks->count; i++)
                if (tasks->task[i].id == id)
                        return &tasks->task[i];
        bigger = reallocarray(tasks->task, tasks->count + 1, sizeof *bigger);
        if (!bigger)
                return NULL;
        tasks->task = bigger;
        bigger[tasks->count] = (struct import_task){ .id = id };
        return &bigger[tasks->count++];
}

struct error import_task_named(struct import_tasks *tasks, long id)
{
        struct import_task *task;

        if (!id)
                return SUCCESS;
        task = task_of(tasks, id);
        if (!task)
                return fail_no_memory();
        if (!tasks->main && !task->is_child)
                tasks->main = id;
        return SUCCESS;
}

long import_speaker(const struct import_tasks *tasks, long named)
{
        bool main_is_over = false;
        long left = tasks->main;

        if (named)
                return named;
        for (size_t i = 0; i < tasks->count; i++) {
                if (!tasks->task[i].is_over)
                        left = tasks->task[i].id;
                else if (tasks->task[i].id == tasks->main)
                        main_is_over = true;
        }
        return main_is_over ? left : tasks->main;
}

/* --- ours or not ---------------------------------------------------------------------------------------------- */

bool import_is_foreign(const struct import_tasks *tasks, long id, unsigned long line)
{
        for (size_t i = 0; i < tasks->count; i++)
                if (tasks->task[i].id == id)
                        return tasks->task[i].is_foreign && tasks->task[i].foreign_from <= line;
        return false;
}

static struct error make_foreign(struct import_tasks *tasks, long id, unsigned long from)
{
        struct import_task *task = task_of(tasks, id);

        if (!task)
                return fail_no_memory();
        if (!task->is_foreign || from < task->foreign_from)
                task->foreign_from = from;
        task->is_foreign = true;
        return SUCCESS;
}

/* A new task shares the address space only if its parent said so, and the parent is one of ours. */
struct error import_task_forks(struct import_tasks *tasks, long parent, const char *text, long child,
                               unsigned long line)
{
        bool shares = strstr(text, "CLONE_VM") && !import_is_foreign(tasks, parent, line);
        struct import_task *task = task_of(tasks, child);

        if (!task)
                return fail_no_memory();
        task->is_child = task->has_parent = true;
        task->is_thread = shares && strstr(text, "CLONE_THREAD");
        return shares ? SUCCESS : make_foreign(tasks, child, 0);
}

struct error import_task_executes(struct import_tasks *tasks, long id, unsigned long line, bool *is_ours)
{
        const struct import_task *task = task_of(tasks, id);

        *is_ours = false;
        if (!task)
                return fail_no_memory();
        if (import_is_foreign(tasks, id, line))
                return SUCCESS;
        if (id != tasks->main && !task->is_thread)
                return make_foreign(tasks, id, line);
        *is_ours = true;
        tasks->brk = 0;
        return SUCCESS;
}

/* Threads of one process have one break. A thread of unknown origin with another break belongs to another process. */
struct error import_task_has_break(struct import_tasks *tasks, const struct strace_call *call, bool *is_new)
{
        const struct import_task *task = task_of(tasks, call->thread);

        *is_new = false;
        if (!task)
                return fail_no_memory();
        if (!call->returned || import_is_foreign(tasks, call->thread, call->line))
                return SUCCESS;
        *is_new = call->thread != tasks->main && !task->has_parent && tasks->brk && !call->address &&
                  call->result != tasks->brk;
        if (*is_new)
                return make_foreign(tasks, call->thread, 0);
        tasks->brk = call->result;
        return SUCCESS;
}

/* --- beginning and end ---------------------------------------------------------------------------------------- */

struct error import_task_attached(struct import_tasks *tasks, const char *text)
{
        const char *mark = strstr(text, "Process ");
        struct import_task *task;
        int end = 0;
        long id;

        if (!mark || sscanf(mark, "Process %ld attached%n", &id, &end) != 1 || !end || id == tasks->main)
                return SUCCESS;
        task = task_of(tasks, id);
        if (!task)
                return fail_no_memory();
        task->is_child = true;
        return SUCCESS;
}

struct error import_task_exits(struct import_tasks *tasks, long id)
{
        struct import_task *task = task_of(tasks, id);

        if (!task)
                return fail_no_memory();
        task->is_over = true;
        return SUCCESS;
}
