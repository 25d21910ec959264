#include "task/scheduler.h"
#include "arch/apic.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "lib/assert.h"
#include "mm/kmalloc.h"
#include "mm/memory_manager.h"
#include "mm/tlb.h"
#include "task/process.h"
#include "task/user_trap.h"
#include "trace/kernel_trace.h"
#include "trace/trace.h"

static struct spinlock scheduler_lock = SPINLOCK(LOCK_SCHEDULER);
static struct thread *ready GUARDED_BY(scheduler_lock);         /* the first of those that could run */
static struct wait_queue asleep_for_a_time;
static uint64_t ticks_per_millisecond;
static struct thread main_thread = { .name = "main" }, idle_thread[CPUS_MOST];

/* arch/switch.S */
void stack_switch(uintptr_t *save, uintptr_t stack);
void thread_begin(void) RELEASES(scheduler_lock);

static inline struct schedule *schedule_of(struct thread *thread) REQUIRES(scheduler_lock)
{
        return &thread->schedule.guarded_;
}

static inline struct thread **sleepers_on(struct wait_queue *queue) REQUIRES(scheduler_lock)
{
        return &queue->sleepers.guarded_;
}

struct thread *thread_current(void)
{
        return this_cpu()->thread;
}

/* --- queues ----------------------------------------------------------------------------------------------- */

/* A queue is what leads to its first thread; each thread's schedule leads to the next. */
static void append(struct thread **link, struct thread *thread) REQUIRES(scheduler_lock)
{
        while (*link)
                link = &schedule_of(*link)->next;
        *link = thread;
        schedule_of(thread)->next = NULL;
}

static void take_out(struct thread **link, struct thread *thread) REQUIRES(scheduler_lock)
{
        while (*link != thread)
                link = &schedule_of(*link)->next;
        *link = schedule_of(thread)->next;
}

/* One is enough: when it takes a thread and sees another, it calls the next. */
static void call_idle_processor(void) REQUIRES(scheduler_lock)
{
        unsigned i = 0;
        while (i < cpu_count && (i == this_cpu_index() || !cpus[i].idle || cpus[i].thread != cpus[i].idle))
                i++;
        if (i < cpu_count)
                cpu_wake(i);
}

static void make_ready(struct thread *thread) REQUIRES(scheduler_lock)
{
        schedule_of(thread)->state = THREAD_READY;
        append(&ready, thread);
        call_idle_processor();
}

/* --- switching -------------------------------------------------------------------------------------------- */

void thread_use_page_table(const struct thread *thread)
{
        const uintptr_t root = thread->process ? address_space_root(thread->process->space) : kernel_page_table.root;
        if (this_cpu()->page_table != root)
                tlb_switch(root);
}

/* The one whose turn it is: the first that could run, or else this processor's idle thread. */
static struct thread *take_next(void) REQUIRES(scheduler_lock)
{
        struct thread *next = ready;
        if (!next)
                return this_cpu()->idle;
        take_out(&ready, next);
        if (ready)
                call_idle_processor();
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
        if (next->stack)
                descriptors_set_trap_stack(TRAP_STACK_FROM_USER, region_range(next->stack).end);
        stack_switch(&previous->stack_pointer, next->stack_pointer);
}

/* Where a new thread gives back the lock that was held across the switch to it. */
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
        if (!ready)
                return;
        struct thread *me = thread_current();
        if (me != this_cpu()->idle) {
                schedule_of(me)->state = THREAD_READY;
                append(&ready, me);
        }
        switch_to(take_next());
}

/* Threads of the kernel may wait for each other in a loop of this, so it serves others as every such loop does. */
void thread_yield(void)
{
        tlb_serve();
        WITH_LOCK(&scheduler_lock, yield_locked());
}

/* --- sleeping and waking ---------------------------------------------------------------------------------- */

static void sleep_locked(struct wait_queue *queue, uint64_t wake_at) REQUIRES(scheduler_lock)
{
        struct thread *me = thread_current();
        schedule_of(me)->state = THREAD_SLEEPS;
        schedule_of(me)->queue = queue;
        schedule_of(me)->wake_at = wake_at;
        append(sleepers_on(queue), me);
        tlb_serve();
        switch_to(take_next());
}

static void wake_locked(struct thread *thread) REQUIRES(scheduler_lock)
{
        take_out(sleepers_on(schedule_of(thread)->queue), thread);
        trace_task_woken(thread->id, ++schedule_of(thread)->turn);
        make_ready(thread);
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
                sleep_locked(queue, 0);
        spinlock_release(&scheduler_lock);
        spinlock_acquire(lock);
        return thread_is_killed() ? FAIL(INTERRUPTED) : SUCCESS;
}

