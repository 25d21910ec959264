#include "base/error_message.h"
#include "record/machine_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <unistd.h>

/* --- what it needs ---------------------------------------------------------------------------------------- */

static struct error need_program(void)
{
        const char *path = getenv("PATH");
        char *folders = strdup(path ? path : "/usr/bin:/bin"), *rest = folders, *folder;
        bool found = false;

        if (!folders)
                return fail_no_memory();
        while (!found && (folder = strsep(&rest, ":"))) {
                char *candidate;

                if (asprintf(&candidate, "%s/%s", folder, qemu_program) < 0)
                        break;
                found = access(candidate, X_OK) == 0;
                free(candidate);
        }
        free(folders);
        if (!found)
                return FAILF(NOT_FOUND, "%s is not installed: run tools/setup, or apt-get install qemu-system-x86",
                             qemu_program);
        return SUCCESS;
}

static struct error need_file(const char *path, const char *target)
{
        if (access(path, R_OK) < 0)
                return FAILF(NOT_FOUND, "%s: %s; `make %s' makes it", path, strerror(errno), target);
        return SUCCESS;
}

struct error machine_check_files(const struct machine_options *options)
{
        TRY(need_program());
        TRY(need_file(options->kernel, "kernel"));
        return need_file(options->initrd, "initrd");
}

/* --- signals ---------------------------------------------------------------------------------------------- */

/* Empty: a handled signal interrupts ppoll(), which ends the wait for the machine. */
static void stop([[maybe_unused]] int number)
{
}

void machine_hold_signals(struct machine *machine)
{
        static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
        struct sigaction action = { .sa_handler = stop };
        sigset_t held;

        sigemptyset(&held);
        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
                sigaction(signals[i], &action, NULL);
                sigaddset(&held, signals[i]);
        }
        sigprocmask(SIG_BLOCK, &held, &machine->waiting);
}

/* --- the process ------------------------------------------------------------------------------------------ */

/* In the child process. Errors are reported by its exit status, and on standard error. */
_Noreturn static void become_qemu(struct machine *machine, pid_t parent, int input, int console)
{
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGINT, SIG_IGN);                /* the terminal's Ctrl-C is for the parent, which then kills us */
        sigprocmask(SIG_SETMASK, &machine->waiting, NULL);
        if (getppid() != parent || dup2(input, STDIN_FILENO) < 0 || (console >= 0 && dup2(console, STDOUT_FILENO) < 0))
                _exit(127);
        execvp(qemu_program, machine->command.argument);
        perror(qemu_program);
        _exit(127);
}

struct error machine_launch(struct machine *machine)
{
        int input = open("/dev/null", O_RDONLY | O_CLOEXEC), console = -1;
        pid_t parent = getpid();

        if (machine->console)
                console = open(machine->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (input < 0 || (machine->console && console < 0)) {
                int reason = errno;

                close(input);
                return FAILF(IO, "%s: cannot be opened: %s", machine->console ? machine->console : "/dev/null",
                             strerror(reason));
        }
        fflush(NULL);
        machine->process = fork();
        if (machine->process == 0)
                become_qemu(machine, parent, input, console);
        close(input);
        close(console);
        if (machine->process < 0) {
                machine->process = 0;
                return FAILF(IO, "no process can be started: %s", strerror(errno));
        }
        machine->process_ended = pidfd_open(machine->process, 0);
        if (machine->process_ended < 0)
                return FAILF(IO, "the process cannot be watched: %s", strerror(errno));
        return SUCCESS;
}

void machine_release_signals(const struct machine *machine)
{
        sigprocmask(SIG_SETMASK, &machine->waiting, NULL);
}
