/*
 * cases: tries one thing that went wrong in a kernel before, in this one or in another: cases NAME.
 *
 * Exits with 0 if it is right. Without a name it says which there are. The kernel's tests run each on 1, 2 and 4
 * processors (kernel/test/programs.t).
 */
#include "user/cases/cases.h"
#include "user/lib/thread.h"

/* --- files and pipes --------------------------------------------------------------------------------------- */

static volatile bool is_over;

static void ask_for_pipes([[maybe_unused]] void *unused)
{
        struct pipe_ends ends;

        while (!is_over) {
                if (!pipe(&ends).code)
                        exit(2);                /* there was room for both ends after all */
                yield();
        }
}

/*
 * All numbers but one are taken, so a pipe, which needs two, always fails. Meanwhile another thread opens a file
 * under the last number: the failing call must not close it.
 */
static bool a_pipe_that_fails_closes_no_other_file(void)
{
        enum { LAST = FILES_MOST - 1, ROUNDS = 100 };
        struct thread asker;
        unsigned number;
        size_t count;
        char byte;

        do {
                RIGHT_OK(open("index", &number));
        } while (number + 1 < LAST);
        RIGHT_OK(thread_start(ask_for_pipes, NULL, &asker));
        for (int i = 0; i < ROUNDS; i++) {
                RIGHT_OK(dup2(LAST - 1, LAST));
                yield();
                RIGHT_OK(read(LAST, &byte, 1, &count));
                RIGHT_OK(close(LAST));
        }
        is_over = true;
        RIGHT_OK(thread_join(&asker));
        return true;
}

enum { WRITERS = 4, WRITES = 20, WRITE_SIZE = 1000 };

static _Noreturn void write_letters(unsigned to_write, char letter)
{
        static char letters[WRITE_SIZE];

        memset(letters, letter, sizeof letters);
        for (int i = 0; i < WRITES; i++) {
                if (write(to_write, letters, sizeof letters).code)
                        exit(1);
        }
        exit(0);
}

/* Each run of the same letter must consist of whole writes. */
static bool what_fits_a_pipe_is_written_in_one_piece(void)
{
        static char bytes[PAGE_SIZE];
        size_t count, length = 0, total = 0;
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;
        char last = 0;

        RIGHT_OK(pipe(&ends));
        for (int i = 0; i < WRITERS; i++) {
                RIGHT_OK(fork(&child));
                if (!child)
                        write_letters(ends.to_write, (char)('a' + i));
        }
        RIGHT_OK(close(ends.to_write));
        do {
                RIGHT_OK(read(ends.to_read, bytes, sizeof bytes, &count));
                for (size_t i = 0; i < count; i++) {
                        RIGHT(bytes[i] == last || length % WRITE_SIZE == 0);
                        length = bytes[i] == last ? length + 1 : 1;
                        last = bytes[i];
                }
                total += count;
        } while (count);
        RIGHT(total == WRITERS * WRITES * WRITE_SIZE);
        for (int i = 0; i < WRITERS; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status == 0);
        }
        return true;
}

/* --- arguments that make no sense -------------------------------------------------------------------------- */

static struct error call_with(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
        uint64_t value;

        return any_call(number, (uint64_t[]){ first, second, third }, &value);
}

static struct error map(struct mmap_request request)
{
        request.size = PAGE_SIZE;
        request.protection = PROTECT_READ_WRITE;
        return call_with(SYSTEM_MMAP, (uintptr_t)&request, 0, 0);
}

