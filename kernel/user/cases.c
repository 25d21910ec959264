/*
 * cases: tries one thing that went wrong in a kernel before, in this one or in another: cases NAME.
 *
 * Exits with 0 if it is right. Without a name it says which there are. The kernel's tests run each on 1, 2 and 4
 * processors (kernel/test/programs.t).
 */
#include "lib/vocabulary/system_call.h"
#include "user/lib/thread.h"
#include "user/lib/trial.h"

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

static const struct {
        const char *name;
        bool (*is_right)(void);
} cases[] = {
        { "pipe-fails", a_pipe_that_fails_closes_no_other_file },
        { "pipe-whole", what_fits_a_pipe_is_written_in_one_piece },
        { "mmap-arguments", mmap_refuses_what_makes_no_sense },
        { "no-bytes", no_bytes_are_read_and_written_alike },
};

int main(const char *argument, [[maybe_unused]] struct file file)
{
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
