/*
 * A thread: it runs on a stack of its own in the kernel and, if it belongs to a process, in ring 3 too. Threads of one
 * process share its address space. Which thread runs is decided in task/scheduler.h.
 *
 *      struct thread *helper;
 *
 *      TRY(thread_create("helper", work, &argument, &helper));
 *      thread_start(helper);
 *      thread_join(helper);            waits until work(&argument) has returned, and frees the thread
 *
 * A thread cannot free itself, since it runs on its own stack: the thread that joins it does.
 */
#pragma once

#include "arch/user_state.h"
#include "lib/list.h"
#include "mm/page_fault.h"

struct process;
struct region;
struct trap_frame;

/* The last one is that of no thread: so the listing of processes says that one is exiting. */
enum thread_state { THREAD_NEW, THREAD_READY, THREAD_RUNS, THREAD_SLEEPS, THREAD_ENDED, THREAD_EXITS };

/* Where threads sleep until something happens: the one that has slept for longest first. Empty if all zero. */
struct wait_queue {
        struct { struct list guarded_; } sleepers;              /* by the scheduler's lock */
};

struct schedule {
        enum thread_state state;
        struct list_node node;                  /* in the ready queue or in the wait queue */
        struct wait_queue *queue;               /* on which it sleeps, if it does */
        struct list_node begun;                 /* among all threads that have begun and have not ended */
        uint64_t wake_at;                       /* if it sleeps for a time: until when, in ticks of the clock */
        uint64_t wake_ups;                      /* how often it was woken */
};

struct membership {
        struct list_node node;                  /* among the threads of the process */
        bool exited;                            /* it runs no code of the program any more, and may be joined */
};

struct thread {
        uint64_t id;                            /* never reused; 0: an idle thread, which is not in the trace */
        const char *name;
        struct process *process;                /* NULL: the kernel's own */
        struct region *stack;                   /* NULL: the stack that a processor booted on */
        uintptr_t stack_pointer;                /* while it does not run */
        void (*function)(void *);               /* of a kernel thread: what it runs */
        void *argument;
        struct user_state user_state;           /* of a thread of a process, while it does not run */
        struct page_fault fault;                /* its last one */
        uint64_t call;                          /* the system call that it is in, plus 1; 0: none */
        bool killed;                            /* set once, read by anyone: it must exit before it returns to ring 3 */
        struct wait_queue joiners;
        struct { struct schedule guarded_; } schedule;          /* by the scheduler's lock */
        struct { struct membership guarded_; } membership;      /* by the lock of processes */
};

/*
 * Makes a thread of the kernel's own that will run function(argument). The name must live at least as long. NO_MEMORY.
 * O(1): a stack of four pages. Takes the locks of kmalloc and of kernel memory, as does thread_join().
 */
struct error thread_create(const char *name, void (*function)(void *), void *argument, struct thread **out);

/* Makes a thread of a process that will begin in ring 3 with these registers. NO_MEMORY. O(1). */
struct error thread_create_user(struct process *process, const struct trap_frame *registers, struct thread **out);

/*
 * The registers that a thread of a process has in ring 3: while it is in the kernel they are at the top of its stack.
 */
struct trap_frame *thread_registers(const struct thread *thread);

/* Puts a new thread into the ready queue. Traced. O(1). */
void thread_start(struct thread *thread);

/* Waits until a thread has ended, if it was started at all, and frees it. Not interrupted by thread_kill(). O(1). */
void thread_join(struct thread *thread);
