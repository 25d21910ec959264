/*
 * Who runs, could run, or sleeps. A switch says who runs from now on, and not why the other one gave the cpu up. It
 * slept if somebody wakes it later, and was ready to run if it runs again without that. So what a switch means is
 * written when that is seen; an importer puts it where it belongs in time.
 *
 * An importer wants different times for two states of one thread, and one thread at a time on a cpu. Where events have
 * the same time, or say otherwise, states are moved on by nanoseconds.
 */
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/event_table.h"

enum { IDLE_FROM = 2000000000, MISSING_FROM = 2100000000 };

static const char *name_of(const struct timeline *timeline, const struct shown_task *task)
{
        return task->name ? task->name : timeline_task_name(timeline, task->id);
}

static void write_state(struct timeline *timeline, const struct shown_task *task, unsigned cpu, uint64_t ns,
                        enum perfetto_state state)
{
        perfetto_state(timeline->file, ns, cpu, task->tid, name_of(timeline, task), state);
}

/* The first time from `ns` on at which a task may have a new state. */
static uint64_t next_time(const struct shown_task *task, uint64_t ns)
{
        return task && task->state_ns >= ns ? task->state_ns + 1 : ns;
}

static void change_state(struct timeline *timeline, struct shown_task *task, enum shown_state state,
                         enum perfetto_state written)
{
        task->state = state;
        task->state_ns = next_time(task, timeline->now);
        write_state(timeline, task, task->cpu, task->state_ns, written);
}

/* --- leaving a cpu ---------------------------------------------------------------------------------------- */

/* Now it is known what became of a task that has left its cpu. */
static void settle(struct timeline *timeline, struct shown_task *task, enum shown_state state)
{
        write_state(timeline, task, task->cpu, task->state_ns,
                    state == STATE_SLEEPS ? TASK_SLEEPS : TASK_IS_RUNNABLE);
        write_state(timeline, task->successor, task->cpu, task->state_ns, TASK_IS_RUNNING);
        task->state = state;
}

static void settle_by_its_call(struct timeline *timeline, struct shown_task *task)
{
        const struct model_task *known = model_task(timeline->model, task->id);
        bool sleeps = known && known->in_call && known->call != SYSTEM_YIELD;

        if (task->state == STATE_LEFT)
                settle(timeline, task, sleeps ? STATE_SLEEPS : STATE_READY);
}

/* A main thread ends with its process. */
static void write_end(struct timeline *timeline, struct shown_task *task, unsigned cpu, uint64_t ns)
{
        struct shown_process *process = task->process;
        struct shown_task *main;

        task->state = STATE_ENDED;
        task->state_ns = ns;
        if (process)
                process->ended++;
        if (timeline_is_main(task) && process->ended < process->created) {
                process->main_is_dead = true;
                write_state(timeline, task, cpu, ns, TASK_IS_DEAD);
                return;
        }
        write_state(timeline, task, cpu, ns, TASK_IS_DESTROYED);
        if (!process || !process->main_is_dead || process->ended < process->created)
                return;
        process->main_is_dead = false;
        main = timeline_task(timeline, process->main);
        if (main) {
                main->state_ns = next_time(main, ns);
                write_state(timeline, main, main->cpu, main->state_ns, TASK_IS_DESTROYED);
        }
}

void timeline_settle_all(struct timeline *timeline)
{
        struct shown_task *task;
        size_t position = 0;

        while ((task = id_map_walk(&timeline->tasks, &position)))
                settle_by_its_call(timeline, task);
}

void timeline_finish_tasks(struct timeline *timeline)
{
        timeline_settle_all(timeline);
        for (unsigned i = 0; i < MODEL_CPUS_MAX; i++) {
                struct shown_task *task = timeline->cpu[i].running;

                if (task && task->exited)
                        write_end(timeline, task, i, next_time(task, timeline->now));
        }
}

/* One that is told to run elsewhere, too, does so no more. */
static void take_from_its_cpu(struct timeline *timeline, struct shown_task *task)
{
        struct shown_cpu *cpu = &timeline->cpu[task->cpu];

        if (task->state != STATE_RUNS || cpu->running != task)
                return;
        cpu->running = NULL;
        change_state(timeline, task, STATE_READY, TASK_IS_RUNNABLE);
        cpu->switch_ns = task->state_ns;
}

static void switch_at(struct timeline *timeline, unsigned index, struct shown_task *next, uint64_t ns)
{
        struct shown_cpu *cpu = &timeline->cpu[index];
        struct shown_task *previous = cpu->running;

        cpu->running = next;
        cpu->switch_ns = ns;
        next->state = STATE_RUNS;
        next->state_ns = ns;
        next->cpu = index;
        if (previous && previous->exited) {
                write_end(timeline, previous, index, ns);
        } else if (previous && previous->name) {
                previous->state = STATE_READY;
                previous->state_ns = ns;
                write_state(timeline, previous, index, ns,
                            previous == &cpu->missing ? TASK_SLEEPS : TASK_IS_RUNNABLE);
        } else if (previous) {
                previous->state = STATE_LEFT;
                previous->state_ns = ns;
                previous->successor = next;
                return;
        }
        write_state(timeline, next, index, ns, TASK_IS_RUNNING);
}

