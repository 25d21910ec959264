#include "base/error_message.h"
#include "control/control_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 64, LOOKS_MOST = 1000, LOOK_MILLISECONDS = 10 };

/* What the recorder makes in our folder, and what we let it write there. */
static const char *const files[] = { "control", "run.rtrace", "said" };

static char *path_in_folder(const struct control *control, const char *name)
{
        char *path;

        return asprintf(&path, "%s/%s", control->folder, name) < 0 ? NULL : path;
}

/* The recorder's program lies beside this one; if not, the one in PATH is taken. */
static void find_program(char out[PATH_MAX])
{
        ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - sizeof "regiontrace");
        char *name;

        out[length > 0 ? length : 0] = 0;
        name = strrchr(out, '/');
        if (name)
                strcpy(name + 1, "regiontrace");
        if (!name || access(out, X_OK) < 0)
                strcpy(out, "regiontrace");
}

/* In the child process. It is ended when its parent is. */
_Noreturn static void become_recorder(const char *program, char *const *arguments, pid_t parent, const char *said)
{
        int input = open("/dev/null", O_RDONLY), output = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        prctl(PR_SET_PDEATHSIG, SIGTERM);
        signal(SIGINT, SIG_IGN);                /* the terminal's Ctrl-C is for the parent */
        if (getppid() != parent || input < 0 || output < 0 || dup2(input, STDIN_FILENO) < 0 ||
            dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
                _exit(127);
        execvp(program, arguments);
        perror(program);
        _exit(127);
}

static struct error launch(struct control *control, const char *const *more)
{
        char *recording = path_in_folder(control, "run.rtrace"), *said = path_in_folder(control, "said");
        char program[PATH_MAX];
        char *arguments[ARGUMENTS_MAX] = { program, "record", "--control", control->folder, "-o", recording };
        struct error error = SUCCESS;
        size_t count = 6;
        pid_t parent = getpid();

        find_program(program);
        for (; *more && count < ARGUMENTS_MAX - 1; more++)
                arguments[count++] = (char *)*more;     /* execvp() does not change them */
        if (!recording || !said) {
                error = fail_no_memory();
        } else if (*more) {
                error = FAILF(BAD_ARGUMENT, "too many arguments for the recorder");
        } else {
                fflush(NULL);
                control->child = fork();
                if (control->child == 0)
                        become_recorder(program, arguments, parent, said);
        }
        free(recording);
        free(said);
        if (!error.code && control->child < 0) {
                control->child = 0;
                error = FAILF(IO, "no process can be started: %s", strerror(errno));
        }
        return error;
}

/* The recorder has ended too early: its own words are the error message. */
static struct error fail_as_recorder_says(const struct control *control)
{
        char *path = path_in_folder(control, "said"), words[512] = "";
        FILE *said = path ? fopen(path, "r") : NULL;

        if (said) {
                words[fread(words, 1, sizeof words - 1, said)] = 0;
                fclose(said);
        }
        free(path);
        words[strcspn(words, "\n")] = 0;
        return FAILF(IO, "the recorder could not start the machine: %s", *words ? words : "it said nothing");
}

/* Connects as soon as the recorder listens. */
static struct error wait_for_recorder(struct control *control)
{
        char *socket = path_in_folder(control, "control");
        struct error error = SUCCESS;

        if (!socket)
                return fail_no_memory();
        for (unsigned look = 0; access(socket, F_OK) < 0 && look < LOOKS_MOST && !error.code; look++) {
                nanosleep(&(struct timespec){ .tv_nsec = LOOK_MILLISECONDS * 1000000 }, NULL);
                if (waitpid(control->child, NULL, WNOHANG) == control->child) {
                        control->child = 0;
                        error = fail_as_recorder_says(control);
                }
        }
        if (!error.code)
                error = control_connect(control, socket);
        free(socket);
        return error;
}

static struct error boot(struct control *control, const char *const *arguments)
{
        char folder[] = "/tmp/regiontrace-control-XXXXXX";

        if (!mkdtemp(folder))
                return FAILF(IO, "no temporary folder can be made in /tmp: %s", strerror(errno));
        control->folder = strdup(folder);
        if (!control->folder) {
                rmdir(folder);
                return fail_no_memory();
        }
        TRY(launch(control, arguments));
        return wait_for_recorder(control);
}

struct error control_boot(const char *const *arguments, struct control **out)
{
        struct control *control = control_allocate();
        struct error error = control ? boot(control, arguments) : fail_no_memory();

        if (error.code) {
                control_close(control);
                return error;
        }
        *out = control;
        return SUCCESS;
}

void control_end_child(struct control *control)
{
        if (control->child) {
                kill(control->child, SIGTERM);
                waitpid(control->child, NULL, 0);
        }
        for (size_t i = 0; control->folder && i < sizeof files / sizeof *files; i++) {
                char *path = path_in_folder(control, files[i]);

                if (path)
                        unlink(path);
                free(path);
        }
        if (control->folder)
                rmdir(control->folder);
        free(control->folder);
}
