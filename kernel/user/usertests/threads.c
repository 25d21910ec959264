/*
 * Threads: side by side in one memory, which one of them changes while others use it.
 */
#include "user/usertests/usertests.h"

static volatile uint32_t ready;
static volatile bool is_over;

static void wait_until(const volatile uint32_t *count, uint32_t least)
{
        while (*count < least)
                yield();
}

/* --- memory that goes away --------------------------------------------------------------------------------- */

static void write_on_and_on(void *address)
{
        for (uint64_t i = 0; !is_over; i++) {
                *at((uintptr_t)address) = (char)i;
                ready = 1;
                if (i % 64 == 0)
                        yield();
        }
}

static int change_under_a_writer(void (*change)(void))
{
        struct thread writer;

        if (!map_at(PLAYGROUND, 1, MAP_PRIVATE) || thread_start(write_on_and_on, (void *)PLAYGROUND, &writer).code)
                return 1;
        wait_until(&ready, 1);
        change();
        for (int i = 0; i < 1000; i++)
                yield();
        is_over = true;
        return thread_join(&writer).code;
}

static void unmap_page(void)
{
        error_ignore(munmap(PLAYGROUND, PAGE_SIZE));
}

static void forbid_page(void)
{
        error_ignore(mprotect(PLAYGROUND, PAGE_SIZE, PROTECT_READ));
}

static void discard_page(void)
{
        error_ignore(madvise(PLAYGROUND, PAGE_SIZE, MADV_DONTNEED));
}

static int under_a_writer(void *change)
{
        return change_under_a_writer((void (*)(void))(uintptr_t)change);
}

/* Another processor's translation is forgotten too: the writer must not go on. */
static bool a_writer_meets_the_change_of_another_thread(void)
{
        RIGHT(status_of(under_a_writer, (void *)(uintptr_t)unmap_page) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(under_a_writer, (void *)(uintptr_t)forbid_page) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(under_a_writer, (void *)(uintptr_t)discard_page) == 0);
        return true;
}

/* After a fork a page is shared until it is copied: a thread that goes on writing must not change the child's. */
static int fork_under_a_writer(void *unused)
{
        struct thread writer;
        struct ending ending;
        uint64_t child;

        (void)unused;
        if (!map_at(PLAYGROUND, 1, MAP_PRIVATE) || thread_start(write_on_and_on, (void *)PLAYGROUND, &writer).code)
                return 1;
        wait_until(&ready, 1);
        for (int i = 0; i < 5; i++) {
                if (fork(&child).code)
                        return 2;
                if (!child) {
                        const char seen = *at(PLAYGROUND);

                        for (int k = 0; k < 20; k++) {
                                yield();
                                if (*at(PLAYGROUND) != seen)
                                        exit(1);
                        }
                        exit(0);
                }
                if (wait(child, &ending).code || ending.status)
                        return 3;
        }
        is_over = true;
        return thread_join(&writer).code;
}

static bool a_thread_that_writes_does_not_reach_a_child(void)
{
        RIGHT(status_of(fork_under_a_writer, NULL) == 0);
        return true;
}

static uintptr_t victim_stack;

static void stand_on_a_stack(void *unused)
{
        (void)unused;
        ready = 1;
        for (;;)
                yield();
}

static int unmap_stack_of_another(void *unused)
{
        struct thread victim;

        (void)unused;
        if (thread_start(stand_on_a_stack, NULL, &victim).code)
                return 1;
        victim_stack = victim.stack;
        wait_until(&ready, 1);
        error_ignore(munmap(victim_stack, 16 * PAGE_SIZE));
        return thread_join(&victim).code;
}

static bool a_thread_without_its_stack_ends_the_process(void)
{
        RIGHT(status_of(unmap_stack_of_another, NULL) == KILLED_BY_PAGE_FAULT);
        return true;
}

/* All touch the same new page at the same time: it is filled once, and no number is lost. */
static void count_in_page(void *page)
{
        uint64_t *numbers = page;

        __atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
        wait_until(&ready, 4);
        for (size_t i = 0; i < 32; i++)
                __atomic_fetch_add(&numbers[i * PAGE_SIZE / sizeof *numbers], 1, __ATOMIC_SEQ_CST);
}

static bool threads_touch_a_new_page_together(void)
{
        struct thread thread[4];

        RIGHT(map_at(PLAYGROUND, 32, MAP_PRIVATE));
        for (int i = 0; i < 4; i++)
                RIGHT_OK(thread_start(count_in_page, (void *)PLAYGROUND, &thread[i]));
        for (int i = 0; i < 4; i++)
                RIGHT_OK(thread_join(&thread[i]));
        for (size_t i = 0; i < 32; i++)
                RIGHT(*at(PLAYGROUND + i * PAGE_SIZE) == 4);
        return true;
}

/* --- beginning and ending ---------------------------------------------------------------------------------- */

static int begin_nowhere(void *where)
{
        uint64_t id;

        if (thread_create((void (*)(void))(uintptr_t)where, PLAYGROUND, NULL, &id).code)
                return 1;
        return join(id).code;
}

