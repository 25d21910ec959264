#include "child_clock.h"
#include "control_server.h"
#include "error_message.h"
#include "machine.h"
#include "qemu_command.h"
#include "qemu_monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONSOLE_TAIL = 2048, PIPE_SIZE = 1 << 20 };
static const double RESTS_AFTER = 0.05;         /* seconds of QEMU's processor time */

/* The pipes of a line with two ways, by what QEMU adds to the names of its two lines. */
enum { UART_IN, PORT_IN, PORT_OUT, PIPES };
static const char *const pipe_name[PIPES] = { "trace.in", "trace.port.in", "trace.port.out" };

struct machine {
        char folder[64];                        /* private, empty string: none */
        char *fifo, *console;
        char *monitor;                          /* where QEMU listens for the question where the machine hangs; NULL: nowhere */
        int interrupted;                        /* the connection on which it was asked; -1: it was not */
        char *pipe[PIPES];                      /* with control: all that is made for it */
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

/* --- signals ---------------------------------------------------------------------------------------------- */

/* Empty: a handled signal interrupts ppoll(), which ends the wait for the machine. */
static void stop([[maybe_unused]] int number)
{
}

/* Blocks the signals that stop this program, except while it waits. A second one of a kind has its default effect. */
static void hold_signals(struct machine *machine)
{
        static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
        struct sigaction action = { .sa_handler = stop, .sa_flags = (int)SA_RESETHAND };
        sigset_t held;

        sigemptyset(&held);
        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
                sigaction(signals[i], &action, NULL);
                sigaddset(&held, signals[i]);
        }
        sigprocmask(SIG_BLOCK, &held, &machine->waiting);
}

/* --- starting --------------------------------------------------------------------------------------------- */

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

/* The path of something in the private folder; NULL if there is no memory. */
static char *path_in_folder(const struct machine *machine, const char *name)
{
        char *path;

        return asprintf(&path, "%s/%s", machine->folder, name) < 0 ? NULL : path;
}

/*
 * Both lines send into one pipe, so that what arrives is one stream. Commands go to the line that the kernel will use.
 */
