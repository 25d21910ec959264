#include "arch/cpu.h"
#include "arch/descriptors.h"
#include "lib/printf.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "task/process_internal.h"
#include "task/scheduler.h"

struct spinlock processes_lock = SPINLOCK(LOCK_PROCESSES);
struct process *first_process;
static uint64_t newest GUARDED_BY(processes_lock);

struct process *process_current(void)
{
        return thread_current() ? thread_current()->process : NULL;
}

/* --- beginning -------------------------------------------------------------------------------------------- */

struct error process_allocate(const char *name, struct process **out)
{
        struct process *process = kmalloc(sizeof *process, PURPOSE_TASK);
        if (!process)
                return FAIL(NO_MEMORY);
        format(process->name, sizeof process->name, "%s", name);
        process->files.lock = SPINLOCK(LOCK_FILES);
        process->id = LOCKED(&processes_lock, ++newest);
        *out = process;
        return SUCCESS;
}

/* What leads to a thread of this id, or to the end of the threads. */
static struct thread **link_to_thread_locked(struct process *process, uint64_t id) REQUIRES(processes_lock)
{
        struct thread **link = &kin_of(process)->threads;
        while (*link && (*link)->id != id)
                link = &membership_of(*link)->next;
        return link;
}

struct error process_add_thread(struct process *process, const struct trap_frame *registers, struct thread **out)
{
        TRY(thread_create_user(process, registers, out));
        spinlock_acquire(&processes_lock);
        *link_to_thread_locked(process, (*out)->id) = *out;
        kin_of(process)->running++;
        if (kin_of(process)->ending)
                thread_kill(*out);
        spinlock_release(&processes_lock);
        return SUCCESS;
}

static struct error load(struct process *process, const struct cpio_file *program, const char *argument)
{
        struct image image;
        TRY(image_load(program, argument, &image));
        process->space = image.space;
        struct thread *thread;
        return process_add_thread(process, &image.registers, &thread);
}

struct error process_create(const struct cpio_file *program, const char *argument, struct process **out)
{
        struct process *process;
        TRY(process_allocate(program->name, &process));
        files_begin(&process->files);
        TRY_OR(load(process, program, argument), process_destroy(process));
        *out = process;
        return SUCCESS;
}

void process_begin(struct process *process, struct process *parent)
{
        spinlock_acquire(&processes_lock);
        kin_of(process)->parent = parent;
        process_insert_locked(process);
        struct thread *thread = kin_of(process)->threads;
        spinlock_release(&processes_lock);
        thread_start(thread);
}

struct error process_thread(uintptr_t where, uintptr_t stack, uint64_t argument, uint64_t *id)
{
        if (where >= USER_END)
                return FAIL(BAD_ARGUMENT);      /* the processor would refuse to go there while still in ring 0 */
        const struct trap_frame registers = {
                .rip = where,
                .cs = SELECTOR_USER_CODE,
                .ss = SELECTOR_USER_DATA,
                .rflags = CPU_FLAG_INTERRUPTS,
                .rsp = stack,
                .rdi = argument,
        };
        struct thread *thread;
        TRY(process_add_thread(process_current(), &registers, &thread));
        *id = thread->id;
        thread_start(thread);
        return SUCCESS;
}

/* --- the end ---------------------------------------------------------------------------------------------- */

void process_end_locked(struct process *process, uint64_t status)
{
        struct kin *kin = kin_of(process);
        if (!kin->ending)
                kin->status = status;
        kin->ending = true;
        for (struct thread *thread = kin->threads; thread; thread = membership_of(thread)->next)
                if (!membership_of(thread)->over)
                        thread_kill(thread);
}

/* Where a process hears that a child is over, and the kernel's main thread that one without a parent is. */
static struct wait_queue *news_of(struct process *parent)
{
        static struct wait_queue of_kernel;
        return parent ? &parent->news : &of_kernel;
}

static void leave_children_locked(struct process *process) REQUIRES(processes_lock)
{
        if (first_process == process)
                first_process = NULL;
        for (struct process *child = all_processes; child; child = kin_of(child)->next) {
                if (kin_of(child)->parent != process)
                        continue;
                kin_of(child)->parent = first_process;
                if (kin_of(child)->ended)
                        wait_queue_wake(news_of(first_process));
        }
}

