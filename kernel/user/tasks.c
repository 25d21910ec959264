/*
 * tasks: tries one thing that processes, threads and files do: tasks WAY; exits with 0 if it was right.
 */
#include "user/lib/words.h"
#include "user/tasks/tasks.h"

enum { KILLED_BY_CALL = 137 };

static void sleep_for_ever([[maybe_unused]] void *unused)
{
        for (;;)
                sleep(1000000);
}

static void run_for_ever([[maybe_unused]] void *unused)
{
        for (;;)
                yield();
}

static int return_as_status(void *status)
{
        return (int)(uintptr_t)status;
}

/* --- processes -------------------------------------------------------------------------------------------- */

static bool wait_finds_each_child_once(void)
{
        uint64_t child[3];
        struct ending ending;

        RIGHT_ERROR(wait(0, &ending), NOT_FOUND);
        RIGHT_ERROR(wait(getpid(), &ending), NOT_FOUND);
        for (int i = 0; i < 3; i++) {
                RIGHT_OK(fork(&child[i]));
                if (!child[i])
                        exit(10 + i);
        }
        RIGHT_OK(wait(child[1], &ending));
        RIGHT(ending.process == child[1] && ending.status == 11);
        RIGHT_ERROR(wait(child[1], &ending), NOT_FOUND);
        RIGHT_OK(wait(0, &ending));
        RIGHT_OK(wait(0, &ending));
        RIGHT_ERROR(wait(0, &ending), NOT_FOUND);
        return true;
}

static bool the_first_process_gets_those_left_behind(void)
{
        uint64_t child, grandchild;
        struct ending ending;
        uint64_t sum = 0;

        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(fork(&grandchild));
                if (grandchild)
                        exit(1);
                for (int i = 0; i < 10; i++)
                        yield();
                exit(2);
        }
        for (int i = 0; i < 2; i++) {
                RIGHT_OK(wait(0, &ending));
                sum += ending.status;
        }
        RIGHT(sum == 3);
        return true;
}

/* The kernel is to end it, and the whole family of it. */
static bool somebody_is_left_behind(void)
{
        uint64_t child;

        RIGHT_OK(fork(&child));
        if (!child)
                error_ignore(fork(&child));
        if (!child)
                sleep_for_ever(NULL);
        return true;
}

static bool exec_that_fails_changes_nothing(void)
{
        static const char long_argument[4096] = { [0 ... 4094] = 'x' };
        volatile char here = 7;

        RIGHT_ERROR(exec("absent", ""), NOT_FOUND);
        RIGHT_ERROR(exec("teaching.ops", ""), BAD_INPUT);
        RIGHT_ERROR(exec("tasks", long_argument), BAD_ARGUMENT);
        RIGHT(here == 7);
        return true;
}

static bool exec_runs_another_program_in_the_same_process(void)
{
        char number[24];

        format(number, sizeof number, "is %lu", getpid());
        RIGHT_OK(exec("tasks", number));
        return false;
}

static bool kill_ends_who_sleeps_and_who_runs(void)
{
        void (*const ways[])(void *) = { sleep_for_ever, run_for_ever };
        struct ending ending;
        uint64_t child;

        RIGHT_ERROR(kill(123456), NOT_FOUND);
        for (int i = 0; i < 2; i++) {
                RIGHT_OK(fork(&child));
                if (!child)
                        ways[i](NULL);
                yield();
                RIGHT_OK(kill(child));
                RIGHT_OK(wait(child, &ending));
                RIGHT(ending.status == KILLED_BY_CALL);
                RIGHT_ERROR(kill(child), NOT_FOUND);
        }
        return true;
}

static int wait_for_a_child(void *for_nothing)
{
        struct thread thread;
        struct ending ending;
        uint64_t child;

        (void)for_nothing;
        if (thread_start(sleep_for_ever, NULL, &thread).code || fork(&child).code)
                return 1;
        if (!child)
                sleep_for_ever(NULL);
        return wait(child, &ending).code;
}

static bool a_family_is_killed_from_the_top(void)
{
        struct ending ending;
        uint64_t child;

        RIGHT_OK(fork(&child));
        if (!child)
                exit(wait_for_a_child(NULL));
        for (int i = 0; i < 10; i++)
                yield();
        RIGHT_OK(kill(child));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == KILLED_BY_CALL);
        return true;            /* the grandchild is ours now, and left behind */
}

/* --- threads ---------------------------------------------------------------------------------------------- */

static void leave_with_5([[maybe_unused]] void *unused)
{
        exit(5);
}

static int end_by_a_thread([[maybe_unused]] void *unused)
{
        struct thread sleeper, leaver;

        if (thread_start(sleep_for_ever, NULL, &sleeper).code || thread_start(leave_with_5, NULL, &leaver).code)
                return 1;
        return thread_join(&sleeper).code;
}

