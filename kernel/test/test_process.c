#include "arch/this_cpu.h"
#include "arch/traps.h"
#include "lib/string.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/memory_manager.h"
#include "task/elf.h"
#include "task/initrd.h"
#include "task/process.h"
#include "test/test.h"

static struct error create(const char *name, const char *argument, struct process **out)
{
        struct cpio_file program;

        return cpio_find(initrd, name, &program) ? process_create(&program, argument, out) : FAIL(NOT_FOUND);
}

/* How a program ended. That its frames are free again is what every case is tested for; blocks are looked at here. */
struct ending {
        struct error error;
        uint64_t status;
        enum fault_verdict fault;
        bool left_blocks;
};

static struct ending run(const char *name, const char *argument)
{
        const size_t live = kmalloc_live().blocks;
        struct ending ending = { 0 };
        struct process *process;

        ending.error = create(name, argument, &process);
        if (ending.error.code)
                return ending;
        ending.status = process_run(process);
        ending.fault = process->fault.verdict;
        process_destroy(process);
        ending.left_blocks = kmalloc_live().blocks != live;
        return ending;
}

TEST(programs_run_to_their_end)
{
        static const struct {
                const char *name, *argument;
        } programs[] = { { "maps", "" }, { "ops", "teaching.ops" }, { "churn", "" } };

        for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
                struct ending ending = run(programs[i].name, programs[i].argument);

                CHECK_OK(ending.error);
                CHECK(ending.status == 0);
        }
}

/* Each is a task of the program kernel/user/tasks.c. */
TEST(processes_threads_and_files_do_what_their_calls_say)
{
        static const char *const ways[] = {
                "wait", "orphan", "left-behind", "exec-fails", "exec", "kill", "kill-family", "exit-threads",
                "last-thread", "join", "exec-alone", "files", "pipe",
        };

        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                struct ending ending = run("tasks", ways[i]);

                CHECK_OK(ending.error);
                CHECK(ending.status == 0);
                CHECK(!ending.left_blocks);
        }
}

TEST(a_call_that_takes_long_lets_others_have_their_turn_in_between)
{
        static const char *const ways[] = { "write-much", "list-processes" };

        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                struct ending ending = run("tasks", cpu_count == 1 ? ways[i] : "nothing");

                CHECK_OK(ending.error);
                CHECK(ending.status == 0);
        }
}

TEST(fifty_processes_leave_nothing_behind)
{
        struct ending ending = run("spawn", "50");

        CHECK_OK(ending.error);
        CHECK(ending.status == 0);
        CHECK(!ending.left_blocks);
}

TEST(a_byte_that_was_read_for_an_address_that_is_not_the_program_s_ends_it)
{
        struct ending ending = run("tasks", "read-to-kernel");

        CHECK_OK(ending.error);
        CHECK(ending.status == PROCESS_KILLED + TRAP_PAGE_FAULT);
        CHECK(!ending.left_blocks);
}

/* Whichever frame is the last: every call that needs more fails and has changed nothing, or the program is killed. */
TEST(a_program_that_runs_out_of_memory_anywhere_leaves_nothing_behind)
{
        enum { MORE_THAN_NEEDED = 72 };
        struct process *process;
        uint64_t status;

        for (size_t n = 0; n < MORE_THAN_NEEDED; n++) {
                const size_t live = kmalloc_live().blocks, free = free_frames();

                CHECK_OK(create("tasks", "no-memory", &process));
                frames_fail_after(n);
                status = process_run(process);
                frames_fail_after(FAIL_NEVER);
                process_destroy(process);
                CHECK(status == 0 || status == PROCESS_KILLED + TRAP_PAGE_FAULT);
                CHECK(kmalloc_live().blocks == live);
                CHECK(free_frames() == free);
        }
        CHECK(status == 0);
}

TEST(a_program_may_fail_without_being_killed)
{
        CHECK(run("ops", "absent.ops").status == 2);
}

TEST(a_program_is_killed_for_what_it_must_not_touch)
{
        static const struct {
                const char *way;
                enum fault_verdict fault;
        } ways[] = {
                { "read-null", FAULT_NOT_MAPPED },        { "write-null", FAULT_NOT_MAPPED },
                { "read-kernel", FAULT_NOT_MAPPED },      { "write-text", FAULT_NOT_ALLOWED },
                { "write-read-only", FAULT_NOT_ALLOWED }, { "write-protected", FAULT_NOT_ALLOWED },
                { "touch-unmapped", FAULT_NOT_MAPPED },   { "touch-nothing", FAULT_NOT_ALLOWED },
                { "guard", FAULT_GUARD },                 { "stack", FAULT_GUARD },
                { "run-data", FAULT_NOT_ALLOWED },        { "run-writable", FAULT_NOT_ALLOWED },
                { "run-nowhere", FAULT_NOT_MAPPED },      { "unmap-itself", FAULT_NOT_MAPPED },
                { "pass-null", FAULT_NOT_MAPPED },        { "pass-kernel", FAULT_NOT_MAPPED },
                { "pass-wrapping", FAULT_NOT_MAPPED },    { "pass-read-only", FAULT_NOT_ALLOWED },
        };

        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                struct ending ending = run("misbehave", ways[i].way);

                CHECK_OK(ending.error);
                CHECK(ending.status == PROCESS_KILLED + TRAP_PAGE_FAULT);
                CHECK(ending.fault == ways[i].fault);
        }
}

