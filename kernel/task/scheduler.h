/*
 * The scheduler: which thread runs on which processor. Threads that are ready are in one queue for all processors, and
 * each gets its turn (round robin); a program's turn also ends with the timer's tick. A processor for which no thread
 * is ready runs its idle thread, which halts.
 *
 * A thread that has to wait until a condition is true sleeps on a wait queue, with the lock of the condition held:
 *
 *      spinlock_acquire(&pipe->lock);
 *      while (is_empty_locked(pipe) && !error.code)
 *              error = thread_sleep(&pipe->readers, &pipe->lock);
 *
 * The thread that makes the condition true holds the same lock and wakes the queue, so no wake-up is lost. A thread
 * must not sleep while it holds any other lock. The scheduler's own lock is taken after all of those and held across a
 * switch: the thread that is switched to releases it.
 *
 * Queues have tails: appending, removing and waking one thread are O(1).
 */
#pragma once

#include "task/thread.h"

/*
 * Makes what runs the thread "main", and an idle thread for this processor. To be called once, by the first processor.
 * NO_MEMORY.
 */
struct error scheduler_init(void);

/*
 * The idle thread of a processor: runs ready threads, halts when there are none. The stack in use becomes its stack.
 * The argument, which every thread's function has, is not used.
 */
_Noreturn void scheduler_idle(void *);

/*
 * For every tick of the timer: wakes the threads whose time has come, takes what was typed, and ends the turn of the
 * thread that runs. O(threads woken).
 */
void scheduler_tick(void);

/* The thread that runs on this processor; NULL before there are threads. */
struct thread *thread_current(void);

/* Ends this thread's turn: all other ready threads come first. O(1). */
void thread_yield(void);

/*
 * A preemption point: takes the interrupts that have come meanwhile, so that clock, keyboard and kill work, and lets
 * all other ready threads have their turn. A system call that takes long calls this between its parts, with no lock
 * held. INTERRUPTED if the thread is killed. O(1).
 */
struct error thread_preemption_point(void);

/*
 * Sleeps until the queue is woken; the caller checks the condition again then. The lock is released meanwhile. O(1).
 * INTERRUPTED if the thread is killed: then it must release what it holds and return to where it can exit.
 */
struct error thread_sleep(struct wait_queue *queue, struct spinlock *lock) REQUIRES(*lock);

/* Sleeps for a time. INTERRUPTED as above. O(threads that are to sleep for longer). */
struct error thread_sleep_for(uint64_t milliseconds);

/*
 * Wakes all threads that sleep there; each checks its condition for itself. With TURN_NEXT they do not wait for the
 * turns of the threads that are ready already: for what a person types, since that is seldom. O(threads woken).
 */
enum turn { TURN_LAST, TURN_NEXT };

void wait_queue_wake(struct wait_queue *queue, enum turn turn);

/*
 * Has a thread exit before it returns to ring 3. If it sleeps it is woken. It has the next turn, since what it gives
 * back may be needed. O(processors).
 */
void thread_kill(struct thread *thread);

/* Whether the thread that runs was killed. A long loop in the kernel asks this, and returns if it was. */
bool thread_is_killed(void);

/* The state of a thread, which may have changed by the time it is looked at. */
enum thread_state thread_state(struct thread *thread);

/* Ends the thread that runs. The one that joins it frees it. */
_Noreturn void thread_end(uint64_t status);

/*
 * Sends, as part of a keyframe, the threads that have begun and what each processor runs. The lock of processes
 * keeps their spaces. O(threads).
 */
void threads_show(struct spinlock *of_processes) REQUIRES(*of_processes);

/* Loads the page table of the thread's space on this processor; the kernel's if it has no space (any more). */
void thread_use_page_table(const struct thread *thread);
