/*
 * What `regiontrace record` was asked to do: its options, and what follows from them for the machine and its kernel.
 *
 *      if (!record_options_take(argc, argv, &options, &status))
 *              return status;
 *      ... record options.from, or the run of options.machine ...
 *      record_options_free(&options);
 */
#pragma once

#include "record/machine.h"

struct record_options {
        struct machine_options machine;
        bool has_deadline;
        unsigned deadline;                      /* seconds: of the machine's own time, or as for `machine.longest` */
        const char *output;
        const char *from;                       /* a stream that exists already; NULL: boot the machine */
        const char *run, *exec, *append;        /* words of the kernel's command line; NULL: none */
        bool verbose;
        bool wait_all;
        char *command_line;                     /* of the kernel, made of those words; NULL without a machine */
};

/*
 * Takes the options of the command line. False if there is nothing to record: the help was printed, or an error;
 * `*status` is then the exit status.
 */
bool record_options_take(int argc, char **argv, struct record_options *out, int *status);
void record_options_free(struct record_options *options);

/* The time of the machine's own clock, in seconds, after which it is stopped; 0: no such bound. */
unsigned record_guest_seconds(const struct record_options *options);