/* --- events ----------------------------------------------------------------------------------------------- */

void timeline_add_cpu(struct timeline *timeline, unsigned index)
{
        struct shown_cpu *cpu = &timeline->cpu[index];

        if (cpu->idle.tid)
                return;
        cpu->idle = (struct shown_task){ .tid = IDLE_FROM + index, .name = "idle", .cpu = index };
        cpu->missing = (struct shown_task){ .tid = MISSING_FROM + index, .name = "events missing", .cpu = index };
}

void timeline_task_created(struct timeline *timeline, struct shown_task *task)
{
        change_state(timeline, task, STATE_READY, TASK_IS_CREATED);
        change_state(timeline, task, STATE_READY, TASK_IS_RUNNABLE);
}

/* Tells of an idle thread when it runs for the first time. */
static void tell_idle(struct timeline *timeline, const struct shown_task *idle)
{
        if (idle->state != STATE_UNKNOWN)
                return;
        timeline_add_kernel(timeline);
        perfetto_thread(timeline->file, timeline->now, &(struct perfetto_thread){
                .tid = idle->tid, .pid = timeline_pid(0), .name = idle->name, .is_idle = true,
        });
}

/* NULL: the cpu's idle thread. */
void timeline_task_switched(struct timeline *timeline, unsigned index, struct shown_task *task)
{
        struct shown_cpu *cpu = &timeline->cpu[index];
        struct shown_task *next = task ? task : &cpu->idle;
        uint64_t ns = timeline->now;

        if (next == cpu->running || next->state == STATE_ENDED)
                return;
        if (!task)
                tell_idle(timeline, next);
        if (next->state == STATE_LEFT)
                settle(timeline, next, STATE_READY);
        take_from_its_cpu(timeline, next);
        if (ns <= cpu->switch_ns)
                ns = cpu->switch_ns + 1;
        ns = next_time(cpu->running, next_time(next, ns));
        switch_at(timeline, index, next, ns);
}

/* In a call, or else in the kernel itself, that a task sleeps in. */
static void show_sleep(struct timeline *timeline, const struct shown_task *task, uint64_t from)
{
        const struct model_task *known = model_task(timeline->model, task->id);
        uint64_t track = timeline_track(timeline, TRACK_TASK, task->id);

        perfetto_begin(timeline->file, track, from, "task", "sleeps");
        perfetto_note_text(timeline->file, "why",
                           known && known->in_call ? system_call_name(known->call) : "the kernel waits");
        perfetto_close(timeline->file);
        if (perfetto_end(timeline->file, track, timeline->now))
                perfetto_close(timeline->file);
}

void timeline_task_woken(struct timeline *timeline, struct shown_task *task)
{
        if (task->state == STATE_LEFT) {
                settle(timeline, task, STATE_SLEEPS);
                show_sleep(timeline, task, task->state_ns);
        }
        if (task->state == STATE_SLEEPS || task->state == STATE_UNKNOWN)
                change_state(timeline, task, STATE_READY, TASK_IS_RUNNABLE);
}

/* One that runs ends when it is switched away from. */
void timeline_task_ended(struct timeline *timeline, struct shown_task *task)
{
        if (task->exited)
                return;
        task->exited = true;
        if (task->state == STATE_LEFT)
                settle(timeline, task, STATE_READY);
        if (task->state != STATE_RUNS)
                write_end(timeline, task, task->cpu, next_time(task, timeline->now));
}

void timeline_cpu_unknown(struct timeline *timeline, unsigned index, uint64_t from, uint64_t to)
{
        struct shown_cpu *cpu = &timeline->cpu[index];
        struct shown_task *missing = &cpu->missing, *previous = cpu->running;
        uint64_t ns = from > cpu->switch_ns ? from : cpu->switch_ns + 1;

        ns = next_time(previous, next_time(missing, ns));
        if (previous && previous->exited) {
                write_end(timeline, previous, index, ns);
        } else if (previous) {
                previous->state = STATE_UNKNOWN;
                previous->state_ns = ns;
        }
        cpu->running = NULL;
        write_state(timeline, missing, index, ns, TASK_IS_RUNNING);
        missing->state = STATE_READY;
        missing->state_ns = to > ns ? to : ns + 1;
        cpu->switch_ns = missing->state_ns;
        write_state(timeline, missing, index, missing->state_ns, TASK_SLEEPS);
}
