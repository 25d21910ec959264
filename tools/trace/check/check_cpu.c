#include "check/check_internal.h"

#include <inttypes.h>

/*
 * Tasks, interrupts and locks. The first event of a lock is accepted as it is: tracing of locks may begin while some
 * are held.
 */

/* --- tasks ------------------------------------------------------------------------------------------------ */

static void before_switched(struct check *check, const struct event *event)
{
        const struct model_task *task = model_task(check->model, VALUE(event, task_switched, task));

        if (task && task->exited)
                check_report(check, event->number, NULL, "task %" PRIu64 " runs on cpu %u, but has exited", task->id,
                             event->cpu);
        else if (task && task->running && task->cpu != event->cpu)
                check_report(check, event->number, NULL,
                             "task %" PRIu64 " runs on cpu %u, but is running on cpu %u already", task->id, event->cpu,
                             task->cpu);
        else if (task && task->running && !check->calls_unknown)
                check_report(check, event->number, NULL, "cpu %u switches to task %" PRIu64 ", which it runs already",
                             event->cpu, task->id);
}

/* A task begins and ends its calls itself, and exits itself: where it runs. */
static void must_run_here(struct check *check, const struct event *event, const struct model_task *task)
{
        const struct model_task *running = model_running(check->model, event->cpu);

        if (task && running != task && !check->calls_unknown)
                check_report(check, event->number, NULL, "%s of task %" PRIu64 ", but cpu %u runs task %" PRIu64,
                             event->schema->name, task->id, event->cpu, running ? running->id : 0);
}

static void before_call_begin(struct check *check, const struct event *event)
{
        const struct model_task *task = model_task(check->model, VALUE(event, system_call_begin, task));

        if (task && task->in_call && !check->calls_unknown)
                check_report(check, event->number, NULL,
                             "task %" PRIu64 " begins the system call %s, but is in %s", task->id,
                             system_call_name(VALUE(event, system_call_begin, call)), system_call_name(task->call));
        else
                must_run_here(check, event, task);
}

static void before_woken(struct check *check, const struct event *event)
{
        const struct model_task *task = model_task(check->model, VALUE(event, task_woken, task));
        const uint64_t turn = VALUE(event, task_woken, turn);

        if (task && turn != task->woken + 1 && !check->calls_unknown)
                check_report(check, event->number, NULL, "task %" PRIu64 " is woken in turn %s, but %s should be next",
                             task->id, format_count(turn), format_count(task->woken + 1));
}

static void before_call_end(struct check *check, const struct event *event)
{
        const struct model_task *task = model_task(check->model, VALUE(event, system_call_end, task));
        uint64_t call = VALUE(event, system_call_end, call);

        if (task && !task->in_call && !check->calls_unknown)
                check_report(check, event->number, NULL, "task %" PRIu64 " ends the system call %s, but is in none",
                             task->id, system_call_name(call));
        else
                must_run_here(check, event, task);
        if (task && task->in_call && task->call != call)
                check_report(check, event->number, NULL,
                             "task %" PRIu64 " ends the system call %s, but is in %s", task->id,
                             system_call_name(call), system_call_name(task->call));
}

static void before_exited(struct check *check, const struct event *event)
{
        const struct model_task *task = model_task(check->model, VALUE(event, task_exited, task));

        if (task && task->exited)
                check_report(check, event->number, NULL, "task %" PRIu64 " exits, but has exited already", task->id);
        else
                must_run_here(check, event, task);
}

/* --- interrupts ------------------------------------------------------------------------------------------- */

/* While one is handled, no other is: the handlers run with interrupts off. */
static void before_interrupt(struct check *check, const struct event *event)
{
        const struct model_cpu *cpu = model_cpu(check->model, event->cpu);
        const bool is_known = !check->interrupts_unknown[event->cpu];
        const uint64_t vector = VALUE(event, interrupt_end, vector);

        if (event->type == EVENT_interrupt_begin && cpu->in_interrupt && is_known)
                check_report(check, event->number, NULL,
                             "interrupt %" PRIu64 " begins on cpu %u, but interrupt %" PRIu64
                             " has not ended", vector, event->cpu, cpu->vector);
        else if (event->type == EVENT_interrupt_end && !cpu->in_interrupt && is_known)
                check_report(check, event->number, NULL,
                             "interrupt %" PRIu64 " ends on cpu %u, but none has begun", vector,
                             event->cpu);
        else if (event->type == EVENT_interrupt_end && cpu->in_interrupt && cpu->vector != vector && is_known)
                check_report(check, event->number, NULL, "interrupt %" PRIu64 " ends on cpu %u, but interrupt %" PRIu64
                             " has begun", vector, event->cpu, cpu->vector);
        check->interrupts_unknown[event->cpu] = false;
}

