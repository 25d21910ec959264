#include "task/image.h"
#include "arch/cpu.h"
#include "arch/descriptors.h"
#include "arch/entropy.h"
#include "lib/string.h"
#include "mm/layout.h"
#include "task/elf.h"

enum { STACK_SIZE = 16 * PAGE_SIZE, STACK_ALIGNMENT = 16 };

static struct error load_segment(struct address_space *space, const struct elf_segment *segment)
{
        const enum protection protection = segment->protection;
        const struct mapping mapping = {
                .name = protection & PROTECT_EXECUTE ? "text" : protection & PROTECT_WRITE ? "data" : "rodata",
                .size = vrange_size(segment->pages),
                .protection = protection,
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

/*
 * Puts the arguments a little below the top of the stack, at a place drawn at random:
 *
 *      rsp = array of pointers, null pointer | texts | unused | base + STACK_SIZE
 */
static struct error put_arguments(struct image *image, uintptr_t top, const struct argument_vector *arguments)
{
        const size_t unused = entropy_draw() % ARGUMENTS_SIZE & -STACK_ALIGNMENT;
        const uintptr_t texts = top - unused - arguments->size;
        const size_t pointers_size = (arguments->count + 1) * sizeof(uintptr_t);
        uintptr_t pointer[ARGUMENTS_MOST + 1] = { 0 };
        size_t offset = 0;

        for (size_t i = 0; i < arguments->count; i++) {
                pointer[i] = texts + offset;
                offset += strlen(arguments->text + offset) + 1;
        }
        image->registers.rdi = arguments->count;
        image->registers.rsi = (texts - pointers_size) & -STACK_ALIGNMENT;
        image->registers.rsp = image->registers.rsi;
        TRY(address_space_write(image->space, texts, arguments->text, arguments->size));
        return address_space_write(image->space, image->registers.rsi, pointer, pointers_size);
}

/* Somewhere in the window of stacks. */
static struct error make_stack(struct image *image, const struct argument_vector *arguments)
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
        uintptr_t base;

        TRY(address_space_map(image->space, &mapping, &base));
        return put_arguments(image, base + STACK_SIZE, arguments);
}

static struct error load(struct image *image, const struct cpio_file *program, const struct argument_vector *arguments)
{
        TRY(load_program(image, program));
        TRY(make_stack(image, arguments));
        image->registers.r8 = entropy_draw();
        return SUCCESS;
}

struct error image_load(const struct cpio_file *program, const struct argument_vector *arguments, struct image *out)
{
        out->registers = (struct trap_frame){
                .cs = SELECTOR_USER_CODE,
                .ss = SELECTOR_USER_DATA,
                .rflags = CPU_FLAG_INTERRUPTS,
        };
        TRY(address_space_create(program->name, (struct vrange){ USER_BASE, USER_END }, entropy_draw(), &out->space));
        TRY_OR(load(out, program, arguments), address_space_destroy(out->space));
        return SUCCESS;
}
