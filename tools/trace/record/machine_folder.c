#include "base/error_message.h"
#include "control/control_server.h"
#include "record/machine_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIPE_SIZE = 1 << 20 };

/* What QEMU adds to the names of its two lines. */
static const char *const pipe_name[MACHINE_PIPES] = {
        [MACHINE_UART_IN] = "trace.in",
        [MACHINE_PORT_IN] = "trace.port.in",
        [MACHINE_PORT_OUT] = "trace.port.out",
};

char *machine_folder_path(const struct machine *machine, const char *name)
{
        char *path;

        return asprintf(&path, "%s/%s", machine->folder, name) < 0 ? NULL : path;
}

/*
 * Both lines send into one pipe, so that what arrives is one stream. Commands go to the line that the kernel will use.
 */
static struct error make_pipes(struct machine *machine, const struct machine_options *options)
{
        for (size_t i = 0; i < MACHINE_PIPES; i++) {
                machine->pipe[i] = machine_folder_path(machine, pipe_name[i]);
                if (!machine->pipe[i])
                        return fail_no_memory();
                if ((i == MACHINE_PORT_OUT ? symlink(machine->fifo, machine->pipe[i])
                                           : mkfifo(machine->pipe[i], 0600)) < 0)
                        return FAILF(IO, "%s: %s", machine->pipe[i], strerror(errno));
        }
        machine->commands = open(machine->pipe[options->transport == MACHINE_UART ? MACHINE_UART_IN : MACHINE_PORT_IN],
                                 O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (machine->commands < 0)
                return FAILF(IO, "%s: %s", machine->folder, strerror(errno));
        return control_server_start(options->control, options->recording, machine->commands, &machine->server);
}

static struct error make_folder(struct machine *machine, const struct machine_options *options)
{
        bool to_output = options->console && strcmp(options->console, "-") == 0;

        strcpy(machine->folder, "/tmp/regiontrace-XXXXXX");
        if (!mkdtemp(machine->folder)) {
                machine->folder[0] = 0;
                return FAILF(IO, "no temporary folder can be made in /tmp: %s", strerror(errno));
        }
        machine->fifo = machine_folder_path(machine, options->control ? "trace.out" : "trace");
        machine->console_is_ours = !options->console;
        if (!to_output)
                machine->console = options->console ? strdup(options->console) : machine_folder_path(machine, "console");
        if (!machine->fifo || (!to_output && !machine->console))
                return fail_no_memory();
        /* QEMU opens it for writing, which only works after it has been opened for reading. */
        if (mkfifo(machine->fifo, 0600) < 0 ||
            (machine->trace = open(machine->fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
                return FAILF(IO, "%s: %s", machine->fifo, strerror(errno));
        /*
         * While the pipe is full the machine waits, and its time then depends on the host. So the pipe should never be
         * full: this is the largest size without privileges. A smaller one is no error.
         */
        fcntl(machine->trace, F_SETPIPE_SZ, PIPE_SIZE);
        return SUCCESS;
}

struct error machine_folder_make(struct machine *machine, const struct machine_options *options)
{
        TRY(make_folder(machine, options));
        return options->control ? make_pipes(machine, options) : SUCCESS;
}

void machine_folder_remove(struct machine *machine)
{
        for (size_t i = 0; i < MACHINE_PIPES; i++) {
                if (machine->pipe[i])
                        unlink(machine->pipe[i]);
                free(machine->pipe[i]);
        }
        if (machine->fifo)
                unlink(machine->fifo);
        if (machine->monitor)
                unlink(machine->monitor);
        if (machine->console && machine->console_is_ours)
                unlink(machine->console);
        if (machine->folder[0])
                rmdir(machine->folder);
        free(machine->fifo);
        free(machine->monitor);
        free(machine->console);
}
