#include "base/format.h"

#include <stdio.h>
#include <string.h>

enum { SLOTS = 16, SLOT_SIZE = 64 };

static char *next_slot(void)
{
        static _Thread_local char slots[SLOTS][SLOT_SIZE];
        static _Thread_local unsigned next;

        return slots[next++ % SLOTS];
}

/* Puts texts into a slot one after the other, cut to its size. Called often: printf takes several times as long. */
static const char *join(const char *const *text, size_t texts)
{
        char *out = next_slot(), *at = out, *end = out + SLOT_SIZE - 1;

        for (size_t i = 0; i < texts; i++) {
                size_t length = strnlen(text[i], (size_t)(end - at));

                memcpy(at, text[i], length);
                at += length;
        }
        *at = 0;
        return out;
}

#define JOIN(...) join((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* In a base of at most 16; with a comma after every `grouped` digits, or without if that is 0. */
static const char *digits_of(uint64_t number, unsigned base, unsigned grouped)
{
        char *out = next_slot() + SLOT_SIZE - 1;
        unsigned digits = 0;

        *out = 0;
        do {
                if (grouped && digits && digits % grouped == 0)
                        *--out = ',';
                *--out = "0123456789abcdef"[number % base];
                number /= base;
                digits++;
        } while (number);
        return out;
}

const char *format_count(uint64_t count)
{
        return digits_of(count, 10, 3);
}

const char *format_counted(uint64_t count, const char *noun)
{
        return JOIN(format_count(count), " ", noun, count == 1 ? "" : "s");
}

const char *format_numbered(const char *noun, uint64_t number)
{
        return JOIN(noun, " ", digits_of(number, 10, 0));
}

/* `quarters` of a unit so that halves and quarters of it can be said exactly. */
static const char *with_unit(uint64_t quarters, const char *unit)
{
        static const char *const fraction[] = { "", ".25", ".5", ".75" };

        return JOIN(format_count(quarters / 4), fraction[quarters % 4], " ", unit);
}

static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

const char *format_bytes(uint64_t bytes)
{
        for (int unit = 5; unit >= 0; unit--) {
                unsigned shift = 10 * (unsigned)(unit + 1);

                if (bytes >> shift && bytes % (UINT64_C(1) << (shift - 2)) == 0)
                        return with_unit(bytes >> (shift - 2), units[unit]);
        }
        return format_counted(bytes, "byte");
}

const char *format_about(uint64_t bytes)
{
        char *out = next_slot();
        unsigned unit = 0;

        if (bytes < 10240 * UINT64_C(1024))
                return format_bytes(bytes);
        while (unit < 5 && bytes >> (10 * (unit + 2)))
                unit++;
        snprintf(out, SLOT_SIZE, "%.1f %s", (double)bytes / (double)(UINT64_C(1) << (10 * (unit + 1))), units[unit]);
        return out;
}

const char *format_pages(uint64_t pages)
{
        if (pages >> 52)
                return format_counted(pages, "page");
        return pages ? format_bytes(pages << 12) : "0";
}

const char *format_address(uint64_t address)
{
        return JOIN("0x", digits_of(address, 16, 0));
}

const char *format_protection(uint64_t protection)
{
        char *out = next_slot();

        strcpy(out, "---");
        if (protection & PROTECT_READ)
                out[0] = 'r';
        if (protection & PROTECT_WRITE)
                out[1] = 'w';
        if (protection & PROTECT_EXECUTE)
                out[2] = 'x';
        if (protection & ~(uint64_t)(PROTECT_READ | PROTECT_WRITE | PROTECT_EXECUTE))
                strcat(out, "?");
        return out;
}
