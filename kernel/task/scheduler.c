#include "task/scheduler.h"
#include "arch/apic.h"
#include "arch/clock.h"
#include "arch/this_cpu.h"
#include "lib/assert.h"
#include "mm/kmalloc.h"
#include "mm/memory_manager.h"
#include "mm/tlb.h"
#include "task/calls.h"
#include "task/safe_point.h"
#include "task/user_trap.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"
#include "trace/trace.h"

static struct spinlock scheduler_lock = SPINLOCK(LOCK_SCHEDULER);
static struct list ready GUARDED_BY(scheduler_lock);            /* threads that could run, in the order of turns */
static struct list begun GUARDED_BY(scheduler_lock);            /* all threads that have, and have not ended */
static struct wait_queue timed_sleepers;                        /* in the order of their times */
static uint64_t ticks_per_millisecond, first_tick;
static struct thread main_thread = { .name = "main" }, idle_thread[CPUS_MOST];

/* task/switch.S */
void stack_switch(uintptr_t *save, uintptr_t stack);
void thread_begin(void) RELEASES(scheduler_lock);

GUARDED_MEMBER(schedule_of, struct thread, schedule, scheduler_lock)

GUARDED_MEMBER(sleepers_of, struct wait_queue, sleepers, scheduler_lock)

static inline struct thread *thread_of_node(struct list_node *node) REQUIRES(scheduler_lock)
{
        return node ? container_of(node, struct thread, schedule.guarded_.node) : NULL;
}

struct thread *thread_current(void)
{
        return this_cpu()->thread;
}

/* --- the ready queue -------------------------------------------------------------------------------------- */

/* Wakes one processor that halts. That is enough: if it takes a thread and another is ready, it wakes the next. */
static void wake_idle_processor(void) REQUIRES(scheduler_lock)
{
        for (unsigned i = 0; i < cpu_count; i++) {
                if (i != this_cpu_index() && cpu_is_idle(i)) {
                        cpu_wake(i);
                        return;
                }
        }
}

static void make_ready(struct thread *thread, enum turn turn) REQUIRES(scheduler_lock)
{
        schedule_of(thread)->state = THREAD_READY;
        list_insert_after(&ready, turn == TURN_NEXT ? NULL : ready.last, &schedule_of(thread)->node);
        wake_idle_processor();
}

/* --- switching -------------------------------------------------------------------------------------------- */

void thread_use_page_table(const struct thread *thread)
{
        const struct address_space *space = thread->process ? thread->process->space : NULL;
        const uintptr_t root = space ? address_space_root(space) : kernel_page_table.root;
        if (this_cpu()->page_table != root)
                tlb_switch(root);
}

/* The thread whose turn it is: the first of the ready queue, or else this processor's idle thread. */
static struct thread *take_next(void) REQUIRES(scheduler_lock)
{
        struct thread *next = thread_of_node(list_take_first(&ready));
        if (!next)
                return this_cpu()->idle;
        if (!list_is_empty(&ready))
                wake_idle_processor();
        return next;
}

/* Returns when it is this thread's turn again, perhaps on another processor. */
static void switch_to(struct thread *next) REQUIRES(scheduler_lock)
{
        struct cpu *cpu = this_cpu();
        struct thread *previous = cpu->thread;
        assert(cpu->held_count <= 1, "thread %lu sleeps with %u locks", previous->id, cpu->held_count);
        schedule_of(next)->state = THREAD_RUNS;
        if (next == previous)
                return;
        cpu->thread = next;
        trace_task_switched(next->id);
        thread_use_page_table(next);
        if (previous->process)
                user_state_save(&previous->user_state);
        if (next->process)
                user_state_load(&next->user_state);
        if (next->stack)
                descriptors_set_trap_stack(this_cpu_index(), TRAP_STACK_FROM_USER, region_range(next->stack).end);
        stack_switch(&previous->stack_pointer, next->stack_pointer);
}

/* Where a new thread begins: it releases the lock that was held across the switch to it. */
void thread_begin(void)
{
        spinlock_release(&scheduler_lock);
        const struct thread *me = thread_current();
        if (me->process) {
                user_trap_return();
        } else {
                me->function(me->argument);
                thread_end(0);
        }
}

static void yield_locked(void) REQUIRES(scheduler_lock)
{
        if (list_is_empty(&ready))
                return;
        struct thread *me = thread_current();
        if (me != this_cpu()->idle) {
                schedule_of(me)->state = THREAD_READY;
                list_append(&ready, &schedule_of(me)->node);
        }
        switch_to(take_next());
}