static struct error make_pipes(struct machine *machine, const struct machine_options *options)
{
        for (size_t i = 0; i < PIPES; i++) {
                machine->pipe[i] = path_in_folder(machine, pipe_name[i]);
                if (!machine->pipe[i])
                        return fail_no_memory();
                if ((i == PORT_OUT ? symlink(machine->fifo, machine->pipe[i]) : mkfifo(machine->pipe[i], 0600)) < 0)
                        return FAILF(IO, "%s: %s", machine->pipe[i], strerror(errno));
        }
        machine->commands = open(machine->pipe[options->transport == MACHINE_UART ? UART_IN : PORT_IN],
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
        machine->fifo = path_in_folder(machine, options->control ? "trace.out" : "trace");
        machine->console_is_ours = !options->console;
        if (!to_output)
                machine->console = options->console ? strdup(options->console) : path_in_folder(machine, "console");
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

static struct error launch(struct machine *machine)
{
        int input = open("/dev/null", O_RDONLY | O_CLOEXEC), console = -1;
        pid_t parent = getpid();

        if (machine->console)
                console = open(machine->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (input < 0 || (machine->console && console < 0)) {
                int reason = errno;

                close(input);
                return FAILF(IO, "%s: %s", machine->console ? machine->console : "/dev/null", strerror(reason));
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

static struct error compose(struct machine *machine, const struct machine_options *options)
{
        char *trace = path_in_folder(machine, "trace");
        struct error error;

        if (!options->control)
                machine->monitor = path_in_folder(machine, "monitor");
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
        TRY(need_program());
        TRY(need_file(options->kernel, "kernel"));
        TRY(need_file(options->initrd, "initrd"));
        TRY(make_folder(machine, options));
        if (options->control)
                TRY(make_pipes(machine, options));
        TRY(compose(machine, options));
        machine->silence = options->silence;
        machine->longest = options->longest;
        hold_signals(machine);
        TRY(launch(machine));
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
        error = start(machine, options);
        if (error.code) {
                machine_finish(machine);
                machine_destroy(machine);
                return error;
        }
        *out = machine;
        return SUCCESS;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

/* Whether a bound has been reached, and which. */
static enum machine_stop bound_reached(const struct machine *machine)
{
        const double silent = machine->clock.elapsed - machine->clock_then.elapsed;
        const double busy = machine->clock.busy - machine->clock_then.busy;

        if (silent >= machine->silence)
                return busy > silent / 2 ? MACHINE_SILENT_BUSY : MACHINE_SILENT_IDLE;
        if (machine->longest && machine->clock.elapsed >= machine->longest)
                return MACHINE_TOO_LONG;
        return MACHINE_ENDED;
}

/* While the machine stands, since a controller wants it to, neither bound counts. */
static bool stands(const struct machine *machine)
{
        return machine->server && control_server_all_stand(machine->server);
}

/*
 * The processors of a machine that stands look for commands all the time. So that this takes no processor of the host, QEMU
 * itself is stopped once no command can be under way, until the next one is passed on: QEMU has read all of them long ago,
 * has worked since, and nothing came of it. A UART takes a while: 16 bytes at a time.
 */
static void rest(struct machine *machine, double looked, bool nothing_came)
{
        const bool had_read_all = machine->has_read_all;
        int unread = 0;

        machine->has_read_all = ioctl(machine->commands, FIONREAD, &unread) == 0 && !unread;
        if (machine->rests || !nothing_came || !had_read_all || !machine->has_read_all || looked < RESTS_AFTER)
                return;
        machine->rests = true;
        kill(machine->process, SIGSTOP);
}

/*
 * A machine that hangs is interrupted once, so that its kernel panics and says where it was. The bound then counts again
 * from here; how the machine ended is decided already.
 */
static bool was_interrupted(struct machine *machine)
{
        if (machine->ending.stop != MACHINE_SILENT_BUSY || machine->interrupted >= 0 || !machine->monitor)
                return false;
        machine->interrupted = qemu_monitor_interrupt(machine->monitor);
        if (machine->interrupted < 0)
                return false;
        machine->clock_then = machine->clock;
        machine->ending.stop = MACHINE_ENDED;
        return true;
}

/* Waits for one of the descriptors. False, with the reason in `ending`, if the machine must be killed instead. */
static bool wait_for(struct machine *machine, struct pollfd *watched, nfds_t count)
{
        static const struct timespec step = { .tv_nsec = (long)(CHILD_CLOCK_STEP_MAX * 1e9) };
        int ready;

        do {
                ready = ppoll(watched, count, &step, &machine->waiting);
                if (ready < 0) {
                        machine->ending.stop = MACHINE_INTERRUPTED;
                        return false;
                }
                if (stands(machine))
                        rest(machine, child_clock_skip(&machine->clock), ready == 0);
                else
                        child_clock_update(&machine->clock);
                if (ready > 0 || stands(machine))
                        machine->clock_then = machine->clock;
                machine->ending.stop = bound_reached(machine);
        } while (ready == 0 && (machine->ending.stop == MACHINE_ENDED || was_interrupted(machine)));
        return machine->ending.stop == MACHINE_ENDED;
}

/*
 * Waits for the trace line, the machine's end, or the controller, and serves the latter. What a controller is sent was
 * read by an earlier call: so it is in the recording by now.
 */
static bool watch(struct machine *machine, struct pollfd watched[2 + CONTROL_SERVER_DESCRIPTORS])
{
        bool goes_on;

        watched[0] = (struct pollfd){ machine->trace, POLLIN, 0 };
        watched[1] = (struct pollfd){ machine->process_ended, POLLIN, 0 };
        if (!machine->server)
                return wait_for(machine, watched, 2);
        control_server_watch(machine->server, watched + 2);
        goes_on = wait_for(machine, watched, 2 + CONTROL_SERVER_DESCRIPTORS);
        control_server_serve(machine->server, watched + 2);
        if (control_server_has_passed_on(machine->server) && machine->rests) {
                machine->rests = false;
                kill(machine->process, SIGCONT);
        }
        return goes_on;
}

/* Waits until there is something to read or the machine has ended (what is left is read first), or must be killed. */
static struct error machine_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct machine *machine = context;
        struct pollfd watched[2 + CONTROL_SERVER_DESCRIPTORS];

        *got = 0;
        while (watch(machine, watched)) {
                ssize_t result;

                if (!watched[0].revents && !watched[1].revents)
                        continue;
                if (!watched[0].revents)
                        break;
                result = read(machine->trace, bytes, size);
                if (result >= 0) {
                        if (machine->server)
                                control_server_see(machine->server, bytes, (size_t)result);
                        *got = (size_t)result;
                        break;
                }
                if (errno != EAGAIN)
                        return FAILF(IO, "the trace line cannot be read: %s", strerror(errno));
        }
        return SUCCESS;
}

bool machine_ask_keyframe(struct machine *machine)
{
        return machine->server && control_server_ask_keyframe(machine->server);
}

static void close_nothing([[maybe_unused]] void *context)
{
}

struct source machine_source(struct machine *machine)
{
        return (struct source){ machine, machine_read, close_nothing };
}

/* --- ending ----------------------------------------------------------------------------------------------- */

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
        if (machine->ending.stop != MACHINE_ENDED || !wait_for(machine, &watched, 1))
                kill(machine->process, SIGKILL);
        waitpid(machine->process, &status, 0);
        sigprocmask(SIG_SETMASK, &machine->waiting, NULL);
        machine->process = 0;
        machine->ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (machine->interrupted >= 0)
                machine->ending.stop = MACHINE_SILENT_BUSY;
        return machine->ending;
}

void machine_print_console(const struct machine *machine, FILE *out)
{
        FILE *console = machine->console ? fopen(machine->console, "rb") : NULL;
        char tail[CONSOLE_TAIL + 1], *start = tail;
        size_t length;

        if (!console)
                return;
        if (fseek(console, -CONSOLE_TAIL, SEEK_END) == 0)
                start = NULL;                   /* begins in the middle of a line */
        else
                rewind(console);
        length = fread(tail, 1, CONSOLE_TAIL, console);
        fclose(console);
        tail[length] = 0;
        for (size_t i = 0; i < length; i++)
                if (tail[i] == 0 || tail[i] == '\r')
                        tail[i] = ' ';
        if (!start)
                start = strchr(tail, '\n') ? strchr(tail, '\n') + 1 : tail;
        if (!*start) {
                fprintf(out, "The console stayed empty.\n");
                return;
        }
        fprintf(out, "The console's last lines:\n");
        for (char *line; (line = strsep(&start, "\n"));) {
                text_make_printable(line, strlen(line));
                if (*line)
                        fprintf(out, "  | %s\n", line);
        }
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
        for (size_t i = 0; i < PIPES; i++) {
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
        qemu_command_free(&machine->command);
        free(machine->fifo);
        free(machine->monitor);
        free(machine->console);
        free(machine);
}
