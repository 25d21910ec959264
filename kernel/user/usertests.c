/*
 * usertests: many small tests of the kernel, each in its own process: usertests [NAME].
 *
 * Without a name it runs all cases but the long ones. After each, all memory must be free again. The exit status is the
 * number of cases that failed. The cases are in user/usertests/, and test/slow/user-cases.t runs them.
 */
#include "user/usertests/usertests.h"
#include "user/lib/words.h"

enum { FAILURES_MOST = 100, WRONG_USE = 101 };

static const struct user_case *const groups[] = {
        cases_of_pointers, cases_of_flags, cases_of_instructions, cases_of_mapping, cases_of_pages, cases_of_stacks,
        cases_of_processes, cases_of_time, cases_of_exec, cases_of_pipes, cases_of_threads,
};

uint64_t status_of(int (*work)(void *argument), void *argument)
{
        uint64_t status;

        return trial_in_child(work, argument, &status).code ? NO_CHILD : status;
}

enum error_code call_code(enum system_call number, uint64_t first, uint64_t second, uint64_t third)
{
        uint64_t value;

        return (enum error_code)any_call(number, (uint64_t[]){ first, second, third }, &value).code;
}

bool map_at(uintptr_t address, size_t pages, enum sharing sharing)
{
        const struct mapping mapping = { .name = "case", .size = pages * PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                         .where = MAP_SPECIFICALLY, .address = address, .sharing = sharing };
        uintptr_t base;

        return !mmap(&mapping, &base).code;
}

static int run_in_child(void *user_case)
{
        return !((const struct user_case *)user_case)->is_right();
}

/* Children that a case has left behind are this process's if it is the first one, as it is in the kernel's tests. */
static void wait_for_all(void)
{
        struct ending ending;

        while (!wait(0, &ending).code)
                ;
}

static bool run(const struct user_case *user_case)
{
        struct memory_listing before, after;
        uint64_t status;

        printf("usertests: %s\n", user_case->name);
        RIGHT_OK(memory(&before));
        status = status_of(run_in_child, (void *)user_case);
        wait_for_all();
        RIGHT_OK(memory(&after));
        if (status)
                printf("usertests: %s: wrong, status %lu\n", user_case->name, status);
        else if (before.free != after.free || before.kmalloc_blocks != after.kmalloc_blocks)
                printf("usertests: %s: wrong, free before %lu bytes, after %lu; small blocks before %lu, after %lu\n",
                       user_case->name, before.free, after.free, before.kmalloc_blocks, after.kmalloc_blocks);
        else
                return true;
        return false;
}

static int run_all(void)
{
        size_t count = 0, wrong = 0;

        for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
                for (const struct user_case *one = groups[i]; one->name; one++) {
                        count++;
                        wrong += !run(one);
                }
        }
        printf("usertests: %zu cases, %zu wrong\n", count, wrong);
        return wrong < FAILURES_MOST ? (int)wrong : FAILURES_MOST;
}

static const struct user_case *find_in(const struct user_case *list, const char *name)
{
        for (; list->name; list++) {
                if (!strcmp(list->name, name))
                        return list;
        }
        return NULL;
}

static const struct user_case *find(const char *name)
{
        const struct user_case *found = find_in(cases_of_limits, name);

        for (size_t i = 0; !found && i < sizeof groups / sizeof *groups; i++)
                found = find_in(groups[i], name);
        return found;
}

int main(const char *argument)
{
        const struct user_case *found;

        if (!*argument)
                return run_all();
        if (!strncmp(argument, "again ", 6))
                return run_again(argument + 6);
        if (!strcmp(argument, "elf-list"))
                return run_elf_list();
        if (!strcmp(argument, "flags"))
                return report_flags();
        found = find(argument);
        if (found)
                return !run(found);
        printf("usertests: there is no case \"%s\"\n", argument);
        return WRONG_USE;
}