/* Threads of the kernel may wait for each other in a loop of this, so it answers shootdowns, and stands in a pause. */
void thread_yield(void)
{
        tlb_serve();
        gate_at_entry();
        spinlock_acquire(&scheduler_lock);
        yield_locked();
        spinlock_release(&scheduler_lock);
}

struct error thread_preemption_point(void)
{
        assert(!this_cpu()->held_count, "a preemption point with %u locks held", this_cpu()->held_count);
        cpu_take_interrupts();
        thread_yield();
        return thread_is_killed() ? FAIL(INTERRUPTED) : SUCCESS;
}

CALL(yield)
{
        thread_yield();
        return SUCCESS;
}

/* --- sleeping and waking ---------------------------------------------------------------------------------- */

/* Puts this thread to sleep on a queue, behind the sleeper given (NULL: in front of all), and switches to the next. */
static void sleep_behind(struct wait_queue *queue, struct list_node *previous) REQUIRES(scheduler_lock)
{
        struct schedule *schedule = schedule_of(thread_current());
        schedule->state = THREAD_SLEEPS;
        schedule->queue = queue;
        list_insert_after(sleepers_of(queue), previous, &schedule->node);
        tlb_serve();
        switch_to(take_next());
}

static void sleep_locked(struct wait_queue *queue) REQUIRES(scheduler_lock)
{
        sleep_behind(queue, sleepers_of(queue)->last);
}

static void wake_locked(struct thread *thread, enum turn turn) REQUIRES(scheduler_lock)
{
        struct schedule *schedule = schedule_of(thread);
        list_remove(sleepers_of(schedule->queue), &schedule->node);
        schedule->wake_ups++;
        trace_task_woken(thread->id, schedule->wake_ups);
        make_ready(thread, turn);
}

bool thread_is_killed(void)
{
        return __atomic_load_n(&thread_current()->killed, __ATOMIC_RELAXED);
}

struct error thread_sleep(struct wait_queue *queue, struct spinlock *lock)
{
        spinlock_acquire(&scheduler_lock);
        spinlock_release(lock);
        if (!thread_is_killed())
                sleep_locked(queue);
        spinlock_release(&scheduler_lock);
        spinlock_acquire(lock);
        return thread_is_killed() ? FAIL(INTERRUPTED) : SUCCESS;
}

/* Sleepers are kept in the order of their times, so that a tick looks at no more than it wakes. */
static void sleep_until_locked(uint64_t time) REQUIRES(scheduler_lock)
{
        struct list_node *previous = sleepers_of(&timed_sleepers)->last;
        while (previous && schedule_of(thread_of_node(previous))->wake_at > time)
                previous = previous->previous;
        schedule_of(thread_current())->wake_at = time;
        sleep_behind(&timed_sleepers, previous);
}

struct error thread_sleep_for(uint64_t milliseconds)
{
        uint64_t ticks, until;
        if (__builtin_mul_overflow(milliseconds, ticks_per_millisecond, &ticks) ||
            __builtin_add_overflow(clock_ticks(), ticks, &until))
                until = UINT64_MAX;
        spinlock_acquire(&scheduler_lock);
        while (!thread_is_killed() && clock_ticks() < until)
                sleep_until_locked(until);
        spinlock_release(&scheduler_lock);
        return thread_is_killed() ? FAIL(INTERRUPTED) : SUCCESS;
}

CALL(sleep)
{
        return thread_sleep_for(word[0]);
}

/* Whole milliseconds and the rest by themselves, so that no product overflows. */
CALL(clock)
{
        enum { NANOSECONDS = 1000000 /* a millisecond */ };
        const uint64_t ticks = clock_ticks() - first_tick, rest = ticks % ticks_per_millisecond;

        *value = ticks / ticks_per_millisecond * NANOSECONDS + rest * NANOSECONDS / ticks_per_millisecond;
        return SUCCESS;
}

static void wake_all_locked(struct wait_queue *queue, enum turn turn) REQUIRES(scheduler_lock)
{
        while (!list_is_empty(sleepers_of(queue)))
                wake_locked(thread_of_node(sleepers_of(queue)->first), turn);
}

void wait_queue_wake(struct wait_queue *queue, enum turn turn)
{
        spinlock_acquire(&scheduler_lock);
        wake_all_locked(queue, turn);
        spinlock_release(&scheduler_lock);
}

