#include "draw/graphviz.h"
#include "base/error_message.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static struct error start(const char *const *arguments, int input, int output, pid_t *child)
{
        posix_spawn_file_actions_t actions;
        int failure;

        if (posix_spawn_file_actions_init(&actions))
                return fail_no_memory();
        failure = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        if (!failure)
                failure = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        if (!failure)
                failure = posix_spawnp(child, arguments[0], &actions, NULL, (char *const *)arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        if (failure == ENOENT)
                return FAILF(NOT_FOUND, "Graphviz's `%s' is not installed: `apt install graphviz', or write .svg",
                             arguments[0]);
        return failure ? FAILF(IO, "%s: %s", arguments[0], strerror(failure)) : SUCCESS;
}

struct error graphviz_run(const char *const *arguments, FILE *input, FILE *output)
{
        pid_t child;
        int status;

        if (fflush(input) || ferror(input) || fseek(input, 0, SEEK_SET))
                return FAILF(IO, "a temporary file: %s", strerror(errno));
        TRY(start(arguments, fileno(input), fileno(output), &child));
        while (waitpid(child, &status, 0) < 0)
                if (errno != EINTR)
                        return FAILF(IO, "waiting for %s: %s", arguments[0], strerror(errno));
        if (!WIFEXITED(status) || WEXITSTATUS(status))
                return FAILF(IO, "%s failed (%s %d); what it said is above", arguments[0],
                             WIFEXITED(status) ? "exit status" : "signal",
                             WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
        return SUCCESS;
}

struct error graphviz_output(FILE *file, char **bytes, size_t *length)
{
        long size;

        if (fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET))
                return FAILF(IO, "a temporary file: %s", strerror(errno));
        *bytes = malloc((size_t)size + 1);
        if (!*bytes)
                return fail_no_memory();
        *length = fread(*bytes, 1, (size_t)size, file);
        (*bytes)[*length] = 0;
        return SUCCESS;
}
