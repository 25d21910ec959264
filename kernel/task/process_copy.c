/* Processes come from processes: fork, and exec. */
#include "arch/entropy.h"
#include "lib/printf.h"
#include "task/initrd.h"
#include "task/process_internal.h"
#include "task/scheduler.h"
#include "trace/trace.h"

static struct error copy_into(struct process *copy, struct process *parent)
{
        struct trap_frame registers = *thread_registers(thread_current());
        registers.rax = ERROR_OK;
        registers.rdx = 0;                      /* the value of the call, in the child */
        TRY(address_space_clone(parent->space, parent->name, entropy_draw(), &copy->space));
        struct thread *thread;
        return process_add_thread(copy, &registers, &thread);
}

struct error process_fork(uint64_t *child)
{
        struct process *parent = process_current(), *copy;
        TRY(process_allocate(parent->name, &copy));
        TRY_OR(copy_into(copy, parent), process_destroy(copy));
        files_copy(&copy->files, &parent->files);
        *child = copy->id;
        process_begin(copy, parent);
        return SUCCESS;
}

static void become_locked(struct process *process, const char *program, struct address_space *space)
        REQUIRES(processes_lock)
{
        process->space = space;
        format(process->name, sizeof process->name, "%s", program);
}

struct error process_exec(const char *program, const char *argument)
{
        struct thread *me = thread_current();
        struct process *process = me->process;
        if (LOCKED(&processes_lock, kin_of(process)->running) > 1)
                return FAIL(BAD_ARGUMENT);
        struct cpio_file file;
        if (!initrd_find(program, &file))
                return FAIL(NOT_FOUND);
        struct image image;
        TRY(image_load(&file, argument, &image));
        struct address_space *old = process->space;
        WITH_LOCK(&processes_lock, become_locked(process, program, image.space));
        trace_task_loaded(me->id, image.space->watched.id, process->name);
        thread_use_page_table(me);
        process_join_others(process);
        address_space_destroy(old);
        *thread_registers(me) = image.registers;
        return SUCCESS;
}
