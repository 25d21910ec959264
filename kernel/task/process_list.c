/*
 * The list of processes, and looking at them. What is found is copied for the caller while the lock of processes keeps
 * it from going away.
 */
#include "lib/string.h"
#include "task/process_internal.h"
#include "task/scheduler.h"

struct process *all_processes;

/* What leads to the first one whose id is not below this one, or to the list's end. */
static struct process **link_to_locked(uint64_t id) REQUIRES(processes_lock)
{
        struct process **link = &all_processes;
        while (*link && (*link)->id < id)
                link = &kin_of(*link)->next;
        return link;
}

void process_insert_locked(struct process *process)
{
        struct process **link = link_to_locked(process->id);
        kin_of(process)->next = *link;
        *link = process;
}

void process_unlink_locked(struct process *process)
{
        struct process **link = link_to_locked(process->id);
        if (*link == process)
                *link = kin_of(process)->next;
}

struct process *process_find_locked(uint64_t id)
{
        struct process *found = *link_to_locked(id);
        return found && found->id == id ? found : NULL;
}

static struct process_listing listing_of(struct process *process) REQUIRES(processes_lock)
{
        const struct address_space_totals totals = address_space_totals(process->space);
        const struct kin *kin = kin_of(process);
        struct process_listing listing = {
                .process = process->id,
                .parent = kin->parent ? kin->parent->id : 0,
                .threads = kin->running,
                .state = kin->ended || !kin->threads ? THREAD_ENDED : thread_state(kin->threads),
                .regions = totals.regions,
                .pages = totals.pages,
        };
        memcpy(listing.name, process->name, sizeof listing.name);
        return listing;
}

bool process_next(uint64_t after, struct process_listing *out)
{
        spinlock_acquire(&processes_lock);
        struct process *next = *link_to_locked(after + 1);
        if (next)
                *out = listing_of(next);
        spinlock_release(&processes_lock);
        return next;
}

struct error process_regions(uint64_t id, uintptr_t from, struct region_listing *out, size_t most, size_t *count)
{
        spinlock_acquire(&processes_lock);
        struct process *process = process_find_locked(id);
        if (process)
                *count = address_space_list(process->space, from, out, most);
        spinlock_release(&processes_lock);
        return process ? SUCCESS : FAIL(NOT_FOUND);
}
