/*
 * The library where it calls the kernel, for which the test stands here: malloc on mmap, lines on read.
 */
#include "lib/printf.h"
#include "mm/address_space.h"
#include "user/lib/line_reader.h"
#include "user/lib/size.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The library's own, under the names that they have here. */
void *user_malloc(size_t size);
void user_free(void *block);
struct error user_mmap(const struct mapping *mapping, uintptr_t *base);
struct error user_munmap(uintptr_t address, size_t size);
struct error user_open(const char *name, unsigned *file);
struct error user_read(unsigned file, void *bytes, size_t most, size_t *count);
void yield(void);
int user_print_error(const char *what, struct error error);

/* --- the kernel ------------------------------------------------------------------------------------------- */

static size_t regions_live, regions_left;
static const char *input;
static size_t piece;

struct error user_mmap(const struct mapping *mapping, uintptr_t *base)
{
        if (!regions_left)
                return (struct error){ .code = ERROR_NO_MEMORY };
        regions_left--;
        regions_live++;
        *base = (uintptr_t)aligned_alloc(PAGE_SIZE, mapping->size);
        memset((void *)*base, 0, mapping->size);
        return SUCCESS;
}

struct error user_munmap(uintptr_t address, [[maybe_unused]] size_t size)
{
        regions_live--;
        free((void *)address);
        return SUCCESS;
}

struct error user_open(const char *name, unsigned *file)
{
        *file = 3;
        return (struct error){ .code = strcmp(name, "there") ? ERROR_NOT_FOUND : ERROR_OK };
}

struct error user_read([[maybe_unused]] unsigned file, void *bytes, size_t most, size_t *count)
{
        *count = strlen(input);
        *count = *count < most ? *count : most;
        *count = *count < piece ? *count : piece;
        memcpy(bytes, input, *count);
        input += *count;
        return SUCCESS;
}

/* With one thread, no thread waits for a lock. */
void yield(void)
{
        fail();
}

int user_print_error([[maybe_unused]] const char *what, [[maybe_unused]] struct error error)
{
        return 1;
}

void console_write([[maybe_unused]] const char *text, [[maybe_unused]] size_t length)
{
}

void error_raised([[maybe_unused]] struct error error)
{
}

/* --- malloc ----------------------------------------------------------------------------------------------- */

static void blocks_are_aligned_apart_and_used_again([[maybe_unused]] void **state)
{
        enum { BLOCKS = 2000 };
        static unsigned char *block[BLOCKS];
        size_t regions;

        regions_left = SIZE_MAX;
        for (int turn = 0; turn < 3; turn++) {
                for (size_t i = 0; i < BLOCKS; i++) {
                        block[i] = user_malloc(1 + i * 7 % 3000);
                        assert_non_null(block[i]);
                        assert_int_equal((uintptr_t)block[i] % 16, 0);
                        memset(block[i], (int)(i & 255), 1 + i * 7 % 3000);
                }
                for (size_t i = 0; i < BLOCKS; i++) {
                        assert_int_equal(block[i][0], i & 255);
                        assert_int_equal(block[i][i * 7 % 3000], i & 255);
                        user_free(block[i]);
                }
                if (turn == 0)
                        regions = regions_live;
                assert_int_equal(regions_live, regions);
        }
        user_free(NULL);
}

static void a_large_block_has_a_region_that_goes_with_it([[maybe_unused]] void **state)
{
        const size_t before = regions_live;
        char *block;

        regions_left = 1;
        block = user_malloc(100000);
        assert_non_null(block);
        assert_int_equal(regions_live, before + 1);
        memset(block, 1, 100000);
        user_free(block);
        assert_int_equal(regions_live, before);
}

static void without_memory_there_is_no_block([[maybe_unused]] void **state)
{
        regions_left = 0;
        assert_null(user_malloc(100000));
        assert_null(user_malloc(SIZE_MAX));
        assert_null(user_malloc(SIZE_MAX - 8));
}

/* --- lines ------------------------------------------------------------------------------------------------ */

static void lines_are(const char *text, const char *expected)
{
        char line[8], all[128] = "";

        for (piece = 1; piece < 20; piece++) {
                struct line_reader reader = { .file = 0 };

                input = text;
                all[0] = 0;
                while (line_next(&reader, line, sizeof line)) {
                        strcat(all, line);
                        strcat(all, "/");
                }
                assert_string_equal(all, expected);
        }
}

static void lines_come_one_by_one_however_they_are_read([[maybe_unused]] void **state)
{
        lines_are("", "");
        lines_are("one\ntwo\n", "one/two/");
        lines_are("\n\nlast", "//last/");
        lines_are("much too long\nok\n", "much to/ok/");
        lines_are("typed\n\004rest\n", "typed/");
}

static void a_file_that_is_not_there_is_not_read([[maybe_unused]] void **state)
{
        struct line_reader reader;

        assert_false(line_reader_open(&reader, "absent"));
        assert_true(line_reader_open(&reader, "there"));
        assert_int_equal(reader.file, 3);
}

/* --- sizes ------------------------------------------------------------------------------------------------ */

static void sizes_are_short([[maybe_unused]] void **state)
{
        char text[SIZE_TEXT_SIZE];

        assert_string_equal(size_text(0, text), "0B");
        assert_string_equal(size_text(1023, text), "1023B");
        assert_string_equal(size_text(1536, text), "1.5K");
        assert_string_equal(size_text((uint64_t)1 << 40, text), "1T");
        assert_string_equal(size_text(((uint64_t)1 << 30) - 1, text), "1023.9M");
        assert_string_equal(size_text(UINT64_MAX, text), "16383.9P");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(blocks_are_aligned_apart_and_used_again),
                cmocka_unit_test(a_large_block_has_a_region_that_goes_with_it),
                cmocka_unit_test(without_memory_there_is_no_block),
                cmocka_unit_test(lines_come_one_by_one_however_they_are_read),
                cmocka_unit_test(a_file_that_is_not_there_is_not_read),
                cmocka_unit_test(sizes_are_short),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
