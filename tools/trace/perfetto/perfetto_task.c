#include "perfetto/perfetto_timeline_internal.h"
#include "stream/event_table.h"

#include <stdlib.h>

/* A main thread has its process's number, as on Linux; the numbers of others lie above all processes'. */
enum { PROCESSES_MAX = 1000000000, TASKS_FROM = 1000000000 };

/* --- who there is ----------------------------------------------------------------------------------------- */

uint64_t timeline_pid(uint64_t process)
{
        return process % PROCESSES_MAX;
}

struct shown_process *timeline_process(const struct timeline *timeline, uint64_t id)
{
        return id_map_get(&timeline->processes, id);
}

struct shown_task *timeline_task(struct timeline *timeline, uint64_t id)
{
        struct shown_task *task = id_map_get(&timeline->tasks, id);

        if (task)
                return task;
        task = calloc(1, sizeof *task);
        if (!task || id_map_put(&timeline->tasks, id, task).code) {
                free(task);
                return NULL;
        }
        task->id = id;
        task->tid = TASKS_FROM + id % PROCESSES_MAX;
        return task;
}

/* The kernel's own threads have none that stands for all. */
bool timeline_is_main(const struct shown_task *task)
{
        return task->process && task->process->id && task->process->main == task->id;
}

const char *timeline_task_name(const struct timeline *timeline, uint64_t id)
{
        const struct model_task *task = model_task(timeline->model, id);

        return timeline_name(task ? task->name : NULL, "task", id);
}

void timeline_forget_tasks(struct timeline *timeline)
{
        struct shown_process *process;
        struct shown_task *task;
        size_t position = 0;

        while ((task = id_map_walk(&timeline->tasks, &position)))
                free(task);
        position = 0;
        while ((process = id_map_walk(&timeline->processes, &position)))
                free(process);
        id_map_clear(&timeline->tasks);
        id_map_clear(&timeline->processes);
}

/* --- beginnings ------------------------------------------------------------------------------------------- */

/* Whose child a new process is: of the process that runs where it is created, or else of the kernel. */
static uint64_t parent_of_new(const struct timeline *timeline, const struct event *event)
{
        const struct shown_task *running = timeline->cpu[event->cpu].running;

        return running && running->process ? running->process->id : 0;
}

/* Tells of a process, unless it is known. The kernel's own is told before any other, which it may be the parent of. */
static struct shown_process *add_process(struct timeline *timeline, uint64_t id, uint64_t parent, uint64_t main)
{
        struct shown_process *process = timeline_process(timeline, id);

        if (process)
                return process;
        process = calloc(1, sizeof *process);
        if (!process || id_map_put(&timeline->processes, id, process).code) {
                free(process);
                return NULL;
        }
        process->id = id;
        process->main = main;
        perfetto_process(timeline->file, timeline->now, &(struct perfetto_process){
                .pid = timeline_pid(id),
                .parent = timeline_pid(parent),
                .name = id ? timeline_task_name(timeline, main) : "kernel",
        });
        return process;
}

void timeline_add_kernel(struct timeline *timeline)
{
        add_process(timeline, 0, 0, 0);
}

static void change_space(struct timeline *timeline, struct shown_process *process, uint64_t space)
{
        if (process->space != space)
                timeline_space_replaced(timeline, process->space);
        process->space = space;
        timeline_space_belongs(timeline, space, process->id);
}

/*
 * The order matters. An importer shows a thread as new if it has no track yet when it is created. And a process whose
 * track comes first gets a main thread that does not exist.
 */
static void task_created(struct timeline *timeline, const struct event *event)
{
        uint64_t id = VALUE(event, task_created, task), process = VALUE(event, task_created, process);
        struct shown_task *task = timeline_task(timeline, id);

        if (!task || task->state != STATE_UNKNOWN)
                return;
        timeline_add_kernel(timeline);
        task->process = add_process(timeline, process, parent_of_new(timeline, event), id);
        if (!task->process)
                return;
        task->process->created++;
        task->cpu = event->cpu;
        if (timeline_is_main(task))
                task->tid = timeline_pid(process);
        timeline_task_created(timeline, task);
        perfetto_thread(timeline->file, timeline->now, &(struct perfetto_thread){
                .tid = task->tid,
                .pid = timeline_pid(process),
                .name = timeline_task_name(timeline, id),
                .is_main = timeline_is_main(task),
        });
        if (process && !task->process->space)
                change_space(timeline, task->process, VALUE(event, task_created, space));
        timeline_track(timeline, TRACK_TASK, id);
}

