/*
 * A machine to record: one QEMU process, its private temporary folder, its trace line as a source of bytes.
 *
 *      TRY(machine_start(&options, &machine));
 *      ... read machine_source(machine) to its end ...
 *      ending = machine_finish(machine);
 *
 * The process is this program's own: it is waited for, killed at the deadline or when we are told to stop (SIGINT,
 * SIGTERM, SIGHUP), and dies with us. Nothing is left behind.
 */
#pragma once

#include "source.h"

#include <stdio.h>

enum { MACHINE_CPUS_MAX = 8 };

/* In MiB: with less the kernel does not start a program on every type of machine, with all processors. */
enum { MACHINE_MEMORY_LEAST = 9 };

struct machine_options {
        const char *kernel, *initrd;
        const char *type;                       /* pc, q35 or microvm; its properties may follow, as in QEMU: pc,acpi=off */
        uint64_t cpus;
        const char *memory;                     /* as QEMU takes it: 128M */
        const char *append;                     /* the kernel's command line */
        const char *console;                    /* a file; "-": standard output; NULL: only kept until the end */
        bool repeatable;                        /* time counts instructions, so that every run is the same */
        uint64_t seed;
        unsigned deadline;                      /* seconds */
};

/* How a machine came to its end. */
struct machine_ending {
        bool timed_out, interrupted;            /* we killed it: the deadline passed, or we were told to stop */
        int status;                             /* QEMU's exit status; -1 if a signal killed it */
};

struct machine;

/* BAD_ARGUMENT, NOT_FOUND or IO with a complaint that says what to do. */
struct error machine_start(const struct machine_options *options, struct machine **out);

/* What the machine writes to its trace line. It ends when the machine does, or is killed. Closing it does nothing. */
struct source machine_source(struct machine *machine);

/* Kills the machine if it still runs, and waits for it. */
struct machine_ending machine_finish(struct machine *machine);

/* The last lines of the console, to a stream. */
void machine_print_console(const struct machine *machine, FILE *out);

/* The command line that was used, as a shell would take it. */
void machine_print_command(const struct machine *machine, FILE *out);

void machine_destroy(struct machine *machine);
