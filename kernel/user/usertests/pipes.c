/*
 * Pipes and files: full, empty, closed at either end, passed on, and shared.
 */
#include "user/usertests/usertests.h"

static bool read_exactly(unsigned file, void *bytes, size_t size)
{
        size_t count;

        for (size_t done = 0; done < size; done += count) {
                RIGHT_OK(read(file, (char *)bytes + done, size - done, &count));
                RIGHT(count);
        }
        return true;
}

static bool is_at_end(unsigned file)
{
        size_t count;
        char byte;

        return !read(file, &byte, 1, &count).code && count == 0;
}

static bool a_full_pipe_is_written_when_it_is_read(void)
{
        static char bytes[5 * PAGE_SIZE];
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                for (size_t i = 0; i < sizeof bytes; i++)
                        bytes[i] = (char)(i * 7);
                exit(write(ends.to_write, bytes, sizeof bytes).code);
        }
        RIGHT_OK(close(ends.to_write));
        sleep(2);
        RIGHT(read_exactly(ends.to_read, bytes, sizeof bytes));
        for (size_t i = 0; i < sizeof bytes; i++)
                RIGHT(bytes[i] == (char)(i * 7));
        RIGHT(is_at_end(ends.to_read));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

static int write_much(void *to_write)
{
        static char much[2 * PAGE_SIZE];

        return write((unsigned)(uintptr_t)to_write, much, sizeof much).code;
}

/* The writer waits for room when the last reader goes. */
static bool a_write_without_a_reader_fails(void)
{
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(close(ends.to_read));
                exit(write_much((void *)(uintptr_t)ends.to_write));
        }
        sleep(2);
        RIGHT_OK(close(ends.to_read));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == ERROR_CLOSED);
        RIGHT_ERROR(write(ends.to_write, "x", 1), CLOSED);
        RIGHT(call_code(SYSTEM_WRITE, ends.to_write, 0, 0) == ERROR_OK);
        return true;
}

/* The reader waits for a byte when the last writer goes, and not before. */
static bool a_read_without_a_writer_ends(void)
{
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;
        size_t count;
        char byte;

        RIGHT_OK(pipe(&ends));
        for (int i = 0; i < 3; i++) {
                RIGHT_OK(fork(&child));
                if (!child) {
                        sleep((uint64_t)i * 5);
                        exit(write(ends.to_write, "x", 1).code);
                }
        }
        RIGHT_OK(close(ends.to_write));
        for (int i = 0; i < 3; i++) {
                RIGHT_OK(read(ends.to_read, &byte, 1, &count));
                RIGHT(count == 1);
        }
        RIGHT(is_at_end(ends.to_read));
        for (int i = 0; i < 3; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status == 0);
        }
        return true;
}

static bool what_was_written_can_be_read_when_the_writer_is_gone(void)
{
        struct pipe_ends ends;
        char bytes[4];

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(write(ends.to_write, "last", 4));
        RIGHT_OK(close(ends.to_write));
        RIGHT(read_exactly(ends.to_read, bytes, 4));
        RIGHT(!memcmp(bytes, "last", 4));
        RIGHT(is_at_end(ends.to_read) && is_at_end(ends.to_read));
        return true;
}

/* Each byte goes to one reader: numbers from 0 on, written one by one, and their sum. */
static bool two_readers_share_what_is_written(void)
{
        enum { NUMBERS = 200 };
        volatile uint64_t *sum = trial_map(PAGE_SIZE, MAP_SHARED);
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;
        size_t count;
        uint8_t number;

        RIGHT(sum);
        RIGHT_OK(pipe(&ends));
        for (int i = 0; i < 2; i++) {
                RIGHT_OK(fork(&child));
                if (child)
                        continue;
                error_ignore(close(ends.to_write));
                while (!read(ends.to_read, &number, 1, &count).code && count)
                        __atomic_fetch_add(sum, number, __ATOMIC_SEQ_CST);
                exit(0);
        }
        for (number = 0; number < NUMBERS; number++)
                RIGHT_OK(write(ends.to_write, &number, 1));
        RIGHT_OK(close(ends.to_write));
        RIGHT_OK(wait(0, &ending));
        RIGHT_OK(wait(0, &ending));
        RIGHT(*sum == NUMBERS * (NUMBERS - 1) / 2);
        return true;
}

/*
 * Primes by a row of processes, as in Hoare's "Communicating Sequential Processes": each keeps the first number that it
 * gets, and passes on those that this one does not divide. The last one prints how many there are.
 */
static int sieve(unsigned from, size_t before)
{
        struct pipe_ends ends;
        struct ending ending;
        uint8_t prime, number;
        uint64_t child;
        size_t count;

        if (read(from, &prime, 1, &count).code || !count)
                return (int)before;
        if (pipe(&ends).code || fork(&child).code)
                return 100;
        if (!child) {
                error_ignore(close(from));
                error_ignore(close(ends.to_write));
                exit(sieve(ends.to_read, before + 1));
        }
        error_ignore(close(ends.to_read));
        while (!read(from, &number, 1, &count).code && count) {
                if (number % prime && write(ends.to_write, &number, 1).code)
                        return 100;
        }
        error_ignore(close(ends.to_write));
        return wait(child, &ending).code ? 100 : (int)ending.status;
}

static bool a_row_of_processes_finds_primes(void)
{
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(close(ends.to_write));
                exit(sieve(ends.to_read, 0));
        }
        RIGHT_OK(close(ends.to_read));
        for (uint8_t number = 2; number < 40; number++)
                RIGHT_OK(write(ends.to_write, &number, 1));
        RIGHT_OK(close(ends.to_write));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 12);
        return true;
}

