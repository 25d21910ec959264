/*
 * Processes: wait, kill, and the lists of processes and regions.
 */
#include "user/usertests/usertests.h"

static _Noreturn void wait_for_ever(void)
{
        for (;;)
                sleep(1000000);
}

static struct error start_sleeper(uint64_t *child)
{
        TRY(fork(child));
        if (!*child)
                wait_for_ever();
        return SUCCESS;
}

/* --- waiting ----------------------------------------------------------------------------------------------- */

static bool wait_without_a_child_fails(void)
{
        static const uint64_t nobody[] = { 0, 1, 2, 99999, (uint64_t)1 << 32, (uint64_t)1 << 63, -(uint64_t)1 };
        struct ending ending;

        for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
                RIGHT_ERROR(wait(nobody[i], &ending), NOT_FOUND);
        RIGHT_ERROR(wait(getpid(), &ending), NOT_FOUND);
        return true;
}

static bool wait_for_another_s_child_fails(void)
{
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child, grandchild = 0;
        size_t count;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                if (start_sleeper(&grandchild).code)
                        exit(1);
                error_ignore(write(ends.to_write, &grandchild, sizeof grandchild));
                exit(wait(grandchild, &ending).code || ending.status != KILLED_BY_CALL);
        }
        RIGHT_OK(read(ends.to_read, &grandchild, sizeof grandchild, &count));
        RIGHT(count == sizeof grandchild);
        RIGHT_ERROR(wait(grandchild, &ending), NOT_FOUND);
        RIGHT_OK(kill(grandchild));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT_ERROR(wait(grandchild, &ending), NOT_FOUND);
        return true;
}

static bool each_child_is_found_once_whatever_the_order(void)
{
        enum { CHILDREN = 20 };
        uint64_t child[CHILDREN];
        struct ending ending;

        for (int i = 0; i < CHILDREN; i++) {
                RIGHT_OK(fork(&child[i]));
                if (!child[i])
                        exit(i);
        }
        for (int i = CHILDREN - 1; i >= 0; i -= 2) {
                RIGHT_OK(wait(child[i], &ending));
                RIGHT(ending.process == child[i] && ending.status == (uint64_t)i);
                child[i] = 0;
        }
        for (int i = 0; i < CHILDREN / 2; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status < CHILDREN && child[ending.status] == ending.process);
                child[ending.status] = 0;
        }
        RIGHT_ERROR(wait(0, &ending), NOT_FOUND);
        return true;
}

static int exit_with(void *status)
{
        exit((int)(uintptr_t)status);
}

static bool a_status_above_127_counts_as_127(void)
{
        RIGHT(status_of(exit_with, (void *)0UL) == 0);
        RIGHT(status_of(exit_with, (void *)127UL) == 127);
        RIGHT(status_of(exit_with, (void *)128UL) == 127);
        RIGHT(status_of(exit_with, (void *)256UL) == 127);
        RIGHT(status_of(exit_with, (void *)-1UL) == 127);
        return true;
}

/* --- kill -------------------------------------------------------------------------------------------------- */

static int kill_itself(void *unused)
{
        (void)unused;
        error_ignore(kill(getpid()));
        return 0;
}

static bool a_process_may_kill_itself(void)
{
        RIGHT(status_of(kill_itself, NULL) == KILLED_BY_CALL);
        return true;
}

/* Nor is there a group of such a number: those are the negative ones. */
static bool kill_of_no_process_fails(void)
{
        static const uint64_t nobody[] = { 0, 99999, (uint64_t)1 << 32, ((uint64_t)1 << 32) + 1, (uint64_t)1 << 63,
                                           -(uint64_t)99999, -((uint64_t)1 << 32) - 1 };

        for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
                RIGHT_ERROR(kill(nobody[i]), NOT_FOUND);
        return true;
}

/* It would end the run. */
static bool the_group_of_the_first_process_is_not_killed(void)
{
        struct process_listing first;
        size_t count;

        RIGHT_OK(processes(&first, 1, &count));
        RIGHT_ERROR(kill(-first.group), BAD_ARGUMENT);
        return true;
}

/* Before its first instruction, most likely. */
static bool a_child_is_killed_before_it_begins(void)
{
        struct ending ending;
        uint64_t child;

        for (int i = 0; i < 20; i++) {
                RIGHT_OK(start_sleeper(&child));
                RIGHT_OK(kill(child));
                RIGHT_OK(wait(child, &ending));
                RIGHT(ending.status == KILLED_BY_CALL);
                RIGHT_ERROR(kill(child), NOT_FOUND);
        }
        return true;
}

/* Twice in a row: whether the second still finds it depends on the schedule, but nothing else may come of it. */
static bool killing_twice_is_killing_once(void)
{
        struct ending ending;
        uint64_t child;

        for (int i = 0; i < 10; i++) {
                RIGHT_OK(start_sleeper(&child));
                yield();
                RIGHT_OK(kill(child));
                error_ignore(kill(child));
                RIGHT_OK(wait(child, &ending));
                RIGHT(ending.process == child && ending.status == KILLED_BY_CALL);
        }
        return true;
}

static void wait_in_read(struct pipe_ends ends)
{
        size_t count;
        char byte;

        error_ignore(read(ends.to_read, &byte, 1, &count));
}