struct error thread_sleep_for(uint64_t milliseconds)
{
        uint64_t ticks, until;
        if (__builtin_mul_overflow(milliseconds, ticks_per_millisecond, &ticks) ||
            __builtin_add_overflow(clock_ticks(), ticks, &until))
                until = UINT64_MAX;
        spinlock_acquire(&scheduler_lock);
        while (!thread_is_killed() && clock_ticks() < until)
                sleep_locked(&asleep_for_a_time, until);
        spinlock_release(&scheduler_lock);
        return thread_is_killed() ? FAIL(INTERRUPTED) : SUCCESS;
}

static void wake_those_due(void) REQUIRES(scheduler_lock)
{
        struct thread *next;
        for (struct thread *thread = *sleepers_on(&asleep_for_a_time); thread; thread = next) {
                next = schedule_of(thread)->next;
                if (schedule_of(thread)->wake_at <= clock_ticks())
                        wake_locked(thread);
        }
}

static void wake_all_locked(struct wait_queue *queue) REQUIRES(scheduler_lock)
{
        while (*sleepers_on(queue))
                wake_locked(*sleepers_on(queue));
}

void wait_queue_wake(struct wait_queue *queue)
{
        WITH_LOCK(&scheduler_lock, wake_all_locked(queue));
}

void thread_kill(struct thread *thread)
{
        spinlock_acquire(&scheduler_lock);
        __atomic_store_n(&thread->killed, true, __ATOMIC_RELAXED);
        if (schedule_of(thread)->state == THREAD_SLEEPS)
                wake_locked(thread);
        for (unsigned i = 0; i < cpu_count; i++)
                if (cpus[i].thread == thread && i != this_cpu_index())
                        cpu_wake(i);            /* out of ring 3 */
        spinlock_release(&scheduler_lock);
}

enum thread_state thread_state(struct thread *thread)
{
        return LOCKED(&scheduler_lock, schedule_of(thread)->state);
}

void scheduler_tick(void)
{
        if (this_cpu_index() == 0)
                console_poll();
        spinlock_acquire(&scheduler_lock);
        wake_those_due();
        if (thread_current() != this_cpu()->idle)
                yield_locked();
        spinlock_release(&scheduler_lock);
}

/* --- beginnings and ends ---------------------------------------------------------------------------------- */

void thread_start(struct thread *thread)
{
        const struct process *process = thread->process;
        trace_task_created(thread->id, process ? process->id : 0, process ? process->space->watched.id : 0,
                           thread->name);
        WITH_LOCK(&scheduler_lock, make_ready(thread));
}

/* Whoever sees the state sees it under the lock, so by then this stack is left for good. */
_Noreturn void thread_end(uint64_t status)
{
        struct thread *me = thread_current();
        trace_task_exited(me->id, status);
        spinlock_acquire(&scheduler_lock);
        schedule_of(me)->state = THREAD_ENDED;
        wake_all_locked(&me->joiners);
        switch_to(take_next());
        __builtin_unreachable();
}

void thread_join(struct thread *thread)
{
        spinlock_acquire(&scheduler_lock);
        while (schedule_of(thread)->state != THREAD_ENDED && schedule_of(thread)->state != THREAD_NEW)
                sleep_locked(&thread->joiners, 0);
        spinlock_release(&scheduler_lock);
        memory_manager_free(thread->stack);
        kfree(thread);
}

_Noreturn void scheduler_idle(void)
{
        struct cpu *cpu = this_cpu();
        if (!cpu->idle)
                cpu->thread = cpu->idle = &idle_thread[this_cpu_index()];
        for (;;) {
                thread_yield();
                trace_tick();
                cpu_wait_for_interrupt();
        }
}

static void idle([[maybe_unused]] void *unused)
{
        scheduler_idle();
}

/* The trace knows of no idle thread; so the number that this one was given is free for "main". */
struct error scheduler_init(void)
{
        struct thread *beside;
        TRY(thread_create("idle", idle, NULL, &beside));
        this_cpu()->thread = &main_thread;
        this_cpu()->idle = beside;
        ticks_per_millisecond = clock_measure(clock_ticks) / 1000;
        main_thread.id = beside->id;
        beside->id = 0;
        trace_task_created(main_thread.id, 0, 0, main_thread.name);
        trace_task_switched(main_thread.id);
        return SUCCESS;
}
