/* What the kernel's main thread has to do with processes. */
#include "lib/printf.h"
#include "lib/string.h"
#include "task/initrd.h"
#include "task/process_internal.h"

/* Ends those left behind, and waits for one of them; NULL when none is left. Nobody interrupts the main thread. */
static struct process *end_one_left_behind_locked(void) REQUIRES(processes_lock)
{
        for (struct process *process = all_processes; process; process = kin_of(process)->next)
                if (!kin_of(process)->parent)
                        process_end_locked(process, PROCESS_KILLED_BY_CALL);
        struct process *one;
        error_ignore(process_await_locked(NULL, 0, &one));
        return one;
}

uint64_t process_run(struct process *process)
{
        WITH_LOCK(&processes_lock, first_process = process);
        process_begin(process, NULL);
        error_ignore(LOCKED(&processes_lock, process_await_locked(NULL, process->id, &process)));
        struct process *other;
        while ((other = LOCKED(&processes_lock, end_one_left_behind_locked())))
                process_destroy(other);
        return LOCKED(&processes_lock, kin_of(process)->status);
}

static struct error create(const char *words, struct process **out)
{
        const char *colon = strchr(words, ':');
        char name[PROCESS_NAME_SIZE];
        format(name, sizeof name, "%.*s", (int)(colon ? (size_t)(colon - words) : strlen(words)), words);
        struct cpio_file program;
        if (!initrd_find(name, &program))
                return FAIL(NOT_FOUND);
        return process_create(&program, colon ? colon + 1 : "", out);
}

enum verdict process_execute(const char *words)
{
        struct process *process;
        const struct error error = create(words, &process);
        if (error.code) {
                kprintf("exec=%s: cannot be run: %s\n", words, error_meaning((enum error_code)error.code));
                if (error_is(error, ERROR_NOT_FOUND)) {
                        kprintf("The initial ramdisk has:\n");
                        initrd_list();
                }
                return VERDICT_FAILED;
        }
        const uint64_t status = process_run(process);
        kprintf("%s: exit status %lu\n", words, status);
        return status ? VERDICT_FAILED : VERDICT_PASSED;
}
