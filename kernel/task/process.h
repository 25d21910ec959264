/*
 * A process: a program of the initial ramdisk, with an address space of its own, to run in ring 3.
 *
 *      struct cpio_file program;
 *      struct process *process;
 *
 *      if (!initrd_find("ops", &program))
 *              return FAIL(NOT_FOUND);
 *      TRY(process_create(&program, "python3.ops", &process));
 *      status = process_run(process);
 *      process_destroy(process);
 *
 * Its space, from low to high addresses: the program's segments, the file it is to work on, whatever it maps, and its
 * stack between two guard pages. Whoever created a process destroys it, and then every frame it took is free again.
 * One process runs at a time, until it is over.
 */
#pragma once

#include "lib/cpio.h"
#include "mm/page_fault.h"

enum { PROCESS_NAME_SIZE = 32 };

/* Statuses of its own are 0 to 127. One that was killed has PROCESS_KILLED plus the number of the trap. */
enum { PROCESS_STATUS_MOST = 127, PROCESS_KILLED = 128 };

struct process {
        uint64_t id;                            /* never reused */
        char name[PROCESS_NAME_SIZE];
        struct address_space *space;
        uintptr_t entry, stack_top;             /* where it begins */
        uintptr_t argument;                     /* what it is given: a text, ... */
        struct vrange file;                     /* ... and a file's bytes; empty if there is none */
        struct page_fault fault;                /* its last one */
        uint64_t status;                        /* once it is over */
};

/*
 * Loads a program. It is given the argument as a text and, if a file of the ramdisk has that name, the file's bytes in
 * a region that it may read. BAD_INPUT or OVERLAP if it is not a program that can run, BAD_ARGUMENT if the argument is
 * longer than half a page, NO_MEMORY.
 */
struct error process_create(const struct cpio_file *program, const char *argument, struct process **out);

void process_destroy(struct process *process);

/* Runs it until it is over. Yields its status. */
uint64_t process_run(struct process *process);

/* The one that runs; NULL if none does. */
struct process *process_current(void);

/* Ends the process that runs: process_run() returns. */
_Noreturn void process_exit(uint64_t status);

/*
 * Runs what a command line asks for: "program" or "program:argument". FAILED unless the program exits with status 0;
 * the console says what became of it. The process stays, for the last keyframe to show.
 */
enum verdict process_execute(const char *words);