/* --- programs --------------------------------------------------------------------------------------------- */

static void begin_to_run(struct timeline *timeline, const struct event *event, uint64_t id, uint64_t arrow)
{
        perfetto_begin_composed(timeline->file, timeline_track(timeline, TRACK_CPU, event->cpu), timeline->now, "task",
                                timeline_task_name(timeline, id));
        perfetto_note_number(timeline->file, "task", id);
        if (arrow)
                perfetto_flow_end(timeline->file, arrow);
        perfetto_close(timeline->file);
}

/* Process and thread have another name from now on; and so has what the cpu runs. */
static void rename_all(struct timeline *timeline, const struct event *event, const struct shown_task *task)
{
        uint64_t cpu = timeline_uuid(TRACK_CPU, event->cpu);
        const char *name = timeline_task_name(timeline, task->id);
        const struct shown_task *main = task->process ? timeline_task(timeline, task->process->main) : NULL;

        if (main && task->process->id)
                perfetto_rename(timeline->file, timeline->now, main->tid, name);
        timeline_describe_task_again(timeline, task->id);
        if (timeline->cpu[event->cpu].running != task || !perfetto_is_open(timeline->file, cpu))
                return;
        perfetto_end_all_of(timeline->file, cpu, timeline->now);
        begin_to_run(timeline, event, task->id, 0);
}

static void task_loaded(struct timeline *timeline, const struct event *event)
{
        uint64_t id = VALUE(event, task_loaded, task), space = VALUE(event, task_loaded, space);
        uint64_t track = timeline_track(timeline, TRACK_TASK, id);
        struct shown_task *task = timeline_task(timeline, id);

        if (task && task->process && task->process->id)
                change_space(timeline, task->process, space);
        if (task)
                rename_all(timeline, event, task);
        perfetto_instant(timeline->file, track, timeline->now, "task", "loaded");
        perfetto_note_text(timeline->file, "program", event->text && *event->text ? event->text : "?");
        perfetto_note_number(timeline->file, "space", space);
        perfetto_close(timeline->file);
}

/* --- turns ------------------------------------------------------------------------------------------------ */

/* An interrupt in which another task gets the cpu has led to that, and is over as far as the cpu is concerned. */
static void task_switched(struct timeline *timeline, const struct event *event)
{
        uint64_t id = VALUE(event, task_switched, task), cpu = timeline_uuid(TRACK_CPU, event->cpu);
        struct shown_task *task = id ? timeline_task(timeline, id) : NULL;

        perfetto_end_all_of(timeline->file, cpu, timeline->now);
        perfetto_end_all_of(timeline->file, timeline_uuid(TRACK_INTERRUPTS, event->cpu), timeline->now);
        timeline_task_switched(timeline, event->cpu, task);
        if (!id)
                return;
        begin_to_run(timeline, event, id, pointer_as_id(id_map_get(&timeline->wakers, id)));
        id_map_remove(&timeline->wakers, id);
}

static void task_woken(struct timeline *timeline, const struct event *event)
{
        uint64_t id = VALUE(event, task_woken, task), cpu = timeline_track(timeline, TRACK_CPU, event->cpu);
        struct shown_task *task = timeline_task(timeline, id);

        if (task)
                timeline_task_woken(timeline, task);
        perfetto_instant(timeline->file, cpu, timeline->now, "task", "wakes");
        perfetto_note_text(timeline->file, "name", timeline_task_name(timeline, id));
        perfetto_note_number(timeline->file, "task", id);
        perfetto_note_number(timeline->file, "turn", VALUE(event, task_woken, turn));
        if (!id_map_put(&timeline->wakers, id, id_as_pointer(++timeline->arrows)).code)
                perfetto_flow(timeline->file, timeline->arrows);
        perfetto_close(timeline->file);
}

/* The call in which a task exits never ends by itself, nor does the operation in which it is killed. */
static void task_exited(struct timeline *timeline, const struct event *event)
{
        uint64_t id = VALUE(event, task_exited, task), track = timeline_track(timeline, TRACK_TASK, id);
        struct shown_task *task = timeline_task(timeline, id);

        perfetto_end_all_of(timeline->file, track, timeline->now);
        perfetto_instant(timeline->file, track, timeline->now, "task", "exited");
        perfetto_note_number(timeline->file, "status", VALUE(event, task_exited, status));
        perfetto_close(timeline->file);
        if (task)
                timeline_task_ended(timeline, task);
}