void thread_kill(struct thread *thread)
{
        spinlock_acquire(&scheduler_lock);
        __atomic_store_n(&thread->killed, true, __ATOMIC_RELAXED);
        if (schedule_of(thread)->state == THREAD_SLEEPS) {
                wake_locked(thread, TURN_NEXT);
        } else if (schedule_of(thread)->state == THREAD_READY) {
                list_remove(&ready, &schedule_of(thread)->node);
                list_insert_after(&ready, NULL, &schedule_of(thread)->node);
        }
        for (unsigned i = 0; i < cpu_count; i++)
                if (cpus[i].thread == thread && i != this_cpu_index())
                        cpu_wake(i);            /* out of ring 3 */
        spinlock_release(&scheduler_lock);
}

enum thread_state thread_state(struct thread *thread)
{
        return WITH_LOCK(&scheduler_lock, schedule_of(thread)->state);
}

void scheduler_tick(void)
{
        struct thread *first;
        if (this_cpu_index() == 0)
                console_poll();
        spinlock_acquire(&scheduler_lock);
        while ((first = thread_of_node(sleepers_of(&timed_sleepers)->first)) &&
               schedule_of(first)->wake_at <= clock_ticks())
                wake_locked(first, TURN_LAST);
        if (thread_current() != this_cpu()->idle)
                yield_locked();
        spinlock_release(&scheduler_lock);
}

/* --- beginnings and ends ---------------------------------------------------------------------------------- */

void thread_start(struct thread *thread)
{
        const struct process *process = thread->process;
        spinlock_acquire(&scheduler_lock);
        trace_task_created(thread->id, process ? process->id : 0, process ? process->space->watched.id : 0,
                           thread->name);
        list_append(&begun, &schedule_of(thread)->begun);
        make_ready(thread, TURN_LAST);
        spinlock_release(&scheduler_lock);
}

/* The state is read with the lock held, and the lock is held across the switch: who sees it, sees the stack unused. */
_Noreturn void thread_end(uint64_t status)
{
        struct thread *me = thread_current();
        spinlock_acquire(&scheduler_lock);
        trace_task_exited(me->id, status);
        list_remove(&begun, &schedule_of(me)->begun);
        schedule_of(me)->state = THREAD_ENDED;
        wake_all_locked(&me->joiners, TURN_LAST);
        switch_to(take_next());
        __builtin_unreachable();
}

void thread_join(struct thread *thread)
{
        spinlock_acquire(&scheduler_lock);
        while (schedule_of(thread)->state != THREAD_ENDED && schedule_of(thread)->state != THREAD_NEW)
                sleep_locked(&thread->joiners);
        spinlock_release(&scheduler_lock);
        memory_manager_free(thread->stack);
        kfree(thread);
}

static void show_locked(struct list_node *at) REQUIRES(scheduler_lock)
{
        const struct thread *thread = container_of(at, struct thread, schedule.guarded_.begun);
        const struct process *process = thread->process;
        const uint64_t call = __atomic_load_n(&thread->call, __ATOMIC_RELAXED);

        trace_keyframe_task(thread->id, process ? process->id : 0,
                            process && process->space ? process->space->watched.id : 0,
                            thread->schedule.guarded_.wake_ups, thread->name);
        if (call)
                trace_keyframe_call(thread->id, (enum system_call)(call - 1));
}

void threads_show([[maybe_unused]] struct spinlock *of_processes)
{
        spinlock_acquire(&scheduler_lock);
        for (struct list_node *at = begun.first; at; at = at->next)
                show_locked(at);
        for (unsigned cpu = 0; cpu < cpu_count; cpu++)
                trace_keyframe_cpu(cpu, cpus[cpu].thread ? cpus[cpu].thread->id : 0);
        spinlock_release(&scheduler_lock);
}

_Noreturn void scheduler_idle(void *)
{
        struct cpu *cpu = this_cpu();
        if (!cpu->idle)
                cpu->thread = cpu->idle = &idle_thread[this_cpu_index()];
        for (;;) {
                thread_yield();
                trace_tick();
                safe_point(KEYFRAME_IF_REQUESTED);
                cpu_wait_for_interrupt();
        }
}

/* Idle threads have the id 0, which the trace shows as no task. So "main" takes the id that was drawn for this one. */
struct error scheduler_init(void)
{
        struct thread *beside;
        TRY(thread_create("idle", scheduler_idle, NULL, &beside));
        this_cpu()->thread = &main_thread;
        this_cpu()->idle = beside;
        ticks_per_millisecond = clock_measure(clock_counter) / 1000;
        first_tick = clock_ticks();
        main_thread.id = beside->id;
        beside->id = 0;
        spinlock_acquire(&scheduler_lock);
        trace_task_created(main_thread.id, 0, 0, main_thread.name);
        trace_task_switched(main_thread.id);
        list_append(&begun, &schedule_of(&main_thread)->begun);
        spinlock_release(&scheduler_lock);
        return SUCCESS;
}
