/* What the kernel's main thread does with processes: it runs the first one, and ends what that leaves behind. */
#include "lib/printf.h"
#include "lib/string.h"
#include "task/initrd.h"
#include "task/process_internal.h"

/* Ends all children of the main thread, and waits for one of them; NULL when none is left. Nobody interrupts this. */
static struct process *reap_zombie(void)
{
        struct process *zombie;

        spinlock_acquire(&processes_lock);
        for (struct list_node *node = family_of_parent(NULL)->children.first; node; node = node->next) {
                struct process *child = process_of_sibling(node);

                process_end_locked(child, PROCESS_KILLED_BY_CALL);
        }
        error_ignore(process_reap_locked(NULL, 0, &zombie));
        spinlock_release(&processes_lock);
        return zombie;
}

uint64_t process_run(struct process *process)
{
        struct process *zombie;

        spinlock_acquire(&processes_lock);
        first_process = process;
        spinlock_release(&processes_lock);
        process_begin(process, NULL);

        spinlock_acquire(&processes_lock);
        error_ignore(process_reap_locked(NULL, process->id, &process));
        const uint64_t status = family_of(process)->status;
        spinlock_release(&processes_lock);

        while ((zombie = reap_zombie()))
                process_destroy(zombie);
        return status;
}

static struct error create(const char *words, struct process **out)
{
        const char *colon = strchr(words, ':');
        const size_t length = colon ? (size_t)(colon - words) : strlen(words);
        char name[PROCESS_NAME_SIZE];
        struct cpio_file program;

        format(name, sizeof name, "%.*s", (int)length, words);
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
