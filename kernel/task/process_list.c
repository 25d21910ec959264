/*
 * Looking at processes. What is found is copied for the caller while the lock of processes keeps it from going away.
 */
#include "lib/string.h"
#include "task/process_internal.h"
#include "task/scheduler.h"
#include "task/system_call.h"

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

static size_t list_locked(uint64_t after, struct process_listing *out, size_t most) REQUIRES(processes_lock)
{
        size_t count = 0;

        for (struct process *process = processes()->first_of_all; process; process = kin_of(process)->next)
                if (process->id > after && count < most)
                        out[count++] = listing_of(process);
        return count;
}

size_t process_list(uint64_t after, struct process_listing *out, size_t most)
{
        return LOCKED(&processes_lock, list_locked(after, out, most));
}

static struct error regions_locked(uint64_t id, uintptr_t from, struct region_listing *out, size_t most,
                                   size_t *count) REQUIRES(processes_lock)
{
        struct process *process = process_find_locked(id);

        if (!process)
                return FAIL(NOT_FOUND);
        *count = address_space_list(process->space, from, out, most);
        return SUCCESS;
}

struct error process_regions(uint64_t id, uintptr_t from, struct region_listing *out, size_t most, size_t *count)
{
        return LOCKED(&processes_lock, regions_locked(id, from, out, most, count));
}
