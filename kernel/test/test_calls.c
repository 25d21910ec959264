/*
 * System calls that find no memory, as a program has them: undo (kernel/user/undo.c) makes one call and looks whether
 * its regions, its pages and the kernel's memory are as before. Here the memory ends at each of the requests in turn.
 */
#include "arch/traps.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/initrd.h"
#include "task/process.h"
#include "test/test.h"

/* How undo ends: the call was refused and undone, the rest of undo was refused something, the call succeeded. */
enum { UNDONE = 0, NO_MEMORY_ELSE = 2, SUCCEEDED = 7, REQUESTS_MOST = 100 };

/* A call, and how many requests for memory it makes at least: so many times it must be refused. */
static const struct call {
        const char *name;
        size_t least;
} calls[] = {
        { "map-private", 1 },
        { "map-shared", 3 },
        { "map-file", 1 },
        { "map-over", 2 },
        { "unmap-middle", 1 },
        { "protect-middle", 2 },
        { "fork", 1 + 1 + 1 + 3 + 6 },
        { "exec", 1 + 3 + 4 },
        { "thread", 1 + 1 + 4 },
        { "pipe", 4 },
        { "open", 1 },
};

/* Runs undo with all requests after the n-th refused. Sees to `whole`: whether all that it had is there again. */
static uint64_t run_with(const char *call, size_t n, bool *whole)
{
        const size_t live = kmalloc_live().blocks, free = free_frames();
        struct cpio_file program;
        struct process *process;
        uint64_t status;

        if (!cpio_find(initrd, "undo", &program) || process_create(&program, call, &process).code)
                return 1;
        fault_injection_set(INJECT_INTO_BOTH, n);
        status = process_run(process);
        fault_injection_set(INJECT_INTO_BOTH, INJECT_NEVER);
        process_destroy(process);
        *whole = kmalloc_live().blocks == live && free_frames() == free;
        return status;
}

static bool is_without_memory(uint64_t status)
{
        return status == UNDONE || status == NO_MEMORY_ELSE || status == PROCESS_KILLED + TRAP_PAGE_FAULT;
}

/* `first` is where it is worth to begin: with less, the program does not come to its call. */
static bool is_undone(const struct call *call, size_t *first)
{
        uint64_t status = UNDONE;
        size_t refused = 0;
        bool whole = true;

        for (size_t n = *first; n < REQUESTS_MOST && whole && is_without_memory(status); n++) {
                status = run_with(call->name, n, &whole);
                refused += status == UNDONE;
                if (!refused && status != SUCCEEDED)
                        *first = n;
        }
        if (whole && status == SUCCEEDED && refused >= call->least)
                return true;
        test_failed(__FILE__, __LINE__, call->name,
                    whole && status == SUCCEEDED ? "asks for less than it must" : "is not undone");
        return false;
}

TEST(a_system_call_that_finds_no_memory_leaves_the_process_as_it_was)
{
        size_t first = 0;

        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
                CHECK(is_undone(&calls[i], &first));
}
