/*
 * What happens when a process needs a frame and none is free: another one is ended.
 *
 * To end whoever asks next would be simpler. But that may be the shell, which is needed to end what has all the memory.
 */
#include "lib/printf.h"
#include "lib/string.h"
#include "task/process_internal.h"
#include "task/scheduler.h"
#include "trace/trace.h"

enum { PAGES_PER_MEBIBYTE = (1 << 20) / PAGE_SIZE };

struct candidate {
        uint64_t id;                            /* 0: none */
        size_t pages;
        bool is_exiting;                        /* it gives back its memory already: the one to wait for */
        char name[PROCESS_NAME_SIZE];
};

/* Describes the process with the lowest id above `after`. False if there is none. O(log n + its pages). */
static bool describe_next_locked(uint64_t after, struct candidate *out) REQUIRES(processes_lock)
{
        struct process *process = process_find_above_locked(after);

        if (!process)
                return false;
        *out = (struct candidate){ .id = process->id, .is_exiting = family_of(process)->exiting };
        memcpy(out->name, process->name, sizeof out->name);
        if (process->space)
                out->pages = address_space_totals(process->space).pages;
        return true;
}

static bool may_be_ended_locked(uint64_t id) REQUIRES(processes_lock)
{
        struct process *process = process_find_locked(id);

        return process && process != first_process && !family_of(process)->exited;
}

/*
 * One that is exiting already; else the largest process, in whole MiB, and of equally large ones the youngest: a shell
 * is older than what it has started. The lock is held for one process at a time, so what is found may have changed by
 * then; that does no harm.
 */
static struct candidate find_largest(void)
{
        struct candidate largest = { 0 }, one = { 0 };
        bool is_one = true;

        while (is_one && !largest.is_exiting) {
                spinlock_acquire(&processes_lock);
                is_one = describe_next_locked(one.id, &one);
                const bool may_be_ended = is_one && may_be_ended_locked(one.id);
                spinlock_release(&processes_lock);
                const bool is_larger = one.pages / PAGES_PER_MEBIBYTE >= largest.pages / PAGES_PER_MEBIBYTE;

                if (may_be_ended && (one.is_exiting || is_larger))
                        largest = one;
        }
        return largest;
}

/* Whether a process was ended that was not yet; `is_gone`: it has exited already. */
static bool end_locked(uint64_t id, bool *is_gone) REQUIRES(processes_lock)
{
        struct process *process = process_find_locked(id);

        *is_gone = !process || family_of(process)->exited;
        if (*is_gone || family_of(process)->exiting)
                return false;
        process_end_locked(process, PROCESS_KILLED_BY_CALL);
        return true;
}

static void report(const struct candidate *ended)
{
        trace_memory_out(ended->id, ended->pages);
        kprintf("No memory is free: %s (process %lu) is ended, the largest with %zu KiB\n", ended->name, ended->id,
                ended->pages * PAGE_SIZE / 1024);
}

bool process_end_largest(void)
{
        const struct candidate largest = find_largest();
        bool is_gone = false;

        if (!largest.id)
                return false;
        while (!is_gone) {
                spinlock_acquire(&processes_lock);
                const bool is_ended_here = end_locked(largest.id, &is_gone);
                spinlock_release(&processes_lock);
                if (is_ended_here)
                        report(&largest);
                if (!is_gone && thread_preemption_point().code)
                        return false;
        }
        return true;
}