static bool mmap_refuses_what_makes_no_sense(void)
{
        const struct mapping mapping = { .name = "case", .size = PAGE_SIZE, .protection = PROTECT_READ };
        const uint64_t middle = 0x200000000000;
        uintptr_t base;

        RIGHT_OK(map((struct mmap_request){ .window_base = middle, .window_end = middle + PAGE_SIZE }));
        RIGHT_ERROR(map((struct mmap_request){ .window_base = middle }), BAD_ARGUMENT);
        RIGHT_ERROR(map((struct mmap_request){ .window_base = middle, .window_end = middle }), BAD_ARGUMENT);
        RIGHT_ERROR(map((struct mmap_request){ .window_base = middle, .window_end = PAGE_SIZE }), BAD_ARGUMENT);
        RIGHT_ERROR(map((struct mmap_request){ .offset = 5 }), BAD_ARGUMENT);
        RIGHT_ERROR(map((struct mmap_request){ .offset = PAGE_SIZE }), BAD_ARGUMENT);
        RIGHT_ERROR(mmap_file(&mapping, UINT32_MAX, 0, &base), NOT_FOUND);
        RIGHT_ERROR(mmap_file(&mapping, UINT32_MAX - 1, 0, &base), NOT_FOUND);
        return true;
}

/* A file's direction matters, however many bytes are to move; an address only if there are any. */
static bool no_bytes_are_read_and_written_alike(void)
{
        const uint64_t of_kernel = 0xffffffff80200000;
        struct pipe_ends ends;
        unsigned ramdisk;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(open("index", &ramdisk));
        RIGHT_ERROR(call_with(SYSTEM_WRITE, ramdisk, 0, 0), BAD_ARGUMENT);
        RIGHT_ERROR(call_with(SYSTEM_WRITE, ends.to_read, 0, 0), BAD_ARGUMENT);
        RIGHT_ERROR(call_with(SYSTEM_READ, ends.to_write, 0, 0), BAD_ARGUMENT);
        RIGHT_OK(call_with(SYSTEM_WRITE, ends.to_write, of_kernel, 0));
        RIGHT_OK(call_with(SYSTEM_READ, ends.to_read, of_kernel, 0));
        RIGHT_OK(call_with(SYSTEM_READ, ramdisk, of_kernel, 0));
        return true;
}

/* --- processes and memory ---------------------------------------------------------------------------------- */

/* What becomes of the child is for the kernel's test to see: it is ended, or with the option wait-all waited for. */
static bool a_child_is_left_behind(void)
{
        uint64_t child;

        RIGHT_OK(fork(&child));
        if (!child) {
                sleep(50);
                printf("the child has ended by itself\n");
                exit(0);
        }
        return true;
}

static bool waiting_need_not_wait(void)
{
        struct ending ending;
        struct pipe_ends ends;
        uint64_t child;
        size_t count;
        char byte;

        RIGHT_ERROR(waitpid(0, &ending, WNOHANG), NOT_FOUND);
        RIGHT_ERROR(waitpid(0, &ending, 2), BAD_ARGUMENT);
        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(read(ends.to_read, &byte, 1, &count));
                exit(7);
        }
        RIGHT_OK(waitpid(child, &ending, WNOHANG));
        RIGHT(ending.process == 0);
        RIGHT_OK(waitpid(0, &ending, WNOHANG));
        RIGHT(ending.process == 0);
        RIGHT_OK(write(ends.to_write, "x", 1));
        do {
                yield();
                RIGHT_OK(waitpid(0, &ending, WNOHANG));
        } while (!ending.process);
        RIGHT(ending.process == child && ending.status == 7);
        RIGHT_ERROR(waitpid(child, &ending, WNOHANG), NOT_FOUND);
        return true;
}

static bool the_clock_goes_on(void)
{
        const uint64_t start = clock();

        sleep(20);
        RIGHT(clock() - start >= 20 * 1000000);
        RIGHT(clock() - start < (uint64_t)3600 * 1000000000);
        return true;
}

bool map_and_touch(size_t pages)
{
        volatile char *base = trial_map(pages * PAGE_SIZE, MAP_PRIVATE);

        for (size_t i = 0; base && i < pages; i++)
                base[i * PAGE_SIZE] = 1;
        return base;
}