static void wait_in_write(struct pipe_ends ends)
{
        static char much[3 * PAGE_SIZE];

        error_ignore(write(ends.to_write, much, sizeof much));
}

static void wait_in_sleep([[maybe_unused]] struct pipe_ends ends)
{
        sleep(UINT64_MAX);
}

static void wait_in_wait([[maybe_unused]] struct pipe_ends ends)
{
        struct ending ending;
        uint64_t child;

        if (!start_sleeper(&child).code)
                error_ignore(wait(child, &ending));
}

static void wait_in_join([[maybe_unused]] struct pipe_ends ends)
{
        struct thread thread;

        if (!thread_start((void (*)(void *))wait_for_ever, NULL, &thread).code)
                error_ignore(thread_join(&thread));
}

static void wait_in_a_loop([[maybe_unused]] struct pipe_ends ends)
{
        for (;;)
                ;
}

/* wait_in_wait() is not among these, since it leaves a child that does not end: see the next case. */
static bool a_process_that_waits_can_be_killed(void)
{
        void (*const ways[])(struct pipe_ends) = { wait_in_read, wait_in_write, wait_in_sleep, wait_in_join,
                                                   wait_in_a_loop };
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;

        RIGHT_OK(pipe(&ends));
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                RIGHT_OK(fork(&child));
                if (!child) {
                        ways[i](ends);
                        exit(0);
                }
                sleep(2);
                RIGHT_OK(kill(child));
                RIGHT_OK(wait(child, &ending));
                RIGHT(ending.status == KILLED_BY_CALL);
        }
        return true;
}

/* The child left behind is found in the list, with the first process as its parent, and is killed too. */
static bool a_child_left_behind_gets_another_parent(void)
{
        static struct process_listing listing[32];
        struct ending ending;
        uint64_t child;
        size_t count, found = 0;

        RIGHT_OK(fork(&child));
        if (!child) {
                wait_in_wait((struct pipe_ends){ 0 });
                exit(0);
        }
        sleep(2);
        RIGHT_OK(kill(child));
        RIGHT_OK(wait(child, &ending));
        RIGHT_OK(processes(listing, 32, &count));
        for (size_t i = 0; i < count && i < 32; i++) {
                RIGHT(listing[i].parent != child);
                if (listing[i].parent == 1 && listing[i].process > child) {
                        RIGHT_OK(kill(listing[i].process));
                        found++;
                }
        }
        RIGHT(found == 1);
        return true;
}

static int kill_parent(void *parent)
{
        error_ignore(kill((uintptr_t)parent));
        return 0;
}

static bool a_child_may_kill_its_parent(void)
{
        struct ending ending;
        uint64_t child;

        RIGHT_OK(fork(&child));
        if (!child) {
                status_of(kill_parent, (void *)getpid());
                wait_for_ever();
        }
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == KILLED_BY_CALL);
        return true;
}

/* --- numbers ----------------------------------------------------------------------------------------------- */

/* Those that run at the same time, and those that come soon after one another, have different numbers. */
static bool no_number_is_used_again_soon(void)
{
        uint64_t last = getpid(), child;
        struct ending ending;

        for (int i = 0; i < 30; i++) {
                RIGHT_OK(fork(&child));
                if (!child)
                        exit(0);
                RIGHT(child > last);
                last = child;
                RIGHT_OK(wait(child, &ending));
                RIGHT(ending.process == child);
        }
        return true;
}

static bool lists_are_cut_to_the_room_there_is(void)
{
        static struct process_listing listing[2] = { { .process = 77 }, { .process = 77 } };
        static struct region_listing region[2] = { { .base = 77 }, { .base = 77 } };
        size_t count;

        RIGHT_OK(processes(NULL, 0, &count));
        RIGHT(count >= 2);
        RIGHT_OK(processes(listing, 1, &count));
        RIGHT(count >= 2 && listing[0].process == 1 && listing[1].process == 77);
        RIGHT_OK(regions(0, NULL, 0, &count));
        RIGHT(count >= 3);
        RIGHT_OK(regions(getpid(), region, 1, &count));
        RIGHT(count >= 3 && region[0].base != 77 && region[1].base == 77);
        RIGHT_ERROR(regions(99999, region, 1, &count), NOT_FOUND);
        return true;
}

const struct user_case cases_of_processes[] = {
        { "wait-nobody", wait_without_a_child_fails },
        { "wait-another-s", wait_for_another_s_child_fails },
        { "wait-once", each_child_is_found_once_whatever_the_order },
        { "status", a_status_above_127_counts_as_127 },
        { "kill-itself", a_process_may_kill_itself },
        { "kill-nobody", kill_of_no_process_fails },
        { "kill-first-group", the_group_of_the_first_process_is_not_killed },
        { "kill-newborn", a_child_is_killed_before_it_begins },
        { "kill-twice", killing_twice_is_killing_once },
        { "kill-waiting", a_process_that_waits_can_be_killed },
        { "left-behind", a_child_left_behind_gets_another_parent },
        { "kill-parent", a_child_may_kill_its_parent },
        { "numbers", no_number_is_used_again_soon },
        { "lists", lists_are_cut_to_the_room_there_is },
        { 0 },
};
