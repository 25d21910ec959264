/*
 * Many of everything, and too little memory. These run one by one: usertests NAME.
 */
#include "user/usertests/usertests.h"

static int do_nothing(void *status)
{
        return (int)(uintptr_t)status;
}

static bool a_thousand_processes_one_after_another(void)
{
        for (uintptr_t i = 0; i < 1000; i++)
                RIGHT(status_of(do_nothing, (void *)(i % 100)) == i % 100);
        return true;
}

/* They wait until the writer's end is closed, and then all end at once. */
static bool wait_for_all_of(uint64_t count, struct pipe_ends ends, bool may_be_killed)
{
        struct ending ending;

        RIGHT_OK(close(ends.to_write));
        for (uint64_t i = 0; i < count; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status == 0 || (may_be_killed && ending.status == KILLED_BY_CALL));
        }
        RIGHT_ERROR(wait(0, &ending), NOT_FOUND);
        return true;
}

static _Noreturn void wait_for_the_end(struct pipe_ends ends)
{
        size_t count;
        char byte;

        error_ignore(close(ends.to_write));
        error_ignore(read(ends.to_read, &byte, 1, &count));
        exit(0);
}

static bool many_processes_at_once(void)
{
        enum { CHILDREN = 100 };
        struct pipe_ends ends;
        uint64_t child;

        RIGHT_OK(pipe(&ends));
        for (int i = 0; i < CHILDREN; i++) {
                RIGHT_OK(fork(&child));
                if (!child)
                        wait_for_the_end(ends);
        }
        return wait_for_all_of(CHILDREN, ends, false);
}

/* With little memory, so that it runs out: some may be ended, but each is waited for, and all memory is freed. */
static bool forks_until_memory_is_out(void)
{
        struct pipe_ends ends;
        uint64_t child, count = 0;

        RIGHT_OK(pipe(&ends));
        while (!fork(&child).code) {
                if (!child)
                        wait_for_the_end(ends);
                count++;
        }
        RIGHT(count > 10);
        return wait_for_all_of(count, ends, true);
}

/* Each of the children forks on, down to a depth; each end is seen by its parent. */
static int fork_twice(void *depth)
{
        const uintptr_t left = (uintptr_t)depth;

        if (!left)
                return 0;
        for (int i = 0; i < 2; i++) {
                const uint64_t status = status_of(fork_twice, (void *)(left - 1));

                if (status && status != NO_CHILD)
                        return (int)status;
        }
        return 0;
}

static bool families_fork_on(void)
{
        enum { FAMILIES = 4, DEPTH = 4 };
        struct ending ending;
        uint64_t child;

        for (int i = 0; i < FAMILIES; i++) {
                RIGHT_OK(fork(&child));
                if (!child)
                        exit(fork_twice((void *)(uintptr_t)DEPTH));
        }
        for (int i = 0; i < FAMILIES; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status == 0);
        }
        return true;
}

/* With little memory: a child takes all there is, again and again; it is ended, and this process is not. */
static int take_all(void *unused)
{
        const struct mapping mapping = { .name = "much", .size = (size_t)1 << 36, .protection = PROTECT_READ_WRITE };
        uintptr_t base;

        (void)unused;
        if (mmap(&mapping, &base).code)
                return 1;
        for (;; base += PAGE_SIZE)
                *at(base) = 1;
}

static bool memory_is_taken_again_and_again(void)
{
        for (int i = 0; i < 3; i++)
                RIGHT(status_of(take_all, NULL) == KILLED_BY_CALL);
        return true;
}

/* Each beside the last but one page, so that no two touch; then every second one goes, and all are counted. */
static bool sixty_thousand_regions(void)
{
        enum { REGIONS = 60000 };
        struct mapping mapping = { .name = "one", .size = PAGE_SIZE, .protection = PROTECT_READ,
                                   .where = MAP_SPECIFICALLY };
        size_t before, count;
        uintptr_t base;

        RIGHT_OK(regions(0, NULL, 0, &before));
        for (size_t i = 0; i < REGIONS; i++) {
                mapping.address = PLAYGROUND + i * 2 * PAGE_SIZE;
                RIGHT_OK(mmap(&mapping, &base));
        }
        RIGHT_OK(regions(0, NULL, 0, &count));
        RIGHT(count == before + REGIONS);
        RIGHT_ERROR(mmap(&mapping, &base), OVERLAP);
        RIGHT_OK(munmap(PLAYGROUND, (size_t)REGIONS * PAGE_SIZE));
        RIGHT_OK(regions(0, NULL, 0, &count));
        RIGHT(count == before + REGIONS / 2);
        return true;
}

/* The list is long; the process that requested it is ended meanwhile. */
static bool a_long_list_is_cut_short_by_an_end(void)
{
        enum { REGIONS = 1000 };
        struct mapping mapping = { .name = "one", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };
        struct ending ending;
        uint64_t child;
        uintptr_t base;
        size_t count;

        for (size_t i = 0; i < REGIONS; i++) {
                mapping.address = PLAYGROUND + i * 2 * PAGE_SIZE;
                RIGHT_OK(mmap(&mapping, &base));
        }
        RIGHT_OK(fork(&child));
        if (!child) {
                for (;;)
                        error_ignore(regions(0, NULL, 0, &count));
        }
        sleep(1);
        RIGHT_OK(kill(child));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == KILLED_BY_CALL);
        return true;
}

const struct user_case cases_of_limits[] = {
        { "thousand", a_thousand_processes_one_after_another },
        { "many", many_processes_at_once },
        { "fork-out", forks_until_memory_is_out },
        { "families", families_fork_on },
        { "memory-out", memory_is_taken_again_and_again },
        { "regions-60000", sixty_thousand_regions },
        { "long-list", a_long_list_is_cut_short_by_an_end },
        { 0 },
};
