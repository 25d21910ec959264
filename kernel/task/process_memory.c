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
        const bool cleans_up = thread_is_killed() || process_is_first_group(process_family(process_current()).group);
        return frames_free_count() + kmalloc_trim() > (cleans_up ? 0 : FRAMES_RESERVED);
}

/* --- who is ended ------------------------------------------------------------------------------------------ */

/*
 * One that is exiting already; else the largest process, in whole MiB, and of equally large ones the youngest: a shell
 * is older than what it has started. The first process is spared. The lock is held for one process at a time, so what
 * is found may have changed by then; that does no harm.
 */
static struct process_listing find_largest(void)
{
        struct process_listing largest = { 0 }, one = { 0 };
        const uint64_t first = WITH_LOCK(&processes_lock, first_process->id);

        while (process_next(one.process, &one)) {
                const bool may_be_ended = one.state != THREAD_ENDED && one.process != first;

                if (one.state == THREAD_EXITS)
                        return one;
                if (may_be_ended && one.pages / PAGES_PER_MEBIBYTE >= largest.pages / PAGES_PER_MEBIBYTE)
                        largest = one;
        }
        return largest;
}

/* A group that a shell has made is ended as a whole: one that forks for ever would grow again. */
static void end(const struct process_listing *largest)
{
        uint64_t count = 1;

        if (process_is_first_group(largest->group))
                error_ignore(process_kill(largest->process));
        else
                count = process_end_group(largest->group);
        trace_memory_out(largest->process, largest->pages);
        kprintf("No memory is free: %s (process %lu) is ended, the largest with %zu KiB\n", largest->name,
                largest->process, largest->pages * PAGE_SIZE / 1024);
        if (count > 1)
                kprintf("... and with it the others of its group, %lu in all\n", count);
}

bool process_end_largest(void)
{
        static bool is_ending;                  /* one processor at a time, so that no process is named twice */

        if (!__atomic_test_and_set(&is_ending, __ATOMIC_ACQUIRE)) {
                const struct process_listing largest = find_largest();

                if (largest.process && largest.state != THREAD_EXITS)
                        end(&largest);
                __atomic_clear(&is_ending, __ATOMIC_RELEASE);
                if (!largest.process)
                        return false;
        }
        return !thread_preemption_point().code;
}
