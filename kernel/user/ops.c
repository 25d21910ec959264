/*
 * ops: runs an op script through real system calls, in its own address space: ops SCRIPT.
 *
 * The script's space is a window of it: a mapping without an address is placed there. This program lies in the same
 * space, so a script that names one of its addresses is refused at that line. "seed" changes nothing here: the kernel
 * alone seeds its random numbers. So where a script expects a random address, the program asks for that address.
 * docs/op-scripts.md describes scripts.
 */
#include "test/check_script.h"
#include "user/lib/own_regions.h"

enum { LISTING_MOST = 65536 };
enum { FINE = 0, NOT_AS_EXPECTED = 1, CANNOT_RUN = 2 };

/* The addresses that an operation is about by its own words. */
static struct vrange named_range(const struct op *op)
{
        struct vrange range = op->range;

        if (op->kind == OP_MAP && (op->mapping.where == MAP_SPECIFICALLY || op->mapping.where == MAP_REPLACE) &&
            vrange_make(&range, op->mapping.address, op->mapping.size))
                return range;
        return op->kind == OP_MAP || op->kind == OP_FIND ? (struct vrange){ 0 } : range;
}

static bool leaves_us_alone(const char *name, unsigned line, const struct op *op)
{
        const struct vrange *own = own_region_in(named_range(op));

        if (own)
                printf("%s:%u: 0x%lx-0x%lx is where the program that runs this script lives\n", name, line, own->base,
                       own->end);
        return !own;
}

static struct outcome find(uintptr_t address)
{
        static struct region_listing listing[LISTING_MOST];
        struct outcome outcome = { .error = { .code = ERROR_NOT_FOUND } };
        struct error error;
        size_t count;

        error = regions(0, listing, LISTING_MOST, &count);
        if (error.code)
                return (struct outcome){ .error = error };
        for (size_t i = 0; i < count && i < LISTING_MOST; i++)
                if (vrange_contains((struct vrange){ listing[i].base, listing[i].end }, address))
                        outcome = (struct outcome){ .address = listing[i].base };
        return outcome;
}

static struct outcome carry_out(const struct op *op, struct vrange space)
{
        struct outcome outcome = { .address = op->range.base };
        struct mapping mapping = op->mapping;

        switch (op->kind) {
        case OP_MAP:
                if (!mapping.window.end)
                        mapping.window = space;
                if (mapping.where == MAP_RANDOM && op->expects_address) {
                        mapping.where = MAP_SPECIFICALLY;
                        mapping.address = op->expected_address;
                }
                outcome.error = mmap(&mapping, &outcome.address);
                break;
        case OP_UNMAP:
                outcome.error = munmap(op->range.base, vrange_size(op->range));
                break;
        case OP_PROTECT:
                outcome.error = mprotect(op->range.base, vrange_size(op->range), op->protection);
                break;
        case OP_RESIZE:
                outcome.error = resize(op->range.base, vrange_size(op->range));
                break;
        case OP_FIND:
                return find(op->range.base);
        case OP_SPACE:
        case OP_SEED:
        case OP_KEYFRAMES:
                break;
        }
        return outcome;
}

/* How much memory the kernel has is not for a program to say. */
static bool needs_kernel(const char *name, unsigned line, const struct op *op)
{
        if (op->is_scarce)
                printf("%s:%u: `memory' is for scripts that the kernel runs itself: run=%s\n", name, line, name);
        return op->is_scarce;
}

static int run(const char *name, struct op_script script, struct vrange space)
{
        size_t operations = 0;
        struct op op;

        while (op_script_next(&script, &op)) {
                if (op_is_directive(&op))
                        continue;
                if (needs_kernel(name, script.line, &op) || !leaves_us_alone(name, script.line, &op))
                        return CANNOT_RUN;
                if (!script_is_as_expected(name, script.line, &op, carry_out(&op, space)))
                        return NOT_AS_EXPECTED;
                operations++;
        }
        printf("%s: %zu operations through system calls: passed\n", name, operations);
        return FINE;
}

/* Reads the file into a region near this program, where neither it nor what it maps is likely to be in the way. */
static struct error read_file(const char *name, const char **bytes, size_t *size)
{
        enum { SIZE_MOST = 1 << 20 };
        const struct mapping room = {
                .name = name, .size = SIZE_MOST, .protection = PROTECT_READ_WRITE,
                .where = MAP_NEAR, .address = (uintptr_t)read_file,
        };
        uintptr_t base;
        unsigned file;
        size_t count;

        TRY(open(name, &file));
        TRY(mmap(&room, &base));
        *bytes = (const char *)base;
        *size = 0;
        do {
                TRY(read(file, (char *)base + *size, SIZE_MOST - *size, &count));
                *size += count;
        } while (count);
        return close(file);
}

int main(const char *argument)
{
        const char *bytes;
        size_t size;
        struct vrange space = { 0, 0 };                 /* all of it */
        uint64_t seed;

        if (read_file(argument, &bytes, &size).code) {
                printf("ops: the initial ramdisk has no op script \"%s\"; ask for one as in exec=ops:teaching.ops\n",
                       argument);
                return CANNOT_RUN;
        }
        const struct op_script script = op_script_of(bytes, size);
        if (!own_regions_find() || !script_read_ahead(argument, script, &space, &seed))
                return CANNOT_RUN;
        return run(argument, script, space);
}
