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

/* --- fork ------------------------------------------------------------------------------------------------- */

enum { MANY = 10000 };

static volatile bool is_over;

static void map_and_unmap([[maybe_unused]] void *unused)
{
        uintptr_t base;

        while (!is_over) {
                if (!mmap(&(struct mapping){ .name = "other", .size = PAGE_SIZE }, &base).code)
                        error_ignore(munmap(base, PAGE_SIZE));
        }
}

/* So many regions that it takes a fork long to copy them, each with a page. Then the child unmaps them all at once. */
static bool a_large_space_is_forked_while_another_thread_maps(void)
{
        struct mapping mapping = { .name = "many", .size = PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                   .where = MAP_SPECIFICALLY };
        struct thread other;
        struct ending ending;
        uintptr_t base;
        uint64_t child;

        for (size_t i = 0; i < MANY; i++) {
                mapping.address = far_page(2 * i);
                RIGHT_OK(mmap(&mapping, &base));
                *(volatile size_t *)base = i;
        }
        is_over = false;
        RIGHT_OK(thread_start(map_and_unmap, NULL, &other));
        RIGHT_OK(fork(&child));
        if (!child) {
                for (size_t i = 0; i < MANY; i += 7)
                        if (*(volatile size_t *)far_page(2 * i) != i)
                                exit(1);
                exit(munmap(far_page(0), 2 * MANY * PAGE_SIZE).code);
        }
        is_over = true;
        RIGHT_OK(thread_join(&other));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT_OK(munmap(far_page(0), 2 * MANY * PAGE_SIZE));
        return true;
}

/* Pages that a thread writes one after the other, so that no number is larger than the one on the page before it. */
enum { PAGES_IN_ORDER = 600, FORKS = 4 };

static void write_in_order([[maybe_unused]] void *unused)
{
        for (size_t round = 1; !is_over; round++) {
                for (size_t i = 0; i < PAGES_IN_ORDER; i++)
                        *(volatile size_t *)far_page(i) = round;
        }
}

/* What the writer wrote last is on all pages up to one, and what it wrote before that on the others. */
static bool is_one_moment(void)
{
        const size_t newest = *(volatile size_t *)far_page(0);
        size_t i = 0;

        while (i < PAGES_IN_ORDER && *(volatile size_t *)far_page(i) == newest)
                i++;
        while (i < PAGES_IN_ORDER && *(volatile size_t *)far_page(i) + 1 == newest)
                i++;
        return i == PAGES_IN_ORDER;
}

static bool a_fork_sees_what_another_thread_writes_up_to_one_moment(void)
{
        const struct mapping mapping = { .name = "order", .size = PAGES_IN_ORDER * PAGE_SIZE,
                                         .protection = PROTECT_READ_WRITE, .where = MAP_SPECIFICALLY,
                                         .address = far_page(0) };
        struct thread writer;
        struct ending ending;
        uintptr_t base;
        uint64_t child;

        RIGHT_OK(mmap(&mapping, &base));
        is_over = false;
        RIGHT_OK(thread_start(write_in_order, NULL, &writer));
        for (size_t i = 0; i < FORKS; i++) {
                RIGHT_OK(fork(&child));
                if (!child)
                        exit(!is_one_moment());
                RIGHT_OK(wait(child, &ending));
                RIGHT(ending.status == 0);
        }
        is_over = true;
        RIGHT_OK(thread_join(&writer));
        RIGHT_OK(munmap(base, mapping.size));
        return true;
}

/* --- keyframes -------------------------------------------------------------------------------------------- */

enum { SEVERAL = 300, CHANGES = 2000 };

/* A keyframe sends so many regions in pieces, and three threads change the tree between two of them. */
static bool a_space_of_several_hundred_regions_changes_all_the_time(void)
{
        struct mapping mapping = { .name = "several", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };
        struct thread other[2];
        uintptr_t base;

        for (size_t i = 0; i < SEVERAL; i++) {
                mapping.address = far_page(2 * i);
                RIGHT_OK(mmap(&mapping, &base));
        }
        is_over = false;
        for (size_t i = 0; i < 2; i++)
                RIGHT_OK(thread_start(map_and_unmap, NULL, &other[i]));
        mapping.address = far_page(1);
        for (size_t i = 0; i < CHANGES; i++) {
                RIGHT_OK(mmap(&mapping, &base));
                RIGHT_OK(munmap(base, PAGE_SIZE));
        }
        is_over = true;
        for (size_t i = 0; i < 2; i++)
                RIGHT_OK(thread_join(&other[i]));
        RIGHT_OK(munmap(far_page(0), 2 * SEVERAL * PAGE_SIZE));
        return true;
}

/* --- listing ---------------------------------------------------------------------------------------------- */

enum { VERY_MANY = 60000 };

/* The process has many regions, and a child that lists them again and again is killed while it does. */
static bool very_many_regions_are_listed_and_who_lists_them_can_be_killed(void)
{
        struct mapping mapping = { .name = "many", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };
        struct region_listing first[8];
        struct ending ending;
        uint64_t child, count, parent = getpid();
        uintptr_t base;

        for (size_t i = 0; i < VERY_MANY; i++) {
                mapping.address = far_page(2 * i);
                RIGHT_OK(mmap(&mapping, &base));
        }
        RIGHT_OK(regions(0, first, 8, &count));
        RIGHT(count > VERY_MANY && count < VERY_MANY + 16);
        RIGHT_OK(fork(&child));
        while (!child)
                error_ignore(regions(parent, first, 8, &count));
        sleep(10);
        RIGHT_OK(kill(child));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 137);
        RIGHT_OK(munmap(far_page(0), 2 * VERY_MANY * PAGE_SIZE));
        return true;
}

/* --- all -------------------------------------------------------------------------------------------------- */

static const struct {
        const char *name;
        bool (*is_right)(void);
} ways[] = {
        { "large-frame", a_large_local_array_is_touched_in_any_order },
        { "fork-many", a_large_space_is_forked_while_another_thread_maps },
        { "fork-moment", a_fork_sees_what_another_thread_writes_up_to_one_moment },
        { "change-all-the-time", a_space_of_several_hundred_regions_changes_all_the_time },
        { "list-many", very_many_regions_are_listed_and_who_lists_them_can_be_killed },
        { "far-offset", bytes_beyond_the_end_of_a_file_are_never_its_beginning },
};

int main(const char *argument)
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
