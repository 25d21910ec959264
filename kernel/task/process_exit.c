/* How processes and their threads end, and how others wait for that: exit, reparenting, wait, join. */
#include "task/process_internal.h"
#include "trace/trace.h"

bool process_wait_for_left_behind;

/* --- the end of a process ---------------------------------------------------------------------------------- */

void process_end_locked(struct process *process, uint64_t status)
{
        struct family *family = family_of(process);

        if (!family->exiting)
                family->status = status;
        family->exiting = true;
        for (struct list_node *node = family->threads.first; node; node = node->next) {
                struct thread *thread = thread_of_member(node);

                if (!membership_of(thread)->exited)
                        thread_kill(thread);
        }
}

/* Moves all processes of one list to the same list of another parent. O(n). */
static void reparent_list_locked(struct list *from, struct list *to, struct process *parent) REQUIRES(processes_lock)
{
        struct process *child;

        while ((child = process_of_sibling(list_take_first(from)))) {
                family_of(child)->parent = parent;
                list_append(to, &family_of(child)->sibling);
        }
}

static void reparent_children_locked(struct process *process) REQUIRES(processes_lock)
{
        struct family *family = family_of(process);

        if (first_process == process)
                first_process = &kernel_process;
        struct family *heirs = family_of(first_process);
        if (!list_is_empty(&family->zombies))
                wait_queue_wake(&first_process->exits, TURN_LAST);
        reparent_list_locked(&family->children, &heirs->children, first_process);
        reparent_list_locked(&family->zombies, &heirs->zombies, first_process);
}

/* Its last thread is about to leave: the process goes from its parent's children to its parent's exit queue. */
static void become_zombie_locked(struct process *process) REQUIRES(processes_lock)
{
        struct family *family = family_of(process), *parent = family_of(family->parent);

        family->exiting = true;
        family->exited = true;
        reparent_children_locked(process);
        list_remove(&parent->children, &family->sibling);
        list_append(&parent->zombies, &family->sibling);
        wait_queue_wake(&family->parent->exits, TURN_LAST);
}

/*
 * Frees the space of a process that is exiting, but for the first process. Other threads of the process may still be on
 * their way off their stacks, with its pages in use.
 */
static void give_back_memory(struct process *process)
{
        struct address_space *space = process->space;

        spinlock_acquire(&processes_lock);
        const bool keeps_space = process == first_process;
        if (!keeps_space)
                process->space = NULL;
        spinlock_release(&processes_lock);
        if (keeps_space)
                return;
        thread_use_page_table(thread_current());
        process_free_other_threads(process);
        address_space_destroy(space);
}

/*
 * True if the calling thread is the last of its process. If the first process has no other any more, all others end.
 *
 * The sections are in functions that return: in one that does not, clang's analysis misses a lock that stays held.
 */
static bool leave(struct process *process)
{
        spinlock_acquire(&processes_lock);
        struct family *family = family_of(process);
        family->running--;
        const bool is_last = !family->running;
        const bool is_end = is_last && process == first_process && !process_wait_for_left_behind;
        spinlock_release(&processes_lock);
        if (is_end)
                process_end_group(EVERY_GROUP);
        return is_last;
}

static void end_this_process(uint64_t status)
{
        spinlock_acquire(&processes_lock);
        process_end_locked(process_current(), status);
        spinlock_release(&processes_lock);
}

/*
 * From here on the calling thread may be joined and, with the last one, its process be waited for. Yields the status.
 */
static uint64_t announce_exit(struct process *process, bool is_last)
{
        spinlock_acquire(&processes_lock);
        const uint64_t status = family_of(process)->status;
        membership_of(thread_current())->exited = true;
        wait_queue_wake(&process->exits, TURN_LAST);
        if (is_last)
                become_zombie_locked(process);
        spinlock_release(&processes_lock);
        return status;
}

/* The last thread gives back files and memory before anybody can see that the process has exited, with no lock held. */
_Noreturn void process_thread_exit(void)
{
        struct process *process = process_current();
        const bool is_last = leave(process);

        if (is_last) {
                files_close_all(&process->files);
                give_back_memory(process);
        }
        thread_end(announce_exit(process, is_last));
}

