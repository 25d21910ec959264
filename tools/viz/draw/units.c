#include "draw/units.h"
#include "base/format.h"

#include <string.h>

enum { PAGES_OF_A_SMALL_SPACE = 4096, RESULTS = 16, RESULT_SIZE = 64 };

/*
 * A result is written digit by digit: a layout of a large tree makes a hundred thousand of them, and printf takes ten
 * times as long.
 */
struct result {
        size_t length;
        char text[RESULT_SIZE];
};

static struct result *new_result(void)
{
        static struct result results[RESULTS];
        static unsigned newest;
        struct result *result = &results[newest++ % RESULTS];

        result->length = 0;
        result->text[0] = 0;
        return result;
}

static void put(struct result *result, const char *text)
{
        size_t length = strlen(text);

        if (result->length + length >= sizeof result->text)
                length = sizeof result->text - 1 - result->length;
        memcpy(result->text + result->length, text, length);
        result->length += length;
        result->text[result->length] = 0;
}

static void put_number(struct result *result, uint64_t number, unsigned base)
{
        char digits[24];
        size_t at = sizeof digits - 1;

        digits[at] = 0;
        do
                digits[--at] = "0123456789abcdef"[number % base];
        while (number /= base);
        put(result, digits + at);
}

enum units units_for(struct vrange range)
{
        return vrange_size(range) >> PAGE_SHIFT <= PAGES_OF_A_SMALL_SPACE ? UNITS_PAGES : UNITS_BYTES;
}

/* One digit after the point below ten, none above: "1.5", "64". Rounded down: no hole is called larger than it is. */
static const char *scaled(uint64_t pages, const char *unit_names[static 6])
{
        uint64_t tenths = pages > UINT64_MAX / 40 ? UINT64_MAX : pages * 40;
        struct result *result = new_result();
        unsigned unit = 0;

        for (; tenths >= 10240 && unit < 5; unit++)
                tenths /= 1024;
        put_number(result, tenths / 10, 10);
        if (tenths < 100 && tenths % 10) {
                put(result, ".");
                put_number(result, tenths % 10, 10);
        }
        put(result, unit_names[unit]);
        return result->text;
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
                return format_counted(pages, "page");
        if (!pages)
                return "nothing";
        return scaled(pages, (const char *[]){ " KiB", " MiB", " GiB", " TiB", " PiB", " EiB" });
}

const char *units_compared(enum units units, uint64_t left, const char *sign, uint64_t right)
{
        const char *short_left = units_short(units, left), *short_right = units_short(units, right);
        struct result *result = new_result();
        bool look_alike = left != right && !strcmp(short_left, short_right);

        put(result, look_alike ? format_count(left) : short_left);
        put(result, " ");
        put(result, sign);
        put(result, " ");
        put(result, look_alike ? format_count(right) : short_right);
        if (look_alike)
                put(result, " pages");
        return result->text;
}

const char *units_address(uint64_t address)
{
        struct result *result = new_result();

        put_number(result, address, 16);
        return result->text;
}

const char *units_range(struct vrange range)
{
        struct result *result = new_result();

        put_number(result, range.base, 16);
        put(result, "–");
        put_number(result, range.end, 16);
        return result->text;
}
