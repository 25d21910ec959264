#include "base/error_message.h"
#include "control/control_server.h"
#include "record/machine_internal.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct error compose(struct machine *machine, const struct machine_options *options)
{
        char *trace = machine_folder_path(machine, "trace");
        struct error error;

        if (!options->control)
                machine->monitor = machine_folder_path(machine, "monitor");
        if (!trace || (!options->control && !machine->monitor)) {
                free(trace);
                return fail_no_memory();
        }
        error = qemu_command_compose(&machine->command, options, trace, machine->monitor);
        free(trace);
        return error;
}

static struct error start(struct machine *machine, const struct machine_options *options)
{
        TRY(machine_check_files(options));
        TRY(machine_folder_make(machine, options));
        TRY(compose(machine, options));
        machine->silence = options->silence;
        machine->longest = options->longest;
        TRY(machine_launch(machine));
        /* When instructions are counted, QEMU runs all processors of the machine in one thread. */
        child_clock_start(&machine->clock, machine->process, options->repeatable ? 1 : (unsigned)options->cpus);
        machine->clock_then = machine->clock;
        return SUCCESS;
}

struct error machine_start(const struct machine_options *options, struct machine **out)
{
        struct machine *machine = calloc(1, sizeof *machine);
        struct error error;

        if (!machine)
                return fail_no_memory();
        machine->trace = machine->process_ended = machine->commands = machine->interrupted = -1;
        machine_hold_signals(machine);
        error = start(machine, options);
        if (error.code) {
                machine_finish(machine);
                machine_destroy(machine);
                return error;
        }
        *out = machine;
        return SUCCESS;
}

bool machine_ask_keyframe(struct machine *machine)
{
        return machine->server && control_server_ask_keyframe(machine->server);
}

void machine_stop_too_long(struct machine *machine)
{
        machine->ending.stop = MACHINE_TOO_LONG;
}

/* A machine that closed its trace line is about to exit. */
struct machine_ending machine_finish(struct machine *machine)
{
        struct pollfd watched = { machine->process_ended, POLLIN, 0 };
        int status = 0;

        if (!machine->process)
                return machine->ending;
        if (machine->ending.stop != MACHINE_ENDED || !machine_wait(machine, &watched, 1))
                kill(machine->process, SIGKILL);
        waitpid(machine->process, &status, 0);
        machine->process = 0;
        machine->ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (machine->interrupted >= 0)
                machine->ending.stop = MACHINE_SILENT_BUSY;
        return machine->ending;
}

void machine_print_command(const struct machine *machine, FILE *out)
{
        qemu_command_print(&machine->command, out);
}

void machine_destroy(struct machine *machine)
{
        if (machine->trace >= 0)
                close(machine->trace);
        if (machine->process_ended >= 0)
                close(machine->process_ended);
        if (machine->interrupted >= 0)
                close(machine->interrupted);
        control_server_stop(machine->server);
        if (machine->commands >= 0)
                close(machine->commands);
        machine_folder_remove(machine);
        qemu_command_free(&machine->command);
        machine_release_signals(machine);
        free(machine);
}