static uint64_t leave_locked(struct process *process, bool last) REQUIRES(processes_lock)
{
        struct kin *kin = kin_of(process);
        membership_of(thread_current())->over = true;
        wait_queue_wake(&process->news);
        if (last) {
                kin->ending = kin->ended = true;
                leave_children_locked(process);
                wait_queue_wake(news_of(kin->parent));
        }
        return kin->status;
}

/* Files are closed before anyone hears of the end, and with no lock held. */
_Noreturn void process_thread_exit(void)
{
        struct process *process = process_current();
        const bool last = LOCKED(&processes_lock, --kin_of(process)->running == 0);
        if (last)
                files_close_all(&process->files);
        thread_end(LOCKED(&processes_lock, leave_locked(process, last)));
}

_Noreturn void process_exit(uint64_t status)
{
        WITH_LOCK(&processes_lock, process_end_locked(process_current(), status));
        process_thread_exit();
}

struct error process_kill(uint64_t id)
{
        spinlock_acquire(&processes_lock);
        struct process *process = process_find_locked(id);
        const bool is_to_end = process && !kin_of(process)->ended;
        if (is_to_end)
                process_end_locked(process, PROCESS_KILLED_BY_CALL);
        spinlock_release(&processes_lock);
        return is_to_end ? SUCCESS : FAIL(NOT_FOUND);
}

/* --- waiting ---------------------------------------------------------------------------------------------- */

/* A child of this id (0: any), if possible one that is over; NULL if there is none. */
static struct process *find_child_locked(struct process *parent, uint64_t id) REQUIRES(processes_lock)
{
        struct process *found = NULL;
        for (struct process *child = all_processes; child; child = kin_of(child)->next) {
                if (kin_of(child)->parent != parent || (id && child->id != id))
                        continue;
                if (kin_of(child)->ended)
                        return child;
                found = child;
        }
        return found;
}

struct error process_await_locked(struct process *parent, uint64_t id, struct process **out)
{
        while ((*out = find_child_locked(parent, id)) && !kin_of(*out)->ended)
                TRY(thread_sleep(news_of(parent), &processes_lock));
        if (*out)
                process_unlink_locked(*out);
        return SUCCESS;
}

struct error process_wait(uint64_t id, uint64_t *status, uint64_t *which)
{
        struct process *child;
        TRY(LOCKED(&processes_lock, process_await_locked(process_current(), id, &child)));
        if (!child)
                return FAIL(NOT_FOUND);
        *status = LOCKED(&processes_lock, kin_of(child)->status);
        *which = child->id;
        process_destroy(child);
        return SUCCESS;
}

static struct error join_locked(struct process *process, uint64_t id, struct thread **out) REQUIRES(processes_lock)
{
        if (id == thread_current()->id)
                return FAIL(BAD_ARGUMENT);
        struct thread **link;
        while (*(link = link_to_thread_locked(process, id)) && !membership_of(*link)->over)
                TRY(thread_sleep(&process->news, &processes_lock));
        if (!*link)
                return FAIL(NOT_FOUND);
        *out = *link;
        *link = membership_of(*link)->next;
        return SUCCESS;
}

struct error process_join(uint64_t id)
{
        struct thread *thread;
        TRY(LOCKED(&processes_lock, join_locked(process_current(), id, &thread)));
        thread_join(thread);
        return SUCCESS;
}

static struct thread *take_other_locked(struct process *process) REQUIRES(processes_lock)
{
        struct thread **link = &kin_of(process)->threads;
        if (*link == thread_current())
                link = &membership_of(*link)->next;
        struct thread *thread = *link;
        if (thread)
                *link = membership_of(thread)->next;
        return thread;
}

void process_join_others(struct process *process)
{
        struct thread *thread;
        while ((thread = LOCKED(&processes_lock, take_other_locked(process))))
                thread_join(thread);
}

void process_destroy(struct process *process)
{
        WITH_LOCK(&processes_lock, process_unlink_locked(process));
        process_join_others(process);
        files_close_all(&process->files);
        if (process->space)
                address_space_destroy(process->space);
        kfree(process);
}
