/* Cases: process groups, and how all of one are ended. */
#include "user/cases/cases.h"
#include "user/lib/thread.h"

/* Begins a group with a process that does this; it does not return. */
static struct error start_group(void (*work)(void), uint64_t *group)
{
        TRY(fork(group));
        if (*group)
                return setpgid(*group, 0);
        error_ignore(setpgid(0, 0));
        work();
        exit(1);
}

/* Waits for all children, and for the orphans that became children of this, the first process. */
static bool all_were_ended(uint64_t *count)
{
        struct ending ending;
        struct error error;

        *count = 0;
        while (!(error = wait(0, &ending)).code) {
                RIGHT(ending.status == KILLED_BY_CALL);
                ++*count;
        }
        RIGHT_ERROR(error, NOT_FOUND);
        return true;
}

static void fork_for_ever(void)
{
        uint64_t child;

        for (;;)
                error_ignore(fork(&child));
}

/* One fork a turn: so it is not yet too large when this process has seen that it is large. */
static void fork_and_yield(void)
{
        uint64_t child;

        for (;;) {
                error_ignore(fork(&child));
                yield();
        }
}

static void sleep_for_ever(void)
{
        sleep(UINT64_MAX);
}

/* A fork a millisecond. Most of the group sleeps, so the threads that end it need not wait for their turns. */
static void fork_and_sleep(void)
{
        uint64_t child;

        for (;;) {
                if (!fork(&child).code && !child)
                        sleep_for_ever();
                sleep(1);
        }
}

static void take_all_memory(void)
{
        for (;;)
                map_and_touch(64);
}

bool a_group_that_grows_is_ended_as_a_whole(void)
{
        enum { PAGES = 500, GROWN = 10 };
        uint64_t group, ended, waited_for;
        struct memory_listing before, now;

        RIGHT_OK(memory(&before));
        RIGHT_OK(start_group(fork_and_yield, &group));
        do {
                yield();
                RIGHT_OK(memory(&now));
        } while (before.free - now.free < PAGES * PAGE_SIZE);
        RIGHT_OK(kill_group(group, &ended));
        RIGHT(ended > GROWN);
        RIGHT(all_were_ended(&waited_for));
        RIGHT(waited_for == ended);
        RIGHT_ERROR(kill_group(group, &ended), NOT_FOUND);
        return true;
}

struct ended_group {
        uint64_t group, count;
        struct error error;
};

/* Both threads begin at once: so on two processors each passes over the processes while the other does. */
static void end_with_another(void *group)
{
        static unsigned ready;
        struct ended_group *mine = group;

        __atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
        while (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) < 2)
                __builtin_ia32_pause();
        mine->error = kill_group(mine->group, &mine->count);
}

bool two_groups_that_grow_are_ended_at_once(void)
{
        enum { MILLISECONDS = 40, GROWN = 5 };
        struct ended_group ended[2] = { 0 };
        struct thread thread[2];
        uint64_t waited_for;

        for (int i = 0; i < 2; i++)
                RIGHT_OK(start_group(fork_and_sleep, &ended[i].group));
        sleep(MILLISECONDS);
        for (int i = 0; i < 2; i++)
                RIGHT_OK(thread_start(end_with_another, &ended[i], &thread[i]));
        for (int i = 0; i < 2; i++) {
                RIGHT_OK(thread_join(&thread[i]));
                RIGHT_OK(ended[i].error);
                RIGHT(ended[i].count > GROWN);
        }
        RIGHT(all_were_ended(&waited_for));
        RIGHT(waited_for == ended[0].count + ended[1].count);
        return true;
}

/* The kernel alone ends them, when they request more memory than there is. */
bool groups_that_take_all_memory_are_ended(void)
{
        uint64_t bomb, hog, count;
        struct memory_listing before, after;

        RIGHT_OK(memory(&before));
        RIGHT_OK(start_group(fork_for_ever, &bomb));
        RIGHT_OK(start_group(take_all_memory, &hog));
        RIGHT(all_were_ended(&count));
        RIGHT(count > 2);
        RIGHT_OK(memory(&after));
        RIGHT(before.free - after.free < 64 * PAGE_SIZE);
        return true;
}

bool a_group_has_rules(void)
{
        struct process_listing listing[4];
        uint64_t first, second, count;
        size_t listed;

        RIGHT_ERROR(setpgid(getpid() + 100, 0), NOT_FOUND);
        RIGHT_ERROR(setpgid(0, getpid() + 100), NOT_FOUND);
        RIGHT_ERROR(kill_group(getpid() + 100, &count), NOT_FOUND);
        RIGHT_OK(start_group(sleep_for_ever, &first));
        RIGHT_OK(fork(&second));
        if (!second)
                sleep_for_ever();
        RIGHT_OK(setpgid(second, first));
        RIGHT_ERROR(setpgid(0, second), NOT_FOUND);             /* the process is there, but not the group */
        RIGHT_OK(processes(listing, 4, &listed));
        RIGHT(listed == 3);
        RIGHT(listing[0].group == getpid());
        RIGHT(listing[1].group == first && listing[2].group == first);
        RIGHT_OK(kill_group(first, &count));
        RIGHT(count == 2);
        RIGHT(all_were_ended(&count));
        RIGHT(count == 2);
        return true;
}
