#include "task/image.h"
#include "arch/cpu.h"
#include "arch/descriptors.h"
#include "arch/entropy.h"
#include "lib/string.h"
#include "mm/layout.h"
#include "task/elf.h"
#include "task/initrd.h"

enum { STACK_SIZE = 16 * PAGE_SIZE, STACK_ALIGNMENT = 16 };

static const char *segment_name(enum protection protection)
{
        return protection & PROTECT_EXECUTE ? "text" : protection & PROTECT_WRITE ? "data" : "rodata";
}

static struct error load_segment(struct address_space *space, const struct elf_segment *segment)
{
        const struct mapping mapping = {
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
        struct elf elf;
        TRY(elf_open(file->bytes, file->size, &elf));
        for (size_t i = 0; i < elf.segments; i++) {
                struct elf_segment segment;
                if (elf_segment(&elf, i, &segment))
                        TRY(load_segment(image->space, &segment));
        }
        image->registers.rip = elf.entry;
        return SUCCESS;
}

/* Somewhere in the window of stacks. Its first bytes, a little below the top, are the argument. */
static struct error make_stack(struct image *image, const char *argument)
{
        const struct mapping mapping = {
                .name = "stack",
                .size = STACK_SIZE,
                .protection = PROTECT_READ | PROTECT_WRITE,
                .where = MAP_RANDOM,
                .guard_before = PAGE_SIZE,
                .guard_after = PAGE_SIZE,
                .window = { USER_STACKS_BASE, USER_STACKS_END },
                .grows = true,
        };
        const size_t size = strlen(argument) + 1, unused = entropy_draw() % IMAGE_ARGUMENT_MOST & -STACK_ALIGNMENT;
        if (size > IMAGE_ARGUMENT_MOST)
                return FAIL(BAD_ARGUMENT);
        uintptr_t base;
        TRY(address_space_map(image->space, &mapping, &base));
        image->registers.rdi = base + STACK_SIZE - unused - size;
        image->registers.rsp = image->registers.rdi & -STACK_ALIGNMENT;
        return address_space_write(image->space, image->registers.rdi, argument, size);
}

/* Just below the program, where neither it nor what it maps is likely to be in the way. */
static struct error load_file(struct image *image, const struct cpio_file *file)
{
        struct mapping mapping = {
                .name = file->name,
                .protection = PROTECT_READ,
                .where = MAP_NEAR,
                .address = image->registers.rip,
                .file = file->bytes,
                .file_size = file->size,
        };
        if (!vrange_round_up(&mapping.size, file->size))
                return FAIL(BAD_INPUT);
        TRY(address_space_map(image->space, &mapping, &image->registers.rsi));
        image->registers.rdx = file->size;
        return SUCCESS;
}

static struct error load(struct image *image, const struct cpio_file *program, const char *argument)
{
        TRY(load_program(image, program));
        TRY(make_stack(image, argument));
        struct cpio_file file;
        if (initrd_find(argument, &file) && file.size)
                TRY(load_file(image, &file));
        image->registers.rcx = entropy_draw();
        return SUCCESS;
}

struct error image_load(const struct cpio_file *program, const char *argument, struct image *out)
{
        out->registers = (struct trap_frame){
                .cs = SELECTOR_USER_CODE,
                .ss = SELECTOR_USER_DATA,
                .rflags = CPU_FLAG_INTERRUPTS,
        };
        TRY(address_space_create(program->name, (struct vrange){ USER_BASE, USER_END }, entropy_draw(), &out->space));
        TRY_OR(load(out, program, argument), address_space_destroy(out->space));
        return SUCCESS;
}
