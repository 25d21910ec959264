#include "user/lib/user.h"

static struct error call(enum system_call number, uint64_t first, uint64_t second, uint64_t third, uint64_t *value)
{
        uint64_t result = number, out = third;

        __asm__ volatile("int $0x80" : "+a"(result), "+d"(out) : "D"(first), "S"(second) : "memory");
        if (value)
                *value = out;
        return (struct error){ .code = (int16_t)result };
}

void exit(int status)
{
        error_ignore(call(SYSTEM_EXIT, (uint64_t)status, 0, 0, NULL));
        __builtin_unreachable();
}

struct error write(const void *bytes, size_t size)
{
        return call(SYSTEM_WRITE, 1, (uintptr_t)bytes, size, NULL);
}

struct error mmap(const struct mapping *mapping, uintptr_t *base)
{
        struct mmap_request request = {
                .size = mapping->size,
                .address = mapping->address,
                .alignment = mapping->alignment,
                .guard_before = mapping->guard_before,
                .guard_after = mapping->guard_after,
                .window_base = mapping->window.base,
                .window_end = mapping->window.end,
                .protection = mapping->protection,
                .where = mapping->where,
        };

        if (mapping->name)
                format(request.name, sizeof request.name, "%s", mapping->name);
        return call(SYSTEM_MMAP, (uintptr_t)&request, 0, 0, base);
}

struct error munmap(uintptr_t address, size_t size)
{
        return call(SYSTEM_MUNMAP, address, size, 0, NULL);
}

struct error mprotect(uintptr_t address, size_t size, enum protection protection)
{
        return call(SYSTEM_MPROTECT, address, size, protection, NULL);
}

struct error resize(uintptr_t base, size_t size)
{
        return call(SYSTEM_RESIZE, base, size, 0, NULL);
}

struct error regions(struct region_listing *listing, size_t most, size_t *count)
{
        return call(SYSTEM_REGIONS, 0, (uintptr_t)listing, most, count);
}

void console_write(const char *text, size_t length)
{
        error_ignore(write(text, length));
}

/* The kernel traces its errors; a program looks at what it gets. */
void error_raised(struct error error)
{
        (void)error;
}
