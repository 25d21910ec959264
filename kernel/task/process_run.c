/* What the kernel's main thread does with processes: it runs the first one, and waits for all that it leaves behind. */
#include "lib/printf.h"
#include "lib/string.h"
#include "task/initrd.h"
#include "task/process_internal.h"

enum { NAMED_MOST = 8 };        /* of the processes left behind, on the console */

/* The main thread is never killed, so its wait is not interrupted. */
static struct process *reap(uint64_t id)
{
        struct process *zombie;

        error_ignore(WITH_LOCK(&processes_lock, process_reap_locked(&kernel_process, id, 0, &zombie)));
        return zombie;
}

/* Waits for all processes that are left, and frees them. Names on the console those that had to be ended. */
static void reap_all(void)
{
        size_t ended = 0;
        struct process *zombie;

        while ((zombie = reap(0))) {
                if (process_family(zombie).was_left_behind && ended++ < NAMED_MOST)
                        kprintf("%s (process %lu) was left behind, and is ended\n", zombie->name, zombie->id);
                process_destroy(zombie);
        }
        if (ended > NAMED_MOST)
                kprintf("... and so are %zu more\n", ended - NAMED_MOST);
}

uint64_t process_run(struct process *process)
{
        spinlock_acquire(&processes_lock);
        first_process = process;
        spinlock_release(&processes_lock);

        error_ignore(process_begin(process, &kernel_process));      /* nothing is ending */
        reap(process->id);
        reap_all();
        return process_family(process).status;
}

static struct error create(const char *words, struct process **out)
{
        const char *colon = strchr(words, ':');
        char name[PROCESS_NAME_SIZE];
        struct cpio_file program;

        format(name, sizeof name, "%.*s", colon ? (int)(colon - words) : -1, words);
        if (!cpio_find(initrd, name, &program))
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
