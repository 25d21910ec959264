/*
 * grade_runner FOLDER SCRIPT...: runs op scripts with the student's code, each in a process of its own.
 *
 * For FOLDER/x.ops there will be x.rtrace, the recording; x.txt, what was printed; and x.end, how the process ended, in
 * one word: `exit', `hang', `large' for a recording without end, or a signal's number. After a process that did not
 * exit by itself no other script is run. All three are data for the grader and decide nothing: the code that ran here
 * could have written them.
 */
#include "host_env.h"
#include "test/script.h"

#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSOR_SECONDS = 2, HUNG = 99, TOO_LARGE = 98, RECORDING_MAX = 16 << 20 };

static int trace = -1;

static void write_trace(const void *bytes, size_t length)
{
        if (write(trace, bytes, length) != (ssize_t)length)
                _exit(TOO_LARGE);
}

/* Sends what waits, so that the recording reaches up to where the process died. */
static void send_rest(void)
{
        host_trace_flush();
}

/* After the undefined-behaviour sanitizer, or abort(). */
static void note_abort([[maybe_unused]] int signal)
{
        send_rest();
        raise(SIGABRT);                         /* by default: the handler was reset */
}

/* The first stack that is printed is the one that hangs. */
static void note_hang([[maybe_unused]] int signal)
{
        static const char words[] = "HANG: this is where the time went\n";

        if (write(2, words, sizeof words - 1) > 0)
                __sanitizer_print_stack_trace();
        send_rest();
        _exit(HUNG);
}

static char *read_all(const char *path, size_t *length)
{
        FILE *file = fopen(path, "rb");
        char *text = NULL;
        size_t room = 0;
        ssize_t got = file ? getdelim(&text, &room, 0, file) : -1;

        if (got < 0)
                exit(2);
        *length = (size_t)got;
        fclose(file);
        return text;
}

static void open_as(const char *folder, const char *name, const char *suffix, int fd)
{
        char path[4096];
        int opened;

        snprintf(path, sizeof path, "%s/%s.%s", folder, name, suffix);
        opened = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (opened < 0 || dup2(opened, fd) < 0)
                exit(2);
        if (opened != fd)
                close(opened);
}

static void run(const char *folder, const char *name, const char *script)
{
        const struct rlimit seconds = { PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1 },
                            size = { RECORDING_MAX, RECORDING_MAX };
        enum verdict verdict;
        size_t length;
        char *text = read_all(script, &length);

        trace = 3;
        open_as(folder, name, "rtrace", trace);
        open_as(folder, name, "txt", 1);
        dup2(1, 2);
        setrlimit(RLIMIT_CPU, &seconds);
        setrlimit(RLIMIT_FSIZE, &size);
        signal(SIGXCPU, note_hang);
        signal(SIGXFSZ, SIG_IGN);
        sigaction(SIGABRT, &(struct sigaction){ .sa_handler = note_abort, .sa_flags = SA_RESETHAND | SA_NODEFER },
                  NULL);
        __sanitizer_set_death_callback(send_rest);
        host_trace_start(write_trace);
        verdict = script_run(name, text, length);
        host_trace_finish(verdict);
        fflush(NULL);
        _exit(0);
}

static void note_end(const char *folder, const char *name, int status)
{
        char path[4096];
        FILE *file;

        snprintf(path, sizeof path, "%s/%s.end", folder, name);
        file = fopen(path, "w");
        if (!file)
                exit(2);
        if (WIFSIGNALED(status))
                fprintf(file, "%d\n", WTERMSIG(status));
        else
                fprintf(file, "%s\n",
                        WEXITSTATUS(status) == HUNG      ? "hang" :
                        WEXITSTATUS(status) == TOO_LARGE ? "large" :
                                                           "exit");
        fclose(file);
}

int main(int argc, char **argv)
{
        for (int i = 2; i < argc; i++) {
                char *name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
                char *copy = strndup(name, strcspn(name, "."));
                int status = 0;
                pid_t child = fork();

                if (child < 0)
                        return 2;
                if (!child)
                        run(argv[1], copy, argv[i]);
                waitpid(child, &status, 0);
                note_end(argv[1], copy, status);
                free(copy);
                if (status)
                        return 1;
        }
        return 0;
}
