/* How processes and their threads come to be: from a program, by fork, by exec. */
#include "arch/cpu.h"
#include "arch/descriptors.h"
#include "arch/entropy.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "task/initrd.h"
#include "task/process_internal.h"
#include "trace/trace.h"

struct spinlock processes_lock = SPINLOCK(LOCK_PROCESSES);
struct process kernel_process, *first_process = &kernel_process;

struct process *process_current(void)
{
        return thread_current() ? thread_current()->process : NULL;
}

/* --- from a program ---------------------------------------------------------------------------------------- */

/* Makes a process with a new id, without space, files and threads. NO_MEMORY. */
static struct error allocate(const char *name, struct process **out)
{
        static uint64_t newest_id;
        struct process *process = kmalloc(sizeof *process, PURPOSE_TASK);

        if (!process)
                return FAIL(NO_MEMORY);
        format(process->name, sizeof process->name, "%s", name);
        process->files.lock = SPINLOCK(LOCK_FILES);
        process->id = __atomic_add_fetch(&newest_id, 1, __ATOMIC_RELAXED);
        *out = process;
        return SUCCESS;
}

/* Adds a thread that is not started yet. If the process is exiting already, the thread is killed before it begins. */
static struct error add_thread(struct process *process, const struct trap_frame *registers, struct thread **out)
{
        TRY(thread_create_user(process, registers, out));
        spinlock_acquire(&processes_lock);
        struct family *family = family_of(process);
        list_append(&family->threads, &membership_of(*out)->node);
        family->running++;
        if (family->exiting)
                thread_kill(*out);
        spinlock_release(&processes_lock);
        return SUCCESS;
}

static struct error load(struct process *process, const struct cpio_file *program, const char *argument)
{
        struct argument_vector arguments = { .count = *argument ? 2 : 1 };
        struct image image;
        struct thread *thread;

        const size_t length = format(arguments.text, sizeof arguments.text, "%s%c%s", program->name, 0, argument);
        if (length >= sizeof arguments.text)
                return FAIL(BAD_ARGUMENT);
        arguments.size = *argument ? length + 1 : length;
        TRY(image_load(program, &arguments, &image));
        process->space = image.space;
        return add_thread(process, &image.registers, &thread);
}

struct error process_create(const struct cpio_file *program, const char *argument, struct process **out)
{
        struct process *process;

        TRY(allocate(program->name, &process));
        files_init(&process->files, NULL);
        TRY_OR(load(process, program, argument), process_destroy(process));
        *out = process;
        return SUCCESS;
}

/* The kernel's child is the first of its group. */
static struct error begin_locked(struct process *process, struct process *parent) REQUIRES(processes_lock)
{
        struct family *family = family_of(process);

        TRY(process_wait_for_passes_locked());
        if (family_of(parent)->exiting)
                return FAIL(INTERRUPTED);
        family->parent = parent;
        family->group = parent == &kernel_process ? process->id : family_of(parent)->group;
        list_append(&family_of(parent)->children, &family->sibling);
        process_table_insert_locked(process);
        thread_start(thread_of_member(family->threads.first));
        return SUCCESS;
}

struct error process_begin(struct process *process, struct process *parent)
{
        return WITH_LOCK(&processes_lock, begin_locked(process, parent));
}

void process_destroy(struct process *process)
{
        process_free_other_threads(process);
        files_close_all(&process->files);
        if (process->space)
                address_space_destroy(process->space);
        kfree(process);
}

/* --- fork -------------------------------------------------------------------------------------------------- */

/* Gives the copy a space and a thread like the calling one. In the child the call succeeds and its value is 0. */
static struct error copy_into(struct process *copy, struct process *parent)
{
        struct trap_frame registers = *thread_registers(thread_current());
        struct thread *thread;

        registers.rax = ERROR_OK;
        registers.rdx = 0;
        TRY(address_space_clone(parent->space, parent->name, entropy_draw(), &copy->space));
        TRY(add_thread(copy, &registers, &thread));
        user_state_save(&thread->user_state);
        return SUCCESS;
}

/* The space, the open files and the calling thread are copied. INTERRUPTED if the process is exiting. */
CALL(fork)
{
        struct process *parent = process_current(), *copy;

        TRY(allocate(parent->name, &copy));
        TRY_OR(copy_into(copy, parent), process_destroy(copy));
        files_init(&copy->files, &parent->files);
        const uint64_t id = copy->id;
        TRY_OR(process_begin(copy, parent), process_destroy(copy));
        *value = id;
        return SUCCESS;
}

/* --- exec -------------------------------------------------------------------------------------------------- */

static void become_locked(struct process *process, const char *program, struct address_space *space)
        REQUIRES(processes_lock)
{
        process->space = space;
        format(process->name, sizeof process->name, "%s", program);
}

/*
 * Threads that have exited and were not joined are freed with the old program. BAD_ARGUMENT if another thread has not
 * exited. May wait for a thread that is about to leave its stack. O(pages of both spaces).
 */
static struct error exec(const char *program, const struct argument_vector *arguments)
{
        struct thread *me = thread_current();
        struct process *process = me->process;
        struct address_space *old = process->space;
        struct cpio_file file;
        struct image image;

        if (process_family(process).running > 1)
                return FAIL(BAD_ARGUMENT);
        if (!cpio_find(initrd, program, &file))
                return FAIL(NOT_FOUND);
        TRY(image_load(&file, arguments, &image));

        spinlock_acquire(&processes_lock);
        become_locked(process, program, image.space);
        trace_task_loaded(me->id, image.space->watched.id, process->name);
        spinlock_release(&processes_lock);

        thread_use_page_table(me);
        process_free_other_threads(process);
        address_space_destroy(old);
        *thread_registers(me) = image.registers;
        user_state_init(&me->user_state);
        user_state_load(&me->user_state);
        return SUCCESS;
}

/* An array of pointers to texts; a null pointer ends it. */
static struct error read_arguments(uintptr_t array, struct argument_vector *out)
{
        for (;; array += sizeof(uintptr_t)) {
                uintptr_t text;

                TRY(user_memory_read(&text, array, sizeof text));
                if (!text)
                        return SUCCESS;
                if (out->count == ARGUMENTS_MOST || out->size == sizeof out->text)
                        return FAIL(BAD_ARGUMENT);
                TRY(user_memory_read_text(out->text + out->size, text, sizeof out->text - out->size));
                out->size += strlen(out->text + out->size) + 1;
                out->count++;
        }
}

CALL(exec)
{
        struct argument_vector arguments = { 0 };
        char name[128];

        TRY(user_memory_read_text(name, word[0], sizeof name));
        TRY(read_arguments(word[1], &arguments));
        if (!arguments.count)
                return FAIL(BAD_ARGUMENT);
        return exec(name, &arguments);
}

/* --- more threads ------------------------------------------------------------------------------------------ */

/* At an address, with a stack pointer and an argument. O(1). */
CALL(thread_create)
{
        const struct trap_frame registers = {
                .rip = word[0],
                .cs = SELECTOR_USER_CODE,
                .ss = SELECTOR_USER_DATA,
                .rflags = CPU_FLAG_INTERRUPTS,
                .rsp = word[1],
                .rdi = word[2],
        };
        struct thread *thread;

        if (word[0] >= USER_END)
                return FAIL(BAD_ARGUMENT);      /* iretq would fault on such an address while still in ring 0 */
        TRY(add_thread(process_current(), &registers, &thread));
        *value = thread->id;
        thread_start(thread);
        return SUCCESS;
}