static bool exit_ends_all_threads(void)
{
        uint64_t status;

        RIGHT_OK(trial_in_child(end_by_a_thread, NULL, &status));
        RIGHT(status == 5);
        return true;
}

static int end_as_thread([[maybe_unused]] void *unused)
{
        thread_exit();
}

static bool a_process_lasts_as_long_as_its_last_thread(void)
{
        uint64_t status;

        RIGHT_OK(trial_in_child(end_as_thread, NULL, &status));
        RIGHT(status == 0);
        return true;
}

static bool who_never_gives_way_loses_its_turn_all_the_same(void)
{
        volatile bool flag = false;
        struct thread helper;

        RIGHT_OK(thread_start(finish, (void *)&flag, &helper));
        while (!flag)
                ;
        RIGHT_OK(thread_join(&helper));
        return true;
}

static bool exec_and_join_know_the_threads(void)
{
        struct thread helper;
        bool finished = false;
        uint64_t id;

        RIGHT_ERROR(join(123456), NOT_FOUND);
        RIGHT_ERROR(thread_create((void (*)(void))0xffffffff80000000, 0, NULL, &id), BAD_ARGUMENT);
        RIGHT_ERROR(thread_create((void (*)(void))0x7ffffffff000, 0, NULL, &id), BAD_ARGUMENT);
        RIGHT_OK(thread_start(finish, &finished, &helper));
        RIGHT_ERROR(exec("tasks", "wait"), BAD_ARGUMENT);
        id = helper.id;
        RIGHT_OK(thread_join(&helper));
        RIGHT(finished);
        RIGHT_ERROR(join(id), NOT_FOUND);
        return true;
}

/* The next program of this process gets the number of the thread that it cannot join any more: see main(). */
static bool exec_leaves_no_thread_behind(void)
{
        char words[32];
        struct thread helper;
        struct error error;
        bool finished = false;

        RIGHT_OK(thread_start(finish, &finished, &helper));
        format(words, sizeof words, "not %lu", helper.id);
        do {
                yield();
                error = exec("tasks", words);
        } while (error_is(error, ERROR_BAD_ARGUMENT));          /* there are still two */
        RIGHT_OK(error);
        return false;
}

/* --- when there is no memory ------------------------------------------------------------------------------ */

static bool is_fine_or_out_of_memory(struct error error)
{
        return !error.code || error_is(error, ERROR_NO_MEMORY);
}

/* Everything that takes memory, once each; none of it may go wrong in any other way than without memory. */
static bool every_call_may_run_out_of_memory(void)
{
        struct pipe_ends ends;
        struct thread thread;
        struct error error;
        uint64_t status;
        unsigned file;

        RIGHT(is_fine_or_out_of_memory(pipe(&ends)));
        RIGHT(is_fine_or_out_of_memory(open("tasks", &file)));
        error = thread_start(finish, &(bool){ false }, &thread);
        RIGHT(is_fine_or_out_of_memory(error));
        if (!error.code)
                RIGHT_OK(thread_join(&thread));
        RIGHT(is_fine_or_out_of_memory(trial_in_child(return_as_status, NULL, &status)));
        RIGHT(is_fine_or_out_of_memory(exec("tasks", "nothing")));
        return true;
}

static bool nothing(void)
{
        return true;
}

static const struct {
        const char *name;
        bool (*is_right)(void);
} ways[] = {
        { "wait", wait_finds_each_child_once },
        { "orphan", the_first_process_gets_those_left_behind },
        { "left-behind", somebody_is_left_behind },
        { "exec-fails", exec_that_fails_changes_nothing },
        { "exec", exec_runs_another_program_in_the_same_process },
        { "kill", kill_ends_who_sleeps_and_who_runs },
        { "kill-family", a_family_is_killed_from_the_top },
        { "exit-threads", exit_ends_all_threads },
        { "last-thread", a_process_lasts_as_long_as_its_last_thread },
        { "join", exec_and_join_know_the_threads },
        { "exec-alone", exec_leaves_no_thread_behind },
        { "give-way", who_never_gives_way_loses_its_turn_all_the_same },
        { "files", files_have_numbers },
        { "pipe", a_pipe_knows_who_is_left },
        { "write-much", who_writes_much_gives_way },
        { "list-processes", who_lists_processes_gives_way },
        { "read-to-kernel", a_byte_is_read_only_where_it_may_be_put },
        { "no-memory", every_call_may_run_out_of_memory },
        { "nothing", nothing },
};

int main(const char *argument)
{
        char number[24];
        uint64_t id;

        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
                if (!strcmp(ways[i].name, argument))
                        return !ways[i].is_right();
        format(number, sizeof number, "is %lu", getpid());
        if (!strcmp(number, argument))
                return 0;
        if (!strncmp(argument, "not ", 4) && parse_number(argument + 4, &id))
                return !error_is(join(id), ERROR_NOT_FOUND);
        printf("tasks: the argument is one of:");
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
                printf(" %s", ways[i].name);
        printf("\n");
        return 2;
}