void check_interrupts_lost(struct check *check)
{
        for (size_t cpu = 0; cpu < CPUS_MAX; cpu++)
                check->interrupts_unknown[cpu] = true;
}

/* --- locks ------------------------------------------------------------------------------------------------ */

static void lock_find(struct check *check, const struct event *event, const char *what, const struct model_lock *lock)
{
        check_report(check, event->number, NULL,
                     "cpu %u %s the lock of class %s at %s, but cpu %u %s", event->cpu, what,
                     lock_class_name(VALUE(event, lock_acquired, lock)),
                     format_address(VALUE(event, lock_acquired, address)), lock->cpu,
                     lock->held ? "holds it" : "has released it");
}

static void turn_find(struct check *check, const struct event *event, uint64_t right)
{
        check_report(check, event->number, NULL,
                     "the lock of class %s at %s is acquired in turn %s, but %s should be next",
                     lock_class_name(VALUE(event, lock_acquired, lock)),
                     format_address(VALUE(event, lock_acquired, address)),
                     format_count(VALUE(event, lock_acquired, turn)), format_count(right));
}

/* Whether the lock at an address is still of the class that it was. */
static bool same_class(struct check *check, const struct event *event, const struct model_lock *lock)
{
        uint64_t class = VALUE(event, lock_acquired, lock);

        if (lock->class == class)
                return true;
        check_report(check, event->number, NULL, "the lock at %s is of class %s, but was of class %s",
                     format_address(lock->address), lock_class_name(class), lock_class_name(lock->class));
        return false;
}

/* Turns begin at 1 again if the memory of a lock is used for another one. */
static void before_acquired(struct check *check, const struct event *event)
{
        const struct model_lock *lock = model_lock(check->model, VALUE(event, lock_acquired, address));
        uint64_t turn = VALUE(event, lock_acquired, turn);

        if (!lock)
                return;
        if (turn != 1 && !same_class(check, event, lock))
                return;
        if (lock->held)
                lock_find(check, event, "acquires", lock);
        else if (lock->turn && turn != lock->turn + 1 && turn != 1)
                turn_find(check, event, lock->turn + 1);
}

static void before_released(struct check *check, const struct event *event)
{
        const struct model_lock *lock = model_lock(check->model, VALUE(event, lock_released, address));

        if (!lock || !lock->turn)
                return;
        if (!same_class(check, event, lock))
                return;
        if (!lock->held || lock->cpu != event->cpu)
                lock_find(check, event, "releases", lock);
        else if (lock->turn != VALUE(event, lock_released, turn))
                turn_find(check, event, lock->turn);
}

static void see_order_violated(struct check *check, const struct event *event)
{
        check_report(check, event->number, NULL,
                     "cpu %u wants a lock of class %s while it holds one of class %s; elsewhere they are taken the other "
                     "way round, so two processors may wait for each other for ever",
                     event->cpu, lock_class_name(VALUE(event, lock_order_violated, wanted)),
                     lock_class_name(VALUE(event, lock_order_violated, held)));
}

void check_cpu_before(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_task_switched:
                before_switched(check, event);
                break;
        case EVENT_task_woken:
                before_woken(check, event);
                break;
        case EVENT_task_exited:
                before_exited(check, event);
                break;
        case EVENT_task_loaded:
                must_run_here(check, event, model_task(check->model, VALUE(event, task_loaded, task)));
                break;
        case EVENT_interrupt_begin:
        case EVENT_interrupt_end:
                before_interrupt(check, event);
                break;
        case EVENT_system_call_begin:
                before_call_begin(check, event);
                break;
        case EVENT_system_call_end:
                before_call_end(check, event);
                break;
        case EVENT_lock_acquired:
                before_acquired(check, event);
                break;
        case EVENT_lock_released:
                before_released(check, event);
                break;
        case EVENT_lock_order_violated:
                see_order_violated(check, event);
                break;
        default:
                break;
        }
}
