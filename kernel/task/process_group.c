/* Process groups: which process belongs to which, and how all of a group are ended; kill, setpgid. */
#include "task/process_internal.h"

/* --- ending processes -------------------------------------------------------------------------------------- */

static bool is_to_end_locked(struct process *process, uint64_t group) REQUIRES(processes_lock)
{
        const struct family *family = family_of(process);

        if (family->exiting)
                return false;
        return group == EVERY_GROUP ? process != first_process : family->group == group;
}

/*
 * Ends the process with the lowest id above `after`, if it is of the group, and counts it. Yields its id; 0 if there is
 * no process above.
 */
static uint64_t end_next_locked(uint64_t after, uint64_t group, uint64_t *count) REQUIRES(processes_lock)
{
        struct process *process = process_find_above_locked(after);

        if (!process)
                return 0;
        if (is_to_end_locked(process, group)) {
                family_of(process)->was_left_behind = group == EVERY_GROUP;
                process_end_locked(process, PROCESS_KILLED_BY_CALL);
                ++*count;
        }
        return process->id;
}

uint64_t process_end_group(uint64_t group)
{
        uint64_t id = 0, count = 0;

        do {
                id = WITH_LOCK(&processes_lock, end_next_locked(id, group, &count));
        } while (id);
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

/* A group that is being ended, for as long as the pass over the processes takes. */
struct ending_group {
        struct list_node node;
        uint64_t group;
};

static struct list ending_groups GUARDED_BY(processes_lock);

bool process_group_is_ending_locked(uint64_t group)
{
        struct list_node *node = ending_groups.first;

        while (node && container_of(node, struct ending_group, node)->group != group)
                node = node->next;
        return node;
}

static void begin_ending_locked(struct ending_group *ending) REQUIRES(processes_lock)
{
        list_append(&ending_groups, &ending->node);
}

static void finish_ending_locked(struct ending_group *ending) REQUIRES(processes_lock)
{
        list_remove(&ending_groups, &ending->node);
}

bool process_is_first_group(uint64_t group)
{
        return WITH_LOCK(&processes_lock, first_process && group == family_of(first_process)->group);
}

struct error process_kill_group(uint64_t group, uint64_t *count)
{
        struct ending_group ending = { .group = group };

        if (process_is_first_group(group))
                return FAIL(BAD_ARGUMENT);
        spinlock_acquire(&processes_lock);
        begin_ending_locked(&ending);
        spinlock_release(&processes_lock);
        *count = process_end_group(group);
        spinlock_acquire(&processes_lock);
        finish_ending_locked(&ending);
        spinlock_release(&processes_lock);
        return *count ? SUCCESS : FAIL(NOT_FOUND);
}

CALL(kill)
{
        const int64_t id = (int64_t)word[0];

        return id < 0 ? process_kill_group(-word[0], value) : process_kill(word[0]);
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
