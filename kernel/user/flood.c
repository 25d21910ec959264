/*
 * flood: writes much in one call, while a child looks whether the clock goes on: flood [MEBIBYTES].
 *
 * The child sleeps again and again, a millisecond each time. Exits with 0 as soon as it woke several times during one
 * write; until then the writes get larger, up to so many MiB.
 */
#include "user/lib/user.h"
#include "user/lib/words.h"

enum { FIRST_SIZE = 64 << 10, MEBIBYTES_MOST = 16, WAKE_UPS_LEAST = 3, WRONG_USE = 2 };

/* Shared by parent and child. */
struct count {
        uint64_t wake_ups;
        bool is_over;
};

static _Noreturn void sleep_and_count(volatile struct count *count)
{
        while (!count->is_over) {
                sleep(1);
                count->wake_ups++;
        }
        exit(0);
}

static struct error map(const char *name, size_t size, enum sharing sharing, uintptr_t *base)
{
        const struct mapping mapping = { .name = name, .size = size, .protection = PROTECT_READ_WRITE,
                                         .sharing = sharing };

        return mmap(&mapping, base);
}

/* Yields how often the child woke during one write of this size. */
static struct error flood(volatile const struct count *count, size_t size, uint64_t *wake_ups)
{
        uintptr_t text;

        TRY(map("flood", size, MAP_PRIVATE, &text));
        memset((void *)text, '\n', size);
        *wake_ups = count->wake_ups;
        TRY(write(FILE_OUTPUT, (void *)text, size));
        *wake_ups = count->wake_ups - *wake_ups;
        return munmap(text, size);
}

static struct error flood_more_and_more(size_t most, size_t *size, uint64_t *wake_ups)
{
        volatile struct count *count;
        struct ending ending;
        uintptr_t base;
        uint64_t child;

        TRY(map("count", PAGE_SIZE, MAP_SHARED, &base));
        count = (volatile struct count *)base;
        TRY(fork(&child));
        if (!child)
                sleep_and_count(count);
        for (*size = FIRST_SIZE; ; *size *= 2) {
                TRY(flood(count, *size, wake_ups));
                if (*wake_ups >= WAKE_UPS_LEAST || *size * 2 > most)
                        break;
        }
        count->is_over = true;
        return wait(child, &ending);
}

int main(const char *argument)
{
        uint64_t mebibytes = MEBIBYTES_MOST, wake_ups;
        struct error error;
        size_t size;

        if (*argument && !parse_number(argument, &mebibytes)) {
                printf("flood: how much, in MiB? As in: flood 4\n");
                return WRONG_USE;
        }
        error = flood_more_and_more(mebibytes << 20, &size, &wake_ups);
        if (error.code)
                return print_error("flood", error);
        printf("flood: the child woke %lu times during one write of %zu KiB\n", wake_ups, size >> 10);
        return wake_ups < WAKE_UPS_LEAST;
}
