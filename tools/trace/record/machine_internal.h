/*
 * What the files of a machine (machine.h) share; no other file includes this.
 *
 *      machine.c               its life: started, finished, destroyed
 *      machine_folder.c        what lies in its private temporary folder
 *      machine_process.c       QEMU as a child process, and the signals that stop this one
 *      machine_watch.c         waiting for what it writes, within its bounds
 *      machine_console.c       the last lines of its console
 */
#pragma once

#include "record/child_clock.h"
#include "record/machine.h"
#include "record/qemu_command.h"

#include <poll.h>
#include <signal.h>

/* The pipes of a line with two ways. */
enum { MACHINE_UART_IN, MACHINE_PORT_IN, MACHINE_PORT_OUT, MACHINE_PIPES };

struct machine {
        char folder[64];                        /* private, empty string: none */
        char *fifo, *console;
        char *monitor;                          /* where QEMU listens for the question where the machine hangs; NULL: nowhere */
        int interrupted;                        /* the connection on which it was asked; -1: it was not */
        char *pipe[MACHINE_PIPES];              /* with control: all that is made for it */
        int commands;                           /* the writing end of the line to the kernel; -1: none */
        struct control_server *server;          /* NULL: none */
        bool rests;                             /* QEMU is stopped, since the machine waits for a command */
        bool has_read_all;                      /* at the last look, QEMU had read all that was sent to the kernel */
        bool console_is_ours;                   /* to be removed */
        struct qemu_command command;
        int trace;                              /* the reading end */
        pid_t process;                          /* 0: none, or waited for */
        int process_ended;                      /* a descriptor that becomes readable when it has */
        struct child_clock clock;
        struct child_clock clock_then;          /* `clock` when something last arrived */
        unsigned silence, longest;              /* the bounds, as in machine_options */
        sigset_t waiting;                       /* the signals let in while we wait, and only then */
        struct machine_ending ending;
};

/*
 * Makes the folder, in it the pipes, and opens their ends that are ours; with control also the socket of controllers.
 * IO, BAD_ARGUMENT or NO_MEMORY with an error message; machine_folder_remove() removes what was made until then.
 */
struct error machine_folder_make(struct machine *machine, const struct machine_options *options);

/* The path of something in the folder, to be freed; NULL if there is no memory. */
char *machine_folder_path(const struct machine *machine, const char *name);

/* Removes the folder and all that is in it. After QEMU's end, and after the descriptors were closed. */
void machine_folder_remove(struct machine *machine);

/* Whether QEMU, the kernel and the initial ramdisk are there. NOT_FOUND with a message that says how to get them. */
struct error machine_check_files(const struct machine_options *options);

/*
 * Blocks the signals that stop this process, except while it waits for the machine: so that nothing is left behind,
 * however many come, until machine_release_signals() lets them in again. One that came meanwhile has no effect then.
 */
void machine_hold_signals(struct machine *machine);
void machine_release_signals(const struct machine *machine);

/* Starts QEMU with `machine->command` as a child, which dies with this process. IO with an error message. */
struct error machine_launch(struct machine *machine);

/*
 * Waits for one of the descriptors. False, with the reason in `machine->ending`, if the machine must be killed instead.
 */
bool machine_wait(struct machine *machine, struct pollfd *watched, nfds_t count);
