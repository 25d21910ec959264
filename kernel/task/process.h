/*
 * A process: a program that runs in ring 3, with an address space, open files, and one thread or more.
 *
 * Processes begin by fork, as a copy of their parent, and may turn into another program by exec. A process that is
 * over stays, with its space, until its parent has waited for it. One whose parent is over goes to the first process,
 * the one that the command line asked for, or, when that is over too, to the kernel's main thread, which ends it.
 */
#pragma once

#include "lib/vocabulary/verdict.h"
#include "task/file.h"
#include "task/image.h"
#include "task/system_call.h"

/* Statuses of its own are 0 to 127. Killed: PROCESS_KILLED plus the trap, or plus one that no trap has any more. */
enum { PROCESS_STATUS_MOST = 127, PROCESS_KILLED = 128, PROCESS_KILLED_BY_CALL = PROCESS_KILLED + 9 };

/* Guarded by the lock of processes. */
struct kin {
        struct process *next;                   /* among all, in order of their ids */
        struct process *parent;                 /* NULL: the kernel's main thread */
        struct thread *threads;
        unsigned running;                       /* threads that are not over */
        bool ending, ended;                     /* its threads are to end; they have */
        uint64_t status;                        /* once it is ending */
};

struct process {
        uint64_t id;                            /* never reused */
        char name[PROCESS_NAME_SIZE];           /* both change with exec, under the lock of processes, ... */
        struct address_space *space;            /* ... and only while the process has one thread */
        struct files files;
        struct page_fault fault;                /* what it was killed for */
        struct wait_queue news;                 /* a child or a thread of its is over */
        struct { struct kin guarded_; } kin;
};

/* Makes a process of a program, ready to run. Errors as image_load(). */
struct error process_create(const struct cpio_file *program, const char *argument, struct process **out);

/* Runs it until it is over, and ends all that it leaves behind. Yields its status. For one kernel thread at a time. */
uint64_t process_run(struct process *process);

/* Frees a process that never ran, or is over. */
void process_destroy(struct process *process);

/*
 * Runs what a command line asks for: "program" or "program:argument". FAILED unless the program exits with status 0;
 * the console says what became of it. The process stays, for the last keyframe to show.
 */
enum verdict process_execute(const char *words);

/* This process, in what follows: that of the thread that runs; NULL if it is the kernel's own. */
struct process *process_current(void);

/* A copy of this process: of its space, its open files, and of the thread that runs. NO_MEMORY. */
struct error process_fork(uint64_t *child);

/*
 * Turns this process into another program; threads that are over, and were not joined, are gone with the old one.
 * BAD_ARGUMENT if there is another that is not over, NOT_FOUND, else as image_load().
 */
struct error process_exec(const char *program, const char *argument);

/* Waits until a child (0: any) is over, and frees it. NOT_FOUND if there is none, INTERRUPTED. */
struct error process_wait(uint64_t child, uint64_t *status, uint64_t *which);

/* Ends a process and all its threads, wherever they are. NOT_FOUND. */
struct error process_kill(uint64_t id);

/* One more thread of this process, that begins at an address with a stack and an argument. BAD_ARGUMENT, NO_MEMORY. */
struct error process_thread(uintptr_t where, uintptr_t stack, uint64_t argument, uint64_t *id);

/* Waits until another thread of this process is over, and frees it. BAD_ARGUMENT (itself), NOT_FOUND, INTERRUPTED. */
struct error process_join(uint64_t id);

/* Ends the thread that runs, and its process with the last; or all threads of the process. */
_Noreturn void process_thread_exit(void);
_Noreturn void process_exit(uint64_t status);

/* Lists the process with the lowest id above `after`; false if there is none. O(processes + its pages). */
bool process_next(uint64_t after, struct process_listing *out);

/* Lists regions of a process from an address on, as address_space_list(). NOT_FOUND. */
struct error process_regions(uint64_t id, uintptr_t from, struct region_listing *out, size_t most, size_t *count);
