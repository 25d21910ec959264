/*
 * The scheduler: which thread runs on which processor. Threads that could run stand in one queue for all processors,
 * and each gets its turn; a program's turn also ends with the timer's tick. A processor without one runs its idle
 * thread, which halts.
 *
 * A thread that has to wait for something to be true sleeps on a wait queue. It holds the lock of what it waits for:
 *
 *      spinlock_acquire(&pipe->lock);
 *      while (is_empty_locked(pipe) && !error.code)
 *              error = thread_sleep(&pipe->readers, &pipe->lock);
 *
 * Who makes it true holds the same lock and wakes the queue: so no wake-up is lost. Nobody sleeps with another lock
 * held. The scheduler's own lock is taken after all of those, and held across a switch: who comes next gives it back.
 */
#pragma once

#include "sync/spinlock.h"
#include "task/thread.h"

/* What runs becomes the thread "main", and gets an idle thread beside it. To be called once, by the first processor. */
struct error scheduler_init(void);

/* What a processor does for which there is nothing to do. What it stands on is the stack of its idle thread. */
_Noreturn void scheduler_idle(void);

/* For every tick: wakes those whose time has come, looks what was typed, and ends a program's turn. */
void scheduler_tick(void);

/* The thread that runs on this processor; NULL before there are threads. */
struct thread *thread_current(void);

/* Lets the others have their turn first. */
void thread_yield(void);

/*
 * Sleeps until somebody wakes the queue. The lock is given back meanwhile. It may be woken for nothing. INTERRUPTED if
 * the thread is killed: then it is to give back what it holds and return to where it can end.
 */
struct error thread_sleep(struct wait_queue *queue, struct spinlock *lock) REQUIRES(*lock);
struct error thread_sleep_for(uint64_t milliseconds);

/* Wakes all who sleep there; each looks for itself whether what it waits for is true. */
void wait_queue_wake(struct wait_queue *queue);

/* The thread ends before it is back in ring 3. One that sleeps is woken. */
void thread_kill(struct thread *thread);

/* Whether the one that runs was killed. */
bool thread_is_killed(void);

enum thread_state thread_state(struct thread *thread);

/* Ends the thread that runs. */
_Noreturn void thread_end(uint64_t status);

/* Shows the thread's process's pages on this processor; the kernel's alone if it has no process. */
void thread_use_page_table(const struct thread *thread);