/* No process has waited for it yet, and its memory is free again, but for its status and number. */
static bool a_zombie_has_given_back_its_memory(void)
{
        enum { PAGES = 256, ENDED = 4 /* of enum thread_state in task/thread.h */ };
        struct memory_listing before, after;
        struct process_listing listing[8];
        struct ending ending;
        uint64_t child;
        size_t count;

        RIGHT_OK(memory(&before));
        RIGHT_OK(fork(&child));
        if (!child)
                exit(!map_and_touch(PAGES));
        do {
                yield();
                RIGHT_OK(processes(listing, 8, &count));
        } while (listing[count - 1].state != ENDED);
        RIGHT_OK(memory(&after));
        RIGHT(listing[count - 1].process == child && listing[count - 1].pages == 0);
        RIGHT(before.free - after.free < PAGES / 4 * PAGE_SIZE);
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

/* One child takes all memory; a small one, and this process, need a little meanwhile. */
static bool the_largest_is_ended_when_memory_is_out(void)
{
        enum { SMALL = 4 };
        uint64_t hog, small;
        struct ending ending;

        RIGHT_OK(fork(&small));
        if (!small) {
                for (int i = 0; i < 20; i++) {
                        sleep(5);
                        if (!map_and_touch(SMALL))
                                exit(1);
                }
                exit(0);
        }
        RIGHT_OK(fork(&hog));
        if (!hog) {
                for (;;)
                        map_and_touch(64);
        }
        RIGHT_OK(wait(hog, &ending));
        RIGHT(ending.status == KILLED_BY_CALL);
        RIGHT_OK(wait(small, &ending));
        RIGHT(ending.status == 0);
        return true;
}

/* --- arguments --------------------------------------------------------------------------------------------- */

static const char *const vector[] = { "cases", "is-vector", "two words", "", "\"", "'", NULL };

static bool exec_hands_on_each_argument(void)
{
        static const char *many[130];
        const char *const none[] = { NULL };

        RIGHT_ERROR(execv("cases", none), BAD_ARGUMENT);
        for (size_t i = 0; i < 129; i++)
                many[i] = "x";
        RIGHT_ERROR(execv("cases", many), BAD_ARGUMENT);
        RIGHT_OK(execv("cases", vector));
        return false;
}

/* The program that the case above executes. */
static bool arguments_are_as_they_were_given(void)
{
        RIGHT(arguments.count == sizeof vector / sizeof *vector - 1);
        for (size_t i = 0; i < arguments.count; i++)
                RIGHT(!strcmp(arguments.word[i], vector[i]));
        RIGHT(!arguments.word[arguments.count]);
        return true;
}

static const struct {
        const char *name;
        bool (*is_right)(void);
} cases[] = {
        { "pipe-fails", a_pipe_that_fails_closes_no_other_file },
        { "pipe-whole", what_fits_a_pipe_is_written_in_one_piece },
        { "mmap-arguments", mmap_refuses_what_makes_no_sense },
        { "no-bytes", no_bytes_are_read_and_written_alike },
        { "segments", segment_registers_belong_to_one_thread },
        { "floating-point", each_thread_has_its_floating_point_registers },
        { "exec-resets", exec_resets_floating_point },
        { "is-reset", floating_point_is_reset },
        { "exec-vector", exec_hands_on_each_argument },
        { "left-behind", a_child_is_left_behind },
        { "wait-options", waiting_need_not_wait },
        { "clock", the_clock_goes_on },
        { "zombie", a_zombie_has_given_back_its_memory },
        { "memory-out", the_largest_is_ended_when_memory_is_out },
        { "group-grows", a_group_that_grows_is_ended_as_a_whole },
        { "groups-at-once", two_groups_that_grow_are_ended_at_once },
        { "group-memory", groups_that_take_all_memory_are_ended },
        { "group-rules", a_group_has_rules },
};

int main(const char *argument)
{
        if (arguments.count > 1 && !strcmp(arguments.word[1], "is-vector"))
                return !arguments_are_as_they_were_given();
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                if (!strcmp(cases[i].name, argument))
                        return !cases[i].is_right();
        }
        printf("cases: the name is one of:");
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                printf(" %s", cases[i].name);
        printf("\n");
        return 2;
}