TEST(a_program_is_killed_for_what_it_must_not_do)
{
        enum { DIVISION = 0, DEBUG = 1, INVALID = 6, FLOATING_POINT = 16, GENERAL_PROTECTION = 13 };
        static const struct {
                const char *way;
                unsigned trap;
        } ways[] = {
                { "divide", DIVISION },               { "step", DEBUG },
                { "invalid", INVALID },               { "float", FLOATING_POINT },
                { "privileged", GENERAL_PROTECTION }, { "port", GENERAL_PROTECTION },
                { "interrupt", GENERAL_PROTECTION },  { "non-canonical", GENERAL_PROTECTION },
                { "local-descriptor", GENERAL_PROTECTION },
        };

        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                struct ending ending = run("misbehave", ways[i].way);

                CHECK_OK(ending.error);
                CHECK(ending.status == PROCESS_KILLED + ways[i].trap);
        }
}

TEST(loading_that_fails_at_any_frame_leaves_nothing_behind)
{
        struct error error = { .code = ERROR_NO_MEMORY };
        struct process *process;

        for (size_t n = 0; error.code; n++) {
                size_t free = free_frames();

                CHECK(n < 100);
                frames_fail_after(n);
                error = create("ops", "teaching.ops", &process);
                frames_fail_after(FAIL_NEVER);
                CHECK(!error.code || error_is(error, ERROR_NO_MEMORY));
                CHECK(!error.code || free_frames() == free);
        }
        process_destroy(process);
}

TEST(a_program_is_killed_when_there_is_no_frame_for_it)
{
        struct process *process;
        enum fault_verdict fault;
        uint64_t status;

        CHECK_OK(create("churn", "", &process));
        frames_fail_after(5);
        status = process_run(process);
        fault = process->fault.verdict;
        frames_fail_after(FAIL_NEVER);
        process_destroy(process);
        CHECK(status == PROCESS_KILLED + TRAP_PAGE_FAULT);
        CHECK(fault == FAULT_NO_MEMORY);
}

/* --- files that are no programs --------------------------------------------------------------------------- */

enum { HEADERS_SIZE = 64 + 3 * 56, FIRST_FLAGS = 64 + 4, READ_WRITE_EXECUTE = 7 };

static bool is_refused(const struct cpio_file *file)
{
        struct process *process;

        if (process_create(file, "", &process).code)
                return true;
        process_destroy(process);
        return false;
}

TEST(a_program_that_is_cut_is_refused)
{
        struct cpio_file file;

        CHECK(cpio_find(initrd, "maps", &file));
        for (file.size = 0; file.size < HEADERS_SIZE; file.size++)
                CHECK(is_refused(&file));
}

/*
 * Not every byte matters to the kernel; these do: magic, class, byte order, version, type, machine, version again, the
 * ends of entry point and offset of program headers, the sizes of both headers, the number of program headers. None may
 * do any harm.
 */
TEST(a_program_with_a_damaged_header_is_refused_or_loaded_and_harms_nothing)
{
        static const uint8_t damage[] = { 0x81, 0xff };
        static const size_t important[] = { 0, 1, 2, 3, 4, 5, 6, 16, 18, 20, 31, 39, 52, 54, 57 };
        struct cpio_file file, copy;
        struct region *region;
        bool refused = true;
        char *bytes;

        CHECK(cpio_find(initrd, "maps", &file));
        CHECK_OK(memory_manager_allocate("copy", file.size, PROTECT_READ | PROTECT_WRITE, WITHOUT_GUARDS, &region));
        bytes = (char *)region_range(region).base;
        copy = (struct cpio_file){ file.name, bytes, file.size };
        memcpy(bytes, file.bytes, file.size);
        for (size_t i = 0; i < HEADERS_SIZE * sizeof damage; i++) {
                bytes[i / sizeof damage] = (char)damage[i % sizeof damage];
                is_refused(&copy);
                bytes[i / sizeof damage] = file.bytes[i / sizeof damage];
        }
        bytes[FIRST_FLAGS] = READ_WRITE_EXECUTE;
        refused &= is_refused(&copy);
        bytes[FIRST_FLAGS] = file.bytes[FIRST_FLAGS];
        for (size_t i = 0; i < sizeof important / sizeof *important; i++) {
                bytes[important[i]] ^= (char)0x80;
                refused &= is_refused(&copy);
                bytes[important[i]] ^= (char)0x80;
        }
        memory_manager_free(region);
        CHECK(refused);
}
