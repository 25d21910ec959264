/*
 * spaces: tries one thing that the memory of a process does: spaces WAY; exits with 0 if it was right.
 */
#include "user/lib/thread.h"
#include "user/lib/trial.h"

enum { FAR_BASE = 0x2000 };             /* in GiB: nothing else is there */

static uintptr_t far_page(size_t number)
{
        return ((uintptr_t)FAR_BASE << 30) + number * PAGE_SIZE;
}

/* --- stacks ----------------------------------------------------------------------------------------------- */

/* An array that is larger than the guard below the stack, and whose lowest byte is touched first. */
[[gnu::noinline]] static int touch_large_frame(size_t at)
{
        volatile char large[100000];

        large[at] = 7;
        return large[at];
}

static bool a_large_local_array_is_touched_in_any_order(void)
{
        RIGHT(touch_large_frame(0) == 7);
        RIGHT(touch_large_frame(50000) == 7);
        return true;
}

/* --- files ------------------------------------------------------------------------------------------------ */

static bool bytes_beyond_the_end_of_a_file_are_never_its_beginning(void)
{
        const struct mapping mapping = { .name = "far", .size = PAGE_SIZE, .protection = PROTECT_READ,
                                         .where = MAP_SPECIFICALLY, .address = far_page(0) };
        unsigned file;
        uintptr_t base;

        RIGHT_OK(open("sh", &file));
        RIGHT_OK(mmap_file(&mapping, file, -(size_t)2 * PAGE_SIZE, &base));
        RIGHT_ERROR(resize(base, 3 * PAGE_SIZE), OUT_OF_RANGE);
        RIGHT(*(const volatile char *)base == 0);
        RIGHT_OK(munmap(base, PAGE_SIZE));
        RIGHT_OK(close(file));
        return true;
}

/* --- all -------------------------------------------------------------------------------------------------- */

static const struct {
        const char *name;
        bool (*is_right)(void);
} ways[] = {
        { "large-frame", a_large_local_array_is_touched_in_any_order },
        { "far-offset", bytes_beyond_the_end_of_a_file_are_never_its_beginning },
};

int main(const char *argument, [[maybe_unused]] struct file file)
{
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                if (!strcmp(ways[i].name, argument))
                        return !ways[i].is_right();
        }
        printf("spaces: the argument is one of:");
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
                printf(" %s", ways[i].name);
        printf("\n");
        return 2;
}
