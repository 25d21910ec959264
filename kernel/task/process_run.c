/* What the kernel's main thread does with processes: it runs the first one, and waits for all that it leaves behind. */
#include "lib/printf.h"
#include "lib/string.h"
#include "task/initrd.h"
#include "task/process_internal.h"

enum { NAMED_MOST = 8 };        /* of the processes left behind, on the console */

static enum left_behind left_behind_by_program = END_LEFT_BEHIND;

void process_wait_for_left_behind(void)
{
        left_behind_by_program = WAIT_FOR_LEFT_BEHIND;
}

/* Nobody interrupts the main thread. */
static struct process *reap(uint64_t id)
{
        struct process *zombie;

        spinlock_acquire(&processes_lock);
        error_ignore(process_reap_locked(NULL, id, &zombie));
        spinlock_release(&processes_lock);
        return zombie;
}

static bool was_left_behind(struct process *process)
{
        spinlock_acquire(&processes_lock);
        const bool was_left_behind = family_of(process)->was_left_behind;
        spinlock_release(&processes_lock);
        return was_left_behind;
}

/* Waits for all processes that are left, and frees them. Names on the console those that had to be ended. */
static void reap_all(void)
{
        size_t ended = 0;
        struct process *zombie;

        while ((zombie = reap(0))) {
                if (was_left_behind(zombie) && ended++ < NAMED_MOST)
                        kprintf("%s (process %lu) was left behind, and is ended\n", zombie->name, zombie->id);
                process_destroy(zombie);
        }
        if (ended > NAMED_MOST)
                kprintf("... and so are %zu more\n", ended - NAMED_MOST);
}

static uint64_t status_of(struct process *process)
{
        spinlock_acquire(&processes_lock);
        const uint64_t status = family_of(process)->status;
        spinlock_release(&processes_lock);
        return status;
}

uint64_t process_run(struct process *process, enum left_behind left_behind)
{
        spinlock_acquire(&processes_lock);
        first_process = process;
        run_is_ending = false;
        ends_left_behind = left_behind == END_LEFT_BEHIND;
        spinlock_release(&processes_lock);

        error_ignore(process_begin(process, NULL));     /* the run is not ending yet */
        reap(process->id);
        reap_all();
        return status_of(process);
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
        const uint64_t status = process_run(process, left_behind_by_program);
        kprintf("%s: exit status %lu\n", words, status);
        return status ? VERDICT_FAILED : VERDICT_PASSED;
}
