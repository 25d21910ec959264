#include "task/image.h"
#include "arch/cpu.h"
#include "arch/descriptors.h"
#include "arch/entropy.h"
#include "arch/traps.h"
#include "boot/initrd.h"
#include "lib/string.h"
#include "mm/layout.h"
#include "task/elf.h"

enum { STACK_SIZE = 16 * PAGE_SIZE, STACK_ALIGNMENT = 16 };

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
        return address_space_write(space, segment->address, segment->bytes, segment->file_size);
}

static struct error load_program(struct image *image, const struct cpio_file *file)
{
        struct elf_segment segment;
        struct elf elf;

        TRY(elf_open(file->bytes, file->size, &elf));
        for (size_t i = 0; i < elf.segments; i++)
                if (elf_segment(&elf, i, &segment))
                        TRY(load_segment(image->space, &segment));
        image->entry = elf.entry;
        return SUCCESS;
}

/* Just below the program, where neither it nor what it maps is likely to be in the way. */
static struct error load_file(struct image *image, const struct cpio_file *file)
{
        struct mapping mapping = {
                .name = file->name,
                .protection = PROTECT_READ,
                .where = MAP_NEAR,
                .address = image->entry,
                .file = file->bytes,
                .file_size = file->size,
        };

        if (!vrange_round_up(&mapping.size, file->size))
                return FAIL(BAD_INPUT);
        TRY(address_space_map(image->space, &mapping, &image->file.base));
        image->file.end = image->file.base + file->size;
        return SUCCESS;
}

/* Somewhere in the window of stacks. Its first bytes, a little below the top, are the argument. */
static struct error make_stack(struct image *image, const char *argument)
{
        struct mapping mapping = {
                .name = "stack",
                .size = STACK_SIZE,
                .protection = PROTECT_READ | PROTECT_WRITE,
                .where = MAP_RANDOM,
                .guard_before = PAGE_SIZE,
                .guard_after = PAGE_SIZE,
                .window = { USER_STACKS_BASE, USER_STACKS_END },
                .grows = true,
        };
        size_t size = strlen(argument) + 1, unused = entropy_draw() % IMAGE_ARGUMENT_MOST & -STACK_ALIGNMENT;
        uintptr_t base;

        if (size > IMAGE_ARGUMENT_MOST)
                return FAIL(BAD_ARGUMENT);
        TRY(address_space_map(image->space, &mapping, &base));
        image->argument = base + STACK_SIZE - unused - size;
        image->stack_top = image->argument & -STACK_ALIGNMENT;
        return address_space_write(image->space, image->argument, argument, size);
}

static struct error load(struct image *image, const struct cpio_file *program, const char *argument)
{
        struct cpio_file file;

        TRY(load_program(image, program));
        TRY(make_stack(image, argument));
        if (initrd_find(argument, &file) && file.size)
                TRY(load_file(image, &file));
        return SUCCESS;
}

struct error image_load(const struct cpio_file *program, const char *argument, struct image *out)
{
        const struct vrange user = { USER_BASE, USER_END };

        *out = (struct image){ 0 };
        TRY(address_space_create(program->name, user, entropy_draw(), &out->space));
        TRY_OR(load(out, program, argument), address_space_destroy(out->space));
        return SUCCESS;
}

struct trap_frame image_registers(const struct image *image)
{
        return (struct trap_frame){
                .rip = image->entry,
                .cs = SELECTOR_USER_CODE,
                .ss = SELECTOR_USER_DATA,
                .rflags = CPU_FLAG_INTERRUPTS,
                .rsp = image->stack_top,
                .rdi = image->argument,
                .rsi = image->file.base,
                .rdx = vrange_size(image->file),
                .rcx = entropy_draw(),
        };
}
