/*
 * What happens when a process needs memory and little is left: another process is ended.
 *
 * To end the process that asks next would be simpler. But that may be the shell, which is needed to end the one that
 * has all the memory. For the same reason the last frames are reserved for the group of the shell.
 */
#include "lib/printf.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/process_internal.h"
#include "trace/trace.h"

enum { PAGES_PER_MEBIBYTE = (1 << 20) / PAGE_SIZE, FRAMES_RESERVED = PAGES_PER_MEBIBYTE };

/* --- what is reserved -------------------------------------------------------------------------------------- */

bool process_may_take_memory(void)
{
        if (frames_free_count() > FRAMES_RESERVED)
                return true;
        return frames_free_count() + kmalloc_trim() > FRAMES_RESERVED || thread_is_killed() ||
               process_is_first_group(process_family(process_current()).group);
}

/* --- who is ended ------------------------------------------------------------------------------------------ */

enum progress { LIVES, EXITS, HAS_EXITED };

/* The first process is never ended here: it counts as one that has exited. */
static enum progress progress_of(uint64_t id)
{
        enum progress progress = HAS_EXITED;

        spinlock_acquire(&processes_lock);
        struct process *process = process_find_locked(id);
        if (process && process != first_process && !family_of(process)->exited)
                progress = family_of(process)->exiting ? EXITS : LIVES;
        spinlock_release(&processes_lock);
        return progress;
}

/*
 * One that is exiting already; else the largest process, in whole MiB, and of equally large ones the youngest: a shell
 * is older than what it has started. The lock is held for one process at a time, so what is found may have changed by
 * then; that does no harm.
 */
static struct process_listing find_largest(void)
{
        struct process_listing largest = { 0 }, one = { 0 };

        while (process_next(one.process, &one)) {
                const enum progress progress = progress_of(one.process);

                if (progress == EXITS)
                        return one;
                if (progress == LIVES && one.pages / PAGES_PER_MEBIBYTE >= largest.pages / PAGES_PER_MEBIBYTE)
                        largest = one;
        }
        return largest;
}

static void report(const struct process_listing *ended, uint64_t group_size)
{
        trace_memory_out(ended->process, ended->pages);
        kprintf("No memory is free: %s (process %lu) is ended, the largest with %zu KiB\n", ended->name, ended->process,
                ended->pages * PAGE_SIZE / 1024);
        if (group_size > 1)
                kprintf("... and with it the others of its group, %lu in all\n", group_size);
}

/* A group that a shell has made is ended as a whole: one that forks for ever would grow again. */
static void end(const struct process_listing *largest)
{
        uint64_t count = 1;
        struct error error;

        if (process_is_first_group(largest->group))
                error = process_kill(largest->process);
        else
                error = process_kill_group(largest->group, &count);
        if (!error.code)
                report(largest, count);
}

bool process_end_largest(void)
{
        static bool is_ending;                  /* one processor at a time, so that no process is named twice */
        const struct process_listing largest = find_largest();

        if (!largest.process)
                return false;
        if (!__atomic_test_and_set(&is_ending, __ATOMIC_ACQUIRE)) {
                if (progress_of(largest.process) == LIVES)
                        end(&largest);
                __atomic_clear(&is_ending, __ATOMIC_RELEASE);
        }
        while (progress_of(largest.process) != HAS_EXITED) {
                if (thread_preemption_point().code)
                        return false;
        }
        return true;
}
