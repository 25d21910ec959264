/*
 * Which threads of a capture are those of the program that is imported.
 *
 * Strace names threads only if there are several. The main thread is the first one that is not a child of another. A
 * thread that was cloned with CLONE_VM shares its address space; a process that was forked has its own, and so has one
 * whose start was not captured and whose break is another: these are foreign, from a line of the capture on.
 *
 *      struct import_tasks tasks = { 0 };
 *
 *      TRY(import_task_named(&tasks, 812));                                            a line of thread 812
 *      TRY(import_task_forks(&tasks, 812, "flags=CLONE_VM|CLONE_THREAD, ...", 813, 7));   on line 7 it makes 813
 *      import_is_foreign(&tasks, 813, 9);                                              false
 *      import_tasks_free(&tasks);
 *
 * Functions that return an error fail only with NO_MEMORY. O(threads) a call.
 */
#pragma once

#include "import/import_arguments.h"
#include "lib/error.h"

struct import_task {
        long id;
        bool is_thread;                 /* made with CLONE_THREAD by one of ours: its execve is our program's */
        bool is_child;                  /* it began during the capture, so it is not the main thread */
        bool has_parent;                /* and the call that made it was captured */
        bool is_over;
        bool is_foreign;                /* its calls are not our program's, from this line on: */
        unsigned long foreign_from;
};

struct import_tasks {
        struct import_task *task;
        size_t count;
        long main;                      /* the main thread; 0 while strace does not name it */
        uint64_t brk;                   /* our break, as last told; 0: not known */
};

void import_tasks_free(struct import_tasks *tasks);

/* A line names a thread; 0: it names none. */
struct error import_task_named(struct import_tasks *tasks, long id);

/* The thread of a line that names one, or (0) none: then it is the main thread, or the only one that is left. */
long import_speaker(const struct import_tasks *tasks, long named);

bool import_is_foreign(const struct import_tasks *tasks, long id, unsigned long line);

/* A thread has made another one; `text` has the flags. */
struct error import_task_forks(struct import_tasks *tasks, long parent, const char *text, long child,
                               unsigned long line);

/* A thread starts a program. `*is_ours`: it is ours that is replaced; else the thread is foreign from now on. */
struct error import_task_executes(struct import_tasks *tasks, long id, unsigned long line, bool *is_ours);

/* A call of brk. `*is_new`: its break shows that its thread is foreign, which was not known. */
struct error import_task_has_break(struct import_tasks *tasks, const struct strace_call *call, bool *is_new);

/* "strace: Process 12 attached", in the middle of a capture: a new thread or process, not the main thread. */
struct error import_task_attached(struct import_tasks *tasks, const char *text);

struct error import_task_exits(struct import_tasks *tasks, long id);