static bool a_thread_that_begins_nowhere_ends_the_process(void)
{
        RIGHT(status_of(begin_nowhere, (void *)8UL) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(begin_nowhere, (void *)PLAYGROUND) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(begin_nowhere, (void *)USER_END) == 1);
        RIGHT(status_of(begin_nowhere, (void *)((uintptr_t)1 << 47)) == 1);
        RIGHT(status_of(begin_nowhere, (void *)0xffffffff80200000UL) == 1);
        RIGHT(status_of(begin_nowhere, (void *)-1UL) == 1);
        return true;
}

static void count_once(void *count)
{
        __atomic_fetch_add((uint32_t *)count, 1, __ATOMIC_SEQ_CST);
}

static bool many_threads_come_and_go(void)
{
        enum { THREADS = 40 };
        static struct thread thread[THREADS];
        uint32_t count = 0;

        for (int round = 0; round < 2; round++) {
                for (int i = 0; i < THREADS; i++)
                        RIGHT_OK(thread_start(count_once, &count, &thread[i]));
                for (int i = THREADS - 1; i >= 0; i--)
                        RIGHT_OK(thread_join(&thread[i]));
        }
        RIGHT(count == 2 * THREADS);
        return true;
}

static void touch(void *address)
{
        *at((uintptr_t)address) = 1;
}

static int fail_in_a_thread(void *unused)
{
        struct thread thread;

        (void)unused;
        if (thread_start(touch, (void *)PLAYGROUND, &thread).code)
                return 1;
        for (;;)
                sleep(1000000);
}

static bool one_thread_s_fault_ends_all(void)
{
        RIGHT(status_of(fail_in_a_thread, NULL) == KILLED_BY_PAGE_FAULT);
        return true;
}

static bool only_threads_of_this_process_are_joined(void)
{
        static const uint64_t nobody[] = { 0, 1, 99999, (uint64_t)1 << 32, -(uint64_t)1 };
        struct thread thread;
        uint32_t count = 0;
        uint64_t child;
        struct ending ending;

        for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
                RIGHT_ERROR(join(nobody[i]), NOT_FOUND);
        RIGHT_OK(thread_start(count_once, &count, &thread));
        RIGHT_OK(fork(&child));
        if (!child)
                exit(!error_is(join(thread.id), ERROR_NOT_FOUND));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT_OK(thread_join(&thread));
        RIGHT_ERROR(join(thread.id), NOT_FOUND);
        return true;
}

/* Two threads wait for the same child: one gets it, the other learns that there is none. */
static uint32_t found, missed;

static void wait_for_any(void *unused)
{
        struct ending ending;

        (void)unused;
        if (wait(0, &ending).code)
                __atomic_fetch_add(&missed, 1, __ATOMIC_SEQ_CST);
        else
                __atomic_fetch_add(&found, 1, __ATOMIC_SEQ_CST);
}

static bool one_child_is_found_by_one_thread(void)
{
        struct thread thread[2];
        uint64_t child;

        RIGHT_OK(fork(&child));
        if (!child) {
                sleep(3);
                exit(0);
        }
        for (int i = 0; i < 2; i++)
                RIGHT_OK(thread_start(wait_for_any, NULL, &thread[i]));
        for (int i = 0; i < 2; i++)
                RIGHT_OK(thread_join(&thread[i]));
        RIGHT(found == 1 && missed == 1);
        return true;
}

/* The copy has one thread, whichever it was that forked, and the rest of memory as it was. */
static uint64_t status_of_child = NO_CHILD;

static int count_threads(void *unused)
{
        static struct process_listing listing[32];
        size_t count;

        (void)unused;
        if (processes(listing, 32, &count).code)
                return 100;
        for (size_t i = 0; i < count && i < 32; i++) {
                if (listing[i].process == getpid())
                        return (int)listing[i].threads;
        }
        return 101;
}

static void fork_here(void *unused)
{
        status_of_child = status_of(count_threads, unused);
}

static bool a_thread_forks_itself_alone(void)
{
        struct thread thread;

        RIGHT_OK(thread_start(fork_here, NULL, &thread));
        RIGHT_OK(thread_join(&thread));
        RIGHT(status_of_child == 1);
        RIGHT(count_threads(NULL) == 1);
        return true;
}

const struct user_case cases_of_threads[] = {
        { "thread-memory", a_writer_meets_the_change_of_another_thread },
        { "thread-fork-writer", a_thread_that_writes_does_not_reach_a_child },
        { "thread-no-stack", a_thread_without_its_stack_ends_the_process },
        { "thread-same-page", threads_touch_a_new_page_together },
        { "thread-nowhere", a_thread_that_begins_nowhere_ends_the_process },
        { "thread-many", many_threads_come_and_go },
        { "thread-fault", one_thread_s_fault_ends_all },
        { "thread-join", only_threads_of_this_process_are_joined },
        { "thread-wait", one_child_is_found_by_one_thread },
        { "thread-fork", a_thread_forks_itself_alone },
        { 0 },
};
