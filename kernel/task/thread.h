/*
 * A thread: something that runs on a stack of its own in the kernel, and, if it belongs to a process, in ring 3 too.
 * Threads of one process share its address space. Which thread runs is decided in task/scheduler.h.
 *
 *      struct thread *helper;
 *
 *      TRY(thread_create("helper", work, &argument, &helper));
 *      thread_start(helper);
 *      thread_join(helper);            waits until work(&argument) has returned; then the thread is gone
 *
 * A thread never frees itself, since it stands on its own stack: whoever joins it does.
 */
#pragma once

#include "mm/page_fault.h"

struct process;
struct region;
struct trap_frame;

enum thread_state { THREAD_NEW, THREAD_READY, THREAD_RUNS, THREAD_SLEEPS, THREAD_ENDED };

/* What threads wait on for something to happen: the one asleep for longest first. Empty at first; all zero will do. */
struct wait_queue {
        struct { struct thread *guarded_; } sleepers;           /* by the scheduler's lock */
};

struct schedule {
        enum thread_state state;
        struct thread *next;                    /* in the queue that it is in */
        struct wait_queue *queue;               /* on which it sleeps, if it does */
        uint64_t wake_at;                       /* in ticks of the clock; 0: when it is woken */
        uint64_t turn;                          /* how often it was woken */
};

struct membership {
        struct thread *next;                    /* of the same process */
        bool over;                              /* it takes no part in its process any more, and may be joined */
};

struct thread {
        uint64_t id;                            /* never reused; 0: an idle thread, which the trace does not know */
        const char *name;
        struct process *process;                /* NULL: the kernel's own */
        struct region *stack;                   /* NULL: the stack that a processor booted on */
        uintptr_t stack_pointer;                /* while it does not run */
        void (*function)(void *);               /* of a kernel thread: what it runs */
        void *argument;
        struct page_fault fault;                /* its last one */
        bool killed;                            /* set once, read by anyone: it is to end before it is back in ring 3 */
        struct wait_queue joiners;
        struct { struct schedule guarded_; } schedule;          /* by the scheduler's lock */
        struct { struct membership guarded_; } membership;      /* by the lock of processes */
};

/* A thread of the kernel's own that will run function(argument). The name outlives it. NO_MEMORY. */
struct error thread_create(const char *name, void (*function)(void *), void *argument, struct thread **out);

/* A thread of a process, that will begin in ring 3 with these registers. NO_MEMORY. */
struct error thread_create_user(struct process *process, const struct trap_frame *registers, struct thread **out);

/* Where a thread of a process has its registers while it is in the kernel: at the top of its stack. */
struct trap_frame *thread_registers(const struct thread *thread);

/* From now on it may run. Traced. */
void thread_start(struct thread *thread);

/* Waits until a thread has ended, if it was started at all, and frees it. */
void thread_join(struct thread *thread);
