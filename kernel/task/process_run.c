/* What the kernel's main thread has to do with processes. */
#include "boot/initrd.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "task/process_internal.h"
#include "task/scheduler.h"

static uint64_t await_end_locked(struct process *process) REQUIRES(processes_lock)
{
        while (!kin_of(process)->ended)
                error_ignore(thread_sleep(&kernel_news, &processes_lock));
        processes()->first = NULL;
        return kin_of(process)->status;
}

/* One of those left behind that is over by now; NULL when none is left. */
static struct process *end_left_behind_locked(void) REQUIRES(processes_lock)
{
        for (;;) {
                bool are_some = false;

                for (struct process *process = processes()->first_of_all; process; process = kin_of(process)->next) {
                        if (!kin_of(process)->left_behind)
                                continue;
                        if (kin_of(process)->ended) {
                                process_unlink_locked(process);
                                return process;
                        }
                        process_end_locked(process, PROCESS_KILLED_BY_CALL);
                        are_some = true;
                }
                if (!are_some)
                        return NULL;
                error_ignore(thread_sleep(&kernel_news, &processes_lock));
        }
}

uint64_t process_run(struct process *process)
{
        struct process *other;
        uint64_t status;

        WITH_LOCK(&processes_lock, processes()->first = process);
        process_begin(process, NULL);
        status = LOCKED(&processes_lock, await_end_locked(process));
        while ((other = LOCKED(&processes_lock, end_left_behind_locked())))
                process_destroy(other);
        return status;
}

/* --- from the command line -------------------------------------------------------------------------------- */

static struct error create(const char *words, struct process **out)
{
        const char *colon = strchr(words, ':');
        struct cpio_file program;
        char name[PROCESS_NAME_SIZE];

        format(name, sizeof name, "%.*s", (int)(colon ? (size_t)(colon - words) : strlen(words)), words);
        if (!initrd_find(name, &program))
                return FAIL(NOT_FOUND);
        return process_create(&program, colon ? colon + 1 : "", out);
}

enum verdict process_execute(const char *words)
{
        struct process *process;
        struct error error = create(words, &process);
        uint64_t status;

        if (error.code) {
                kprintf("exec=%s: cannot be run: %s\n", words, error_meaning((enum error_code)error.code));
                if (error_is(error, ERROR_NOT_FOUND)) {
                        kprintf("The initial ramdisk has:\n");
                        initrd_list();
                }
                return VERDICT_FAILED;
        }
        status = process_run(process);
        kprintf("%s: exit status %lu\n", words, status);
        return status ? VERDICT_FAILED : VERDICT_PASSED;
}