/* --- numbers of files -------------------------------------------------------------------------------------- */

static bool the_lowest_free_number_is_taken(void)
{
        struct pipe_ends ends;
        unsigned file[4];

        for (int i = 0; i < 4; i++)
                RIGHT_OK(open("index", &file[i]));
        RIGHT_OK(close(file[2]));
        RIGHT_OK(close(file[0]));
        RIGHT_OK(pipe(&ends));
        RIGHT(ends.to_read == file[0] && ends.to_write == file[2]);
        return true;
}

static bool numbers_that_are_no_files_are_refused(void)
{
        static const uint64_t wrong[] = { 3, 127, 128, 255, 256, (uint64_t)1 << 31, (uint64_t)1 << 32,
                                          ((uint64_t)1 << 32) + 1, (uint64_t)1 << 63, -(uint64_t)1 };
        char byte = 0;

        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                RIGHT(call_code(SYSTEM_READ, wrong[i], (uintptr_t)&byte, 1) == ERROR_NOT_FOUND);
                RIGHT(call_code(SYSTEM_WRITE, wrong[i], (uintptr_t)&byte, 1) == ERROR_NOT_FOUND);
                RIGHT(call_code(SYSTEM_CLOSE, wrong[i], 0, 0) == ERROR_NOT_FOUND);
                RIGHT(call_code(SYSTEM_DUP2, wrong[i], 5, 0) == ERROR_NOT_FOUND);
                if (wrong[i] > 127)
                        RIGHT(call_code(SYSTEM_DUP2, 0, wrong[i], 0) == ERROR_OUT_OF_RANGE);
        }
        return true;
}

static bool a_file_may_be_put_onto_itself(void)
{
        struct pipe_ends ends;
        char byte;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(dup2(ends.to_write, ends.to_write));
        RIGHT_OK(write(ends.to_write, "x", 1));
        RIGHT(read_exactly(ends.to_read, &byte, 1));
        RIGHT_OK(dup2(ends.to_read, ends.to_write));            /* that was the last to write */
        RIGHT(is_at_end(ends.to_read));
        RIGHT_OK(dup2(ends.to_read, 127));
        RIGHT_OK(close(ends.to_read));
        RIGHT(is_at_end(127));
        return true;
}

static bool a_family_reads_on_where_another_has_stopped(void)
{
        char whole[20], part[20];
        struct ending ending;
        unsigned file, again;
        uint64_t child;

        RIGHT_OK(open("index", &again));
        RIGHT(read_exactly(again, whole, 20));
        RIGHT_OK(open("index", &file));
        RIGHT(read_exactly(file, part, 5));
        RIGHT_OK(fork(&child));
        if (!child)
                exit(!read_exactly(file, part, 5) || memcmp(part, whole + 5, 5));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT(read_exactly(file, part, 10));
        RIGHT(!memcmp(part, whole + 10, 10));
        return true;
}

/* With all numbers taken a pipe is refused, and with one left too: then that one is still free. */
static bool a_pipe_needs_two_numbers(void)
{
        struct pipe_ends ends;
        unsigned file, last = 0;

        while (!open("index", &file).code)
                last = file;
        RIGHT(last == FILES_MOST - 1);
        RIGHT_ERROR(pipe(&ends), NO_MEMORY);
        RIGHT_OK(close(last));
        RIGHT_ERROR(pipe(&ends), NO_MEMORY);
        RIGHT_OK(open("index", &file));
        RIGHT(file == last);
        RIGHT_OK(close(last));
        RIGHT_OK(close(last - 1));
        RIGHT_OK(pipe(&ends));
        return true;
}

static unsigned file_to_close;

static void close_soon(void *unused)
{
        (void)unused;
        sleep(2);
        error_ignore(close(file_to_close));
}

/* Another thread closes the number of an end while this one waits at it: it is in use until the call is over. */
static bool a_file_is_closed_while_it_is_read(void)
{
        struct pipe_ends ends;
        struct thread thread;
        size_t count = 1;
        char byte;

        RIGHT_OK(pipe(&ends));
        file_to_close = ends.to_write;
        RIGHT_OK(thread_start(close_soon, NULL, &thread));
        RIGHT_OK(read(ends.to_read, &byte, 1, &count));
        RIGHT(count == 0);
        RIGHT_OK(thread_join(&thread));
        RIGHT_OK(pipe(&ends));
        file_to_close = ends.to_read;
        RIGHT_OK(thread_start(close_soon, NULL, &thread));
        yield();
        RIGHT_OK(write(ends.to_write, "x", 1));
        RIGHT_OK(thread_join(&thread));
        RIGHT_ERROR(read(ends.to_read, &byte, 1, &count), NOT_FOUND);
        return true;
}

const struct user_case cases_of_pipes[] = {
        { "pipe-full", a_full_pipe_is_written_when_it_is_read },
        { "pipe-no-reader", a_write_without_a_reader_fails },
        { "pipe-no-writer", a_read_without_a_writer_ends },
        { "pipe-rest", what_was_written_can_be_read_when_the_writer_is_gone },
        { "pipe-readers", two_readers_share_what_is_written },
        { "primes", a_row_of_processes_finds_primes },
        { "file-lowest", the_lowest_free_number_is_taken },
        { "file-numbers", numbers_that_are_no_files_are_refused },
        { "file-itself", a_file_may_be_put_onto_itself },
        { "file-family", a_family_reads_on_where_another_has_stopped },
        { "pipe-numbers", a_pipe_needs_two_numbers },
        { "file-closed", a_file_is_closed_while_it_is_read },
        { 0 },
};
