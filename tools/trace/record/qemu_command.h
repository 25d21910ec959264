/*
 * The command line of QEMU for a machine to record.
 *
 *      struct qemu_command command = { 0 };
 *
 *      TRY(qemu_command_compose(&command, &options, "/tmp/trace"));
 *      execvp(qemu_program, command.argument);
 */
#pragma once

#include "record/machine.h"

enum { QEMU_ARGUMENTS_MAX = 64 };

extern const char qemu_program[];

struct qemu_command {
        char *argument[QEMU_ARGUMENTS_MAX];     /* ended by NULL, as execvp() takes them */
        size_t arguments;
};

/*
 * Fills a command that is all zero. The machine writes its trace to the path `trace`; with options->control to the pipe
 * `trace`.out, for both lines, and reads the UART's line from `trace`.in, that of the virtio port from `trace`.port.in.
 * QEMU listens for commands of its monitor at the socket `monitor`, unless it is NULL. BAD_ARGUMENT or NO_MEMORY with
 * an error message; what was made until then is to be freed all the same.
 */
struct error qemu_command_compose(struct qemu_command *command, const struct machine_options *options,
                                  const char *trace,
                                  const char *monitor);

/* As a shell would take it, on a line. */
void qemu_command_print(const struct qemu_command *command, FILE *out);

void qemu_command_free(struct qemu_command *command);