_Noreturn void process_exit(uint64_t status)
{
        end_this_process(status);
        process_thread_exit();
}

CALL(exit)
{
        const uint64_t status = word[0] < PROCESS_STATUS_MOST ? word[0] : PROCESS_STATUS_MOST;
        trace_system_call_end(thread_current()->id, SYSTEM_EXIT, ERROR_OK, status);
        process_exit(status);
}

CALL(thread_exit)
{
        trace_system_call_end(thread_current()->id, SYSTEM_THREAD_EXIT, ERROR_OK, *value);
        process_thread_exit();
}

/* --- waiting for a process --------------------------------------------------------------------------------- */

/*
 * Whether there is a child of this id (0: any); `zombie` is the one of them to reap, or NULL as long as none has
 * exited.
 */
static bool find_child_locked(struct process *parent, uint64_t id, struct process **zombie) REQUIRES(processes_lock)
{
        const struct family *family = family_of(parent);

        if (!id) {
                *zombie = process_of_sibling(family->zombies.first);
                return *zombie || !list_is_empty(&family->children);
        }
        struct process *child = process_find_locked(id);
        const bool is_child = child && family_of(child)->parent == parent;
        *zombie = is_child && family_of(child)->exited ? child : NULL;
        return is_child;
}

struct error process_reap_locked(struct process *parent, uint64_t id, uint64_t options, struct process **out)
{
        while (find_child_locked(parent, id, out) && !*out && options != WNOHANG)
                TRY(thread_sleep(&parent->exits, &processes_lock));
        if (*out) {
                list_remove(&family_of(parent)->zombies, &family_of(*out)->sibling);
                process_table_remove_locked(*out);
        }
        return SUCCESS;
}

/* Frees the child that exited first. Without one the number is 0, with WNOHANG. O(log n) besides freeing it. */
CALL(wait)
{
        struct process *me = process_current(), *child;

        if (word[2] & ~(uint64_t)WNOHANG)
                return FAIL(BAD_ARGUMENT);
        TRY(WITH_LOCK(&processes_lock, process_reap_locked(me, word[0], word[2], &child)));
        if (!child)
                return WITH_LOCK(&processes_lock, find_child_locked(me, word[0], &child)) ? SUCCESS : FAIL(NOT_FOUND);
        const uint64_t status = process_family(child).status;
        *value = child->id;
        process_destroy(child);
        return word[1] ? user_memory_write(word[1], &status, sizeof status) : SUCCESS;
}

/* --- waiting for a thread ---------------------------------------------------------------------------------- */

static struct thread *find_thread_locked(struct process *process, uint64_t id) REQUIRES(processes_lock)
{
        for (struct list_node *node = family_of(process)->threads.first; node; node = node->next) {
                if (thread_of_member(node)->id == id)
                        return thread_of_member(node);
        }
        return NULL;
}

/* Waits until the thread has exited, and takes it off the list of its process's. */
static struct error reap_thread_locked(struct process *process, uint64_t id, struct thread **out)
        REQUIRES(processes_lock)
{
        while ((*out = find_thread_locked(process, id)) && !membership_of(*out)->exited)
                TRY(thread_sleep(&process->exits, &processes_lock));
        if (!*out)
                return FAIL(NOT_FOUND);
        list_remove(&family_of(process)->threads, &membership_of(*out)->node);
        return SUCCESS;
}

/* BAD_ARGUMENT: itself. O(threads of the process). */
CALL(join)
{
        struct thread *thread;

        if (word[0] == thread_current()->id)
                return FAIL(BAD_ARGUMENT);
        TRY(WITH_LOCK(&processes_lock, reap_thread_locked(process_current(), word[0], &thread)));
        thread_join(thread);
        return SUCCESS;
}

static struct thread *take_other_thread_locked(struct process *process) REQUIRES(processes_lock)
{
        struct list *threads = &family_of(process)->threads;
        struct list_node *node = threads->first;

        if (node && thread_of_member(node) == thread_current())
                node = node->next;
        if (node)
                list_remove(threads, node);
        return thread_of_member(node);
}

void process_free_other_threads(struct process *process)
{
        struct thread *thread;

        while ((thread = WITH_LOCK(&processes_lock, take_other_thread_locked(process))))
                thread_join(thread);
}
