#include "task/process.h"
#include "arch/cpu.h"
#include "arch/descriptors.h"
#include "arch/traps.h"
#include "arch/user_entry.h"
#include "boot/initrd.h"
#include "lib/assert.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "task/elf.h"
#include "trace/trace.h"

enum { STACK_SIZE = 16 * PAGE_SIZE, ARGUMENT_MOST = PAGE_SIZE / 2, STACK_ALIGNMENT = 16 };

/* What random placement draws from: for every process the same, so that runs are alike. */
enum { SEED = 1 };

static struct process *current;

/* --- loading ---------------------------------------------------------------------------------------------- */

static const char *segment_name(enum protection protection)
{
        return protection & PROTECT_EXECUTE ? "text" : protection & PROTECT_WRITE ? "data" : "rodata";
}

static struct error load_segment(struct address_space *space, const struct elf_segment *segment)
{
        struct mapping mapping = {
                .name = segment_name(segment->protection),
                .size = vrange_size(segment->pages),
                .protection = segment->protection,
                .where = MAP_SPECIFICALLY,
                .address = segment->pages.base,
        };
        uintptr_t base;

        TRY(address_space_map(space, &mapping, &base));
        return user_pages_write(&space->pages, segment->address, segment->bytes, segment->file_size,
                                segment->protection);
}

static struct error load_program(struct process *process, const struct cpio_file *file)
{
        struct elf_segment segment;
        struct elf elf;

        TRY(elf_open(file->bytes, file->size, &elf));
        for (size_t i = 0; i < elf.segments; i++)
                if (elf_segment(&elf, i, &segment))
                        TRY(load_segment(process->space, &segment));
        process->entry = elf.entry;
        return SUCCESS;
}

/* Just below the program, where neither it nor what it maps is likely to be in the way. */
static struct error load_file(struct process *process, const struct cpio_file *file)
{
        struct mapping mapping = {
                .name = file->name,
                .protection = PROTECT_READ,
                .where = MAP_NEAR,
                .address = process->entry,
        };
        uintptr_t base;

        if (!vrange_round_up(&mapping.size, file->size))
                return FAIL(BAD_INPUT);
        TRY(address_space_map(process->space, &mapping, &base));
        process->file = (struct vrange){ base, base + file->size };
        return user_pages_write(&process->space->pages, base, file->bytes, file->size, PROTECT_READ);
}

/* As high in the window of stacks as can be. Its first bytes, at the top, are the argument. */
static struct error make_stack(struct process *process, const char *argument)
{
        const enum protection protection = PROTECT_READ | PROTECT_WRITE;
        struct mapping mapping = {
                .name = "stack",
                .size = STACK_SIZE,
                .protection = protection,
                .where = MAP_NEAR,
                .address = USER_STACKS_END,
                .guard_before = PAGE_SIZE,
                .guard_after = PAGE_SIZE,
                .window = { USER_STACKS_BASE, USER_STACKS_END },
        };
        size_t size = strlen(argument) + 1;
        uintptr_t base;

        if (size > ARGUMENT_MOST)
                return FAIL(BAD_ARGUMENT);
        TRY(address_space_map(process->space, &mapping, &base));
        process->argument = base + STACK_SIZE - size;
        process->stack_top = process->argument & ~(uintptr_t)(STACK_ALIGNMENT - 1);
        return user_pages_write(&process->space->pages, process->argument, argument, size, protection);
}

static struct error load(struct process *process, const struct cpio_file *program, const char *argument)
{
        const struct vrange user = { USER_BASE, USER_END };
        struct cpio_file file;

        TRY(address_space_create(process->name, user, SEED, &process->space));
        TRY(load_program(process, program));
        TRY(make_stack(process, argument));
        if (initrd_find(argument, &file) && file.size)
                TRY(load_file(process, &file));
        return SUCCESS;
}

/* --- life ------------------------------------------------------------------------------------------------- */

struct error process_create(const struct cpio_file *program, const char *argument, struct process **out)
{
        static uint64_t newest;
        struct process *process = kmalloc(sizeof *process, PURPOSE_TASK);
        struct error error;

        if (!process)
                return FAIL(NO_MEMORY);
        process->id = ++newest;
        format(process->name, sizeof process->name, "%s", program->name);
        error = load(process, program, argument);
        if (error.code) {
                process_destroy(process);
                return error;
        }
        trace_task_created(process->id, process->id, process->space->watched.id, process->name);
        *out = process;
        return SUCCESS;
}

void process_destroy(struct process *process)
{
        assert(process != current, "process %lu runs", process->id);
        if (process->space)
                address_space_destroy(process->space);
        kfree(process);
}

struct process *process_current(void)
{
        return current;
}

uint64_t process_run(struct process *process)
{
        const struct trap_frame registers = {
                .rip = process->entry,
                .cs = SELECTOR_USER_CODE,
                .ss = SELECTOR_USER_DATA,
                .rsp = process->stack_top,
                .rdi = process->argument,
                .rsi = process->file.base,
                .rdx = vrange_size(process->file),
        };

        assert(!current, "process %lu runs", current->id);
        current = process;
        trace_task_switched(process->id);
        cpu_set_page_table(process->space->pages.root);
        user_enter(&registers);
        cpu_set_page_table(kernel_page_table.root);
        trace_task_switched(0);
        current = NULL;
        return process->status;
}

void process_exit(uint64_t status)
{
        current->status = status;
        trace_task_exited(current->id, status);
        user_leave();
}

/* --- from the command line -------------------------------------------------------------------------------- */

static struct error create(const char *words, struct process **out)
{
        const char *colon = strchr(words, ':');
        struct cpio_file program;
        char name[PROCESS_NAME_SIZE];

        format(name, sizeof name, "%.*s", (int)(colon ? (size_t)(colon - words) : strlen(words)), words);
        if (!initrd_find(name, &program))
                return FAIL(NOT_FOUND);
        return process_create(&program, colon ? colon + 1 : "", out);
}

enum verdict process_execute(const char *words)
{
        struct process *process;
        struct error error = create(words, &process);
        uint64_t status;

        if (error.code) {
                kprintf("exec=%s: cannot be run: %s\n", words, error_meaning((enum error_code)error.code));
                if (error_is(error, ERROR_NOT_FOUND)) {
                        kprintf("The initial ramdisk has:\n");
                        initrd_list();
                }
                return VERDICT_FAILED;
        }
        status = process_run(process);
        kprintf("%s: exit status %lu\n", words, status);
        return status ? VERDICT_FAILED : VERDICT_PASSED;
}