/* --- system calls ----------------------------------------------------------------------------------------- */

enum { WORDS_OF_CALL = 3 };

/* What a call's words mean, as in docs/system-calls.md; NULL for one that it does not have. "*name" is an address. */
static const char *const arguments[][WORDS_OF_CALL] = {
        [SYSTEM_EXIT] = { "status" },
        [SYSTEM_WRITE] = { "file", "*address", "size" },
        [SYSTEM_MMAP] = { "*request" },
        [SYSTEM_MUNMAP] = { "*address", "size" },
        [SYSTEM_MPROTECT] = { "*address", "size", "protection" },
        [SYSTEM_RESIZE] = { "*base", "size" },
        [SYSTEM_REGIONS] = { "process", "*array", "room" },
        [SYSTEM_OPEN] = { "*name" },
        [SYSTEM_READ] = { "file", "*address", "size" },
        [SYSTEM_CLOSE] = { "file" },
        [SYSTEM_PIPE] = { "*ends" },
        [SYSTEM_DUP2] = { "file", "number" },
        [SYSTEM_EXEC] = { "*program", "*arguments" },
        [SYSTEM_WAIT] = { "child", "*status", "options" },
        [SYSTEM_KILL] = { "process" },
        [SYSTEM_MADVISE] = { "*address", "size", "advice" },
        [SYSTEM_THREAD_CREATE] = { "*begin", "*stack_pointer", "*argument" },
        [SYSTEM_JOIN] = { "thread" },
        [SYSTEM_SLEEP] = { "milliseconds" },
        [SYSTEM_PROCESSES] = { "*array", "room" },
        [SYSTEM_MEMORY] = { "*listing" },
        [SYSTEM_SETPGID] = { "process", "group" },
};

static void note_words(struct timeline *timeline, uint64_t call, const uint64_t word[WORDS_OF_CALL])
{
        static const char *const unnamed[WORDS_OF_CALL] = { "*first", "second", "third" };
        bool is_known = call < sizeof arguments / sizeof *arguments;

        for (size_t i = 0; i < WORDS_OF_CALL; i++) {
                const char *name = is_known ? arguments[call][i] : unnamed[i];

                if (name && *name == '*')
                        perfetto_note_address(timeline->file, name + 1, word[i]);
                else if (name)
                        perfetto_note_number(timeline->file, name, word[i]);
        }
}

static void call_begin(struct timeline *timeline, const struct event *event)
{
        uint64_t call = VALUE(event, system_call_begin, call);
        uint64_t track = timeline_track(timeline, TRACK_TASK, VALUE(event, system_call_begin, task));

        perfetto_begin(timeline->file, track, timeline->now, "task", system_call_name(call));
        note_words(timeline, call, (uint64_t[]){
                VALUE(event, system_call_begin, first),
                VALUE(event, system_call_begin, second),
                VALUE(event, system_call_begin, third),
        });
        perfetto_close(timeline->file);
}

static void call_end(struct timeline *timeline, const struct event *event)
{
        struct perfetto_file *file = timeline->file;

        if (!perfetto_end(file, timeline_uuid(TRACK_TASK, VALUE(event, system_call_end, task)), timeline->now))
                return;
        perfetto_note_text(file, "result", error_code_name(VALUE(event, system_call_end, result)));
        perfetto_note_address(file, "value", VALUE(event, system_call_end, value));
        perfetto_close(file);
}

/* --- all -------------------------------------------------------------------------------------------------- */

void timeline_task_event(struct timeline *timeline, const struct event *event)
{
        switch (event->type) {
        case EVENT_task_created:
                task_created(timeline, event);
                break;
        case EVENT_task_loaded:
                task_loaded(timeline, event);
                break;
        case EVENT_task_switched:
                task_switched(timeline, event);
                break;
        case EVENT_task_woken:
                task_woken(timeline, event);
                break;
        case EVENT_task_exited:
                task_exited(timeline, event);
                break;
        case EVENT_system_call_begin:
                call_begin(timeline, event);
                break;
        case EVENT_system_call_end:
                call_end(timeline, event);
                break;
        default:
                break;
        }
}
