/*
 * A process: a program that runs in ring 3, with an address space, open files, and one thread or more.
 *
 * A process begins by fork, as a copy of its parent, and may turn into another program by exec. When its last thread
 * has exited it is a zombie: it has given back its memory, and keeps its number and its exit status until its parent
 * has waited for it. (The first process keeps its memory too, so that the last keyframe shows it.) When a parent exits,
 * its children are reparented: to the first process, the one that the command line asked for; when that has exited too,
 * to the kernel's main thread.
 *
 * Family links, the table of processes and exit statuses are guarded by one lock, the lock of processes. It is taken
 * before the locks of address spaces, files, pipes and the scheduler. Every call here takes it itself. Looking up a
 * process by its number is O(log n) for n processes.
 *
 * A process belongs to a process group, as its parent did when it forked. A shell makes a group of each job, so that it
 * can end all processes of the job at once. Memory is reserved for the group of the first process, which is also that
 * of the shell: when less than that is free, no other may take more.
 */
#pragma once

#include "lib/rbtree_node.h"
#include "lib/vocabulary/verdict.h"
#include "task/file.h"
#include "task/image.h"

/* An exit status is 0 to 127. Killed: PROCESS_KILLED plus the trap, or plus 9, which is no trap's number any more. */
enum { PROCESS_STATUS_MOST = 127, PROCESS_KILLED = 128, PROCESS_KILLED_BY_CALL = PROCESS_KILLED + 9 };

/* Where a process stands among the others. Guarded by the lock of processes. */
struct family {
        struct rbtree_node by_id;               /* in the table of processes, from its beginning until it is reaped */
        struct process *parent;                 /* of the first process: one that stands for the kernel's main thread */
        struct list_node sibling;               /* in one of the two lists of the parent */
        struct list children;                   /* that have not exited */
        struct list zombies;                    /* the exit queue: children that have, the first to exit first */
        struct list threads;
        unsigned running;                       /* threads that have not exited */
        bool exiting, exited;                   /* its threads are to exit; all have */
        uint64_t status;                        /* once it is exiting */
        bool was_left_behind;                   /* it had not exited when the run ended */
        uint64_t group;                         /* the id of the process that was its first member */
};

struct process {
        uint64_t id;                            /* never reused */
        char name[PROCESS_NAME_SIZE];           /* both change with exec, under the lock of processes, ... */
        struct address_space *space;            /* ... and only while the process has one thread; NULL: a zombie */
        struct files files;
        struct page_fault fault;                /* what it was killed for */
        struct wait_queue exits;                /* woken when a child or a thread of this process has exited */
        struct { struct family guarded_; } family;
};

/*
 * Makes a process of a program, ready to run, with one argument, or none if it is empty. Errors as image_load(). O(size
 * of the program).
 */
struct error process_create(const struct cpio_file *program, const char *argument, struct process **out);

/*
 * Runs the first process until it has exited, then ends all processes that it leaves behind, and names them on the
 * console. Yields the status of the first process. For the kernel's main thread, one process at a time.
 */
uint64_t process_run(struct process *process);

/*
 * Set once, when the machine starts: processes that are left behind are not ended, but waited for until they have
 * exited by themselves.
 */
extern bool process_wait_for_left_behind;

/* Frees a process that never ran, or has exited. O(pages of its space). */
void process_destroy(struct process *process);

/*
 * Runs what a command line asks for: "program" or "program:argument". FAILED unless the program exits with status 0;
 * the console says what became of it. The process is not freed, so that the last keyframe shows its space.
 */
enum verdict process_execute(const char *words);

/* The process of the thread that runs, "this process" in what follows; NULL if it is a thread of the kernel's own. */
struct process *process_current(void);

/* Ends a process and all its threads, wherever they are. NOT_FOUND. O(log n + its threads). */
struct error process_kill(uint64_t id);

/*
 * Ends the calling thread, and with the last thread its process; or all threads of the process. The last one closes the
 * files, before anybody sees that the process has exited: O(children + open files).
 */
_Noreturn void process_thread_exit(void);
_Noreturn void process_exit(uint64_t status);

/*
 * Ends the process that has most memory, to be called when this process needs a frame and none is free, and again until
 * it may take memory: while a process is exiting, which gives back its memory, this only lets it run. Of processes that
 * are about as large (the same number of MiB) the youngest is ended; the first process is spared. If it is in another
 * group than the first process, all of the group are ended with it, so that the group does not grow again. The console
 * and the trace say which. False if there is none to end, or if this thread is killed: then it must exit itself.
 * O(n log n).
 */
bool process_end_largest(void);

/*
 * Whether this process may take memory now: there is a frame, and more than are reserved, or this is one of those who
 * clean up, the group of the first process and threads that were killed. O(1).
 */
bool process_may_take_memory(void);

/* Describes the process with the lowest id above `after`; false if there is none. O(log n + its pages). */
bool process_next(uint64_t after, struct process_listing *out);

/* Sends all threads of all processes and of the kernel, as part of a keyframe. The caller holds no lock. O(threads). */
void processes_show(void);

/* Lists regions of a process from an address on, as address_space_list(). NOT_FOUND. O(log n) besides that. */
struct error process_regions(uint64_t id, uintptr_t from, struct region_listing *out, size_t most, size_t *count);
