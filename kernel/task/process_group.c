/* Process groups: which process belongs to which, and how all of a group are ended; kill, setpgid. */
#include "task/process_internal.h"

/* --- ending processes -------------------------------------------------------------------------------------- */

/*
 * Ends the process with the lowest id above `after`, if it is of the group, and counts it. Yields its id; 0 if there is
 * no process above.
 */
static uint64_t end_next_locked(uint64_t after, uint64_t group, uint64_t *count) REQUIRES(processes_lock)
{
        struct process *process = process_find_above_locked(after);

        if (!process)
                return 0;
        struct family *family = family_of(process);
        const bool is_of_group = group == EVERY_GROUP ? process != first_process : family->group == group;
        if (is_of_group && !family->exiting) {
                family->was_left_behind = group == EVERY_GROUP;
                process_end_locked(process, PROCESS_KILLED_BY_CALL);
                ++*count;
        }
        return process->id;
}

/* How many calls of process_end_group() are under way, and the threads that wait until there are none. */
static unsigned passes GUARDED_BY(processes_lock);
static struct wait_queue waiting;

struct error process_wait_for_passes_locked(void)
{
        while (passes)
                TRY(thread_sleep(&waiting, &processes_lock));
        return SUCCESS;
}

/* In the order of ids. No process begins meanwhile: so the pass comes to an end, and misses no member. */
uint64_t process_end_group(uint64_t group)
{
        uint64_t id = 0, count = 0;

        spinlock_acquire(&processes_lock);
        passes++;
        spinlock_release(&processes_lock);
        do {
                id = WITH_LOCK(&processes_lock, end_next_locked(id, group, &count));
        } while (id);
        spinlock_acquire(&processes_lock);
        if (!--passes)
                wait_queue_wake(&waiting, TURN_LAST);
        spinlock_release(&processes_lock);
        return count;
}

struct error process_kill(uint64_t id)
{
        spinlock_acquire(&processes_lock);
        struct process *process = process_find_locked(id);
        const bool is_found = process && !family_of(process)->exited;
        if (is_found)
                process_end_locked(process, PROCESS_KILLED_BY_CALL);
        spinlock_release(&processes_lock);
        return is_found ? SUCCESS : FAIL(NOT_FOUND);
}

/* --- process groups ---------------------------------------------------------------------------------------- */

bool process_is_first_group(uint64_t group)
{
        return WITH_LOCK(&processes_lock, group == family_of(first_process)->group);
}

/* BAD_ARGUMENT for the group of the first process, since the run would end with it; NOT_FOUND if none is ended. */
static struct error kill_group(uint64_t group, uint64_t *count)
{
        if (process_is_first_group(group))
                return FAIL(BAD_ARGUMENT);
        *count = process_end_group(group);
        return *count ? SUCCESS : FAIL(NOT_FOUND);
}

CALL(kill)
{
        const int64_t id = (int64_t)word[0];

        return id < 0 ? kill_group(-word[0], value) : process_kill(word[0]);
}

static struct error set_group_locked(uint64_t id, uint64_t group) REQUIRES(processes_lock)
{
        struct process *me = process_current();
        struct process *process = id ? process_find_locked(id) : me;

        if (!process || (process != me && family_of(process)->parent != me))
                return FAIL(NOT_FOUND);
        struct process *leader = group ? process_find_locked(group) : process;
        if (!leader || (leader != process && family_of(leader)->group != group))
                return FAIL(NOT_FOUND);
        family_of(process)->group = leader->id;
        return SUCCESS;
}

/*
 * The group is that of another process, or a new one, which has the own id of the process (0: that one). NOT_FOUND if
 * the process is neither this one nor a child, or if the process that the group is called after has been waited for or
 * is in another group. O(log n).
 */
CALL(setpgid)
{
        return WITH_LOCK(&processes_lock, set_group_locked(word[0], word[1]));
}
