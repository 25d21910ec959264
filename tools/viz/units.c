#include "units.h"
#include "format.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PAGES_OF_A_SMALL_SPACE = 4096, RESULTS = 16, RESULT_SIZE = 64 };

[[gnu::format(printf, 1, 2)]] static const char *result(const char *format, ...)
{
        static char results[RESULTS][RESULT_SIZE];
        static unsigned newest;
        char *out = results[newest++ % RESULTS];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(out, RESULT_SIZE, format, arguments);
        va_end(arguments);
        return out;
}

enum units units_for(struct vrange range)
{
        return vrange_size(range) >> PAGE_SHIFT <= PAGES_OF_A_SMALL_SPACE ? UNITS_PAGES : UNITS_BYTES;
}

/* One digit after the point below ten, none above: "1.5", "64". Rounded down: no hole is called larger than it is. */
static const char *scaled(uint64_t pages, const char *unit_names[static 6])
{
        uint64_t tenths = pages > UINT64_MAX / 40 ? UINT64_MAX : pages * 40;
        unsigned unit = 0;

        for (; tenths >= 10240 && unit < 5; unit++)
                tenths /= 1024;
        if (tenths < 100 && tenths % 10)
                return result("%u.%u%s", (unsigned)(tenths / 10), (unsigned)(tenths % 10), unit_names[unit]);
        return result("%llu%s", (unsigned long long)(tenths / 10), unit_names[unit]);
}

const char *units_short(enum units units, uint64_t pages)
{
        if (units == UNITS_PAGES || !pages)
                return format_count(pages);
        return scaled(pages, (const char *[]){ "K", "M", "G", "T", "P", "E" });
}

const char *units_long(enum units units, uint64_t pages)
{
        if (units == UNITS_PAGES)
                return result("%s page%s", format_count(pages), pages == 1 ? "" : "s");
        if (!pages)
                return "nothing";
        return scaled(pages, (const char *[]){ " KiB", " MiB", " GiB", " TiB", " PiB", " EiB" });
}

const char *units_compared(enum units units, uint64_t left, const char *sign, uint64_t right)
{
        const char *short_left = units_short(units, left), *short_right = units_short(units, right);

        if (left != right && !strcmp(short_left, short_right))
                return result("%s %s %s pages", format_count(left), sign, format_count(right));
        return result("%s %s %s", short_left, sign, short_right);
}

const char *units_address(uint64_t address)
{
        return result("%llx", (unsigned long long)address);
}

const char *units_range(struct vrange range)
{
        return result("%llx–%llx", (unsigned long long)range.base, (unsigned long long)range.end);
}
