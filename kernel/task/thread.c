#include "task/thread.h"
#include "mm/kmalloc.h"
#include "mm/memory_manager.h"
#include "task/process.h"

enum { STACK_SIZE = 4 * PAGE_SIZE };

/* What stack_switch() takes off a stack. */
struct switch_frame {
        uint64_t kept[6];
        uintptr_t return_address;
};

extern const char thread_entry[];       /* task/switch.S */

struct trap_frame *thread_registers(const struct thread *thread)
{
        return (struct trap_frame *)region_range(thread->stack).end - 1;
}

static struct error create(struct thread **out)
{
        struct thread *thread = kmalloc(sizeof *thread, PURPOSE_TASK);
        if (!thread)
                return FAIL(NO_MEMORY);
        TRY_OR(memory_manager_allocate("thread stack", STACK_SIZE, PROTECT_READ | PROTECT_WRITE, WITH_GUARDS,
                                       &thread->stack), kfree(thread));
        static uint64_t newest;
        thread->id = __atomic_add_fetch(&newest, 1, __ATOMIC_RELAXED);
        struct switch_frame *frame = (struct switch_frame *)thread_registers(thread) - 1;
        frame->return_address = (uintptr_t)thread_entry;
        thread->stack_pointer = (uintptr_t)frame;
        *out = thread;
        return SUCCESS;
}

struct error thread_create(const char *name, void (*function)(void *), void *argument, struct thread **out)
{
        TRY(create(out));
        (*out)->name = name;
        (*out)->function = function;
        (*out)->argument = argument;
        return SUCCESS;
}

struct error thread_create_user(struct process *process, const struct trap_frame *registers, struct thread **out)
{
        TRY(create(out));
        (*out)->name = process->name;
        (*out)->process = process;
        *thread_registers(*out) = *registers;
        user_state_init(&(*out)->user_state);
        return SUCCESS;
}
