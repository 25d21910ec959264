/*
 * A machine to record: one QEMU process, its private temporary folder, its trace line as a source of bytes.
 *
 *      TRY(machine_start(&options, &machine));
 *      ... read machine_source(machine) to its end ...
 *      ending = machine_finish(machine);
 *
 * The process is a child of this one. It is killed when it is silent or takes too long, when this process is told to
 * stop (SIGINT, SIGTERM, SIGHUP), and when this process dies. Its temporary folder is removed.
 *
 * Both bounds count only time in which QEMU could run (child_clock.h): a busy host makes no run fail.
 */
#pragma once

#include "stream/source.h"

#include <stdio.h>

enum { MACHINE_CPUS_MAX = 8 };

/* In MiB: with less the kernel does not start a program on every type of machine, with all processors. */
enum { MACHINE_MEMORY_LEAST = 9 };

/* What the machine has for its trace line: a virtio serial port beside the UART, or the UART alone. */
enum machine_transport { MACHINE_AUTO, MACHINE_UART, MACHINE_VIRTIO };

struct machine_options {
        const char *kernel, *initrd;
        const char *type;                       /* pc, q35 or microvm; its properties may follow, as in QEMU: pc,acpi=off */
        uint64_t cpus;
        const char *memory;                     /* as QEMU takes it: 128M */
        const char *append;                     /* the kernel's command line */
        const char *console;                    /* a file; "-": standard output; NULL: only kept until the end */
        enum machine_transport transport;
        const char *control;                    /* a folder, for the socket of controllers; NULL: the line has one way */
        const char *recording;                  /* with `control`: where the recording will be, for controllers */
        bool repeatable;                        /* time counts instructions, so that every run is the same */
        bool confined;                          /* QEMU takes from itself what it does not need: new programs, other users */
        uint64_t seed;
        unsigned silence;                       /* seconds without a byte on the trace line, after which it is killed */
        unsigned longest;                       /* seconds until it is killed in any case; 0: no such bound */
};

/* How a machine ended. */
enum machine_stop {
        MACHINE_ENDED,                          /* by itself. Else we killed it, because ... */
        MACHINE_SILENT_BUSY,                    /* ... nothing arrived, though it was at work */
        MACHINE_SILENT_IDLE,                    /* ... nothing arrived, and it was idle */
        MACHINE_TOO_LONG,                       /* ... it had run for longer than was allowed */
        MACHINE_INTERRUPTED,                    /* ... this process was told to stop */
};

struct machine_ending {
        enum machine_stop stop;
        int status;                             /* QEMU's exit status; -1 if a signal killed it */
};

struct machine;

/* BAD_ARGUMENT, NOT_FOUND or IO with an error message that says what to do. */
struct error machine_start(const struct machine_options *options, struct machine **out);

/* What the machine writes to its trace line. It ends when the machine does, or is killed. Closing it does nothing. */
struct source machine_source(struct machine *machine);

/*
 * Asks the kernel for a keyframe. False if it cannot be asked now: the line has one way, a controller is connected (who
 * may ask for one), or all processors stand.
 */
bool machine_ask_keyframe(struct machine *machine);

/* Kills the machine at once, and it counts as having taken too long. */
void machine_stop_too_long(struct machine *machine);

/* Waits for the machine, which has ended or is about to; it is killed where it is silent instead. */
struct machine_ending machine_finish(struct machine *machine);

/* The last lines of the console, to a stream. */
void machine_print_console(const struct machine *machine, FILE *out);

/* The command line that was used, as a shell would take it. */
void machine_print_command(const struct machine *machine, FILE *out);

void machine_destroy(struct machine *machine);
