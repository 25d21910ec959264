/*
 * init: the first process: runs the shell and starts it again when it ends; init once: ends when the shell does.
 *
 * Processes whose parents have ended become its children, and it waits for them, so that they leave nothing behind.
 */
#include "user/lib/user.h"

static struct error start_shell(uint64_t *shell)
{
        struct error error;

        TRY(fork(shell));
        if (*shell)
                return SUCCESS;
        error = exec("sh", "");
        exit(print_error("init: sh", error));
}

/* Waits until the shell has ended, and for all processes that end before; yields the shell's status. */
static struct error await_shell(uint64_t shell, uint64_t *status)
{
        struct ending ending;

        do {
                TRY(wait(0, &ending));
        } while (ending.process != shell);
        *status = ending.status;
        return SUCCESS;
}

int main(const char *argument)
{
        const bool once = !strcmp(argument, "once");
        uint64_t shell, status;
        struct error error;

        for (;;) {
                error = start_shell(&shell);
                if (!error.code)
                        error = await_shell(shell, &status);
                if (error.code)
                        return print_error("init", error);
                if (once)
                        return (int)status;
                printf("init: the shell has ended with status %lu; here is another\n", status);
        }
}
