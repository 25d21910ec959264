#include "format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SLOTS = 16, SLOT_SIZE = 64 };

static char *next_slot(void)
{
        static _Thread_local char slots[SLOTS][SLOT_SIZE];
        static _Thread_local unsigned next;

        return slots[next++ % SLOTS];
}

const char *format_count(uint64_t count)
{
        char *end = next_slot() + SLOT_SIZE - 1, *out = end;

        *out = 0;
        for (int digits = 0; count || !digits; count /= 10, digits++) {
                if (digits && digits % 3 == 0)
                        *--out = ',';
                *--out = (char)('0' + count % 10);
        }
        return out;
}

const char *format_counted(uint64_t count, const char *noun)
{
        char *out = next_slot();

        snprintf(out, SLOT_SIZE, "%s %s%s", format_count(count), noun, count == 1 ? "" : "s");
        return out;
}

const char *format_numbered(const char *noun, uint64_t number)
{
        char *out = next_slot();

        snprintf(out, SLOT_SIZE, "%s %" PRIu64, noun, number);
        return out;
}

/* `quarters` of a unit so that halves and quarters of it can be said exactly. */
static const char *with_unit(uint64_t quarters, const char *unit)
{
        static const char *const fraction[] = { "", ".25", ".5", ".75" };
        char *out = next_slot();

        snprintf(out, SLOT_SIZE, "%s%s %s", format_count(quarters / 4), fraction[quarters % 4], unit);
        return out;
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
        char *out = next_slot();

        snprintf(out, SLOT_SIZE, "0x%" PRIx64, address);
        return out;
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
