#include "arch/clock.h"
#include "boot/options.h"
#include "lib/cpio.h"
#include "lib/list.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "lib/symbols.h"
#include "mm/layout.h"
#include "test/test.h"

static bool formats_to(const char *expected, const char *pattern, ...)
{
        char text[64];
        va_list arguments;
        size_t length;

        va_start(arguments, pattern);
        length = format_list(text, sizeof text, pattern, arguments);
        va_end(arguments);
        return length == strlen(expected) && !strcmp(text, expected);
}

TEST(format_writes_numbers_and_text_with_width_and_precision)
{
        CHECK(formats_to("-5 5 ff 0x10", "%d %u %x %p", -5, 5u, 255u, (void *)16));
        CHECK(formats_to("   42|42   |00042|-0042", "%5d|%-5d|%05d|%05d", 42, 42, 42, -42));
        CHECK(formats_to("-9223372036854775808 ffffffffffffffff", "%ld %lx", INT64_MIN, UINT64_MAX));
        CHECK(formats_to("abc|  ab|ab  |(null)", "%s|%4.2s|%-4.*s|%s", "abc", "abc", 2, "abc", NULL));
        CHECK(formats_to("x 100%", "%c %d%%", 'x', 100));
}

TEST(format_cuts_what_does_not_fit_and_says_how_long_it_was)
{
        char text[5];

        CHECK(format(text, sizeof text, "%s", "abcdefgh") == 8);
        CHECK(!strcmp(text, "abcd"));
}

TEST(memory_moves_over_itself_in_both_directions)
{
        char up[] = "0123456789abcdef", down[] = "0123456789abcdef";

        memmove(up + 3, up, 13);
        CHECK(!strcmp(up, "0120123456789abc"));
        memmove(down, down + 3, 13);
        CHECK(!strcmp(down, "3456789abcdefdef"));
}

/* One file, "a" with "hello", as cpio writes it. */
#define ENTRY(name_size, name, size, bytes)                                                                         \
        "070701" "00000001" "000081a4" "00000000" "00000000" "00000001" "00000000" size                             \
        "00000000" "00000000" "00000000" "00000000" name_size "00000000" name bytes
static const char archive[] = ENTRY("00000002", "a\0", "00000005", "hello\0\0\0")
                              ENTRY("0000000b", "TRAILER!!!\0\0\0\0", "00000000", "");

TEST(cpio_finds_a_file_and_stops_at_the_trailer)
{
        struct cpio rest = { archive, sizeof archive - 1 };
        struct cpio_file file;

        CHECK(cpio_find(rest, "a", &file));
        CHECK(file.size == 5 && !memcmp(file.bytes, "hello", 5));
        CHECK(!cpio_find(rest, "b", &file));
        CHECK(cpio_next(&rest, &file));
        CHECK(!cpio_next(&rest, &file));
}

TEST(cpio_never_reads_beyond_an_archive_that_is_cut)
{
        for (size_t size = 0; size < sizeof archive; size++) {
                struct cpio rest = { archive, size };
                struct cpio_file file;

                while (cpio_next(&rest, &file)) {
                        CHECK(file.bytes + file.size <= archive + size);
                        CHECK(file.name + strlen(file.name) < archive + size);
                }
                CHECK(rest.bytes + rest.size <= archive + size);
        }
}

TEST(cpio_refuses_lengths_that_lie)
{
        static const char huge_file[] = ENTRY("00000002", "a\0", "ffffffff", "hello\0\0\0");
        static const char huge_name[] = ENTRY("fffffff0", "a\0", "00000005", "hello\0\0\0");
        static const char no_name[] = ENTRY("00000000", "a\0", "00000005", "hello\0\0\0");
        struct cpio_file file;

        CHECK(!cpio_next(&(struct cpio){ huge_file, sizeof huge_file - 1 }, &file));
        CHECK(!cpio_next(&(struct cpio){ huge_name, sizeof huge_name - 1 }, &file));
        CHECK(!cpio_next(&(struct cpio){ no_name, sizeof no_name - 1 }, &file));
}

TEST(options_are_whole_words_of_the_command_line)
{
        static const struct boot_info boot = { .command_line = "testing run=a.ops  test wait-all=no wait-all" };
        static struct boot_options options;

        boot_options_read(&options, &boot);
        CHECK(!strcmp(options.value[OPTION_RUN], "a.ops"));
        CHECK(!strcmp(options.value[OPTION_TEST], ""));
        CHECK(!strcmp(options.value[OPTION_WAIT_ALL], ""));
        CHECK(!options.value[OPTION_EXEC]);
        CHECK(options.verdict == VERDICT_FAILED);
}

TEST(an_option_that_does_not_fit_is_not_cut)
{
        static const struct boot_info boot = {
                .command_line = "exec=345678901234567890123456789012345678901234567890123456789012345"
                                " test=345678901234567890123456789012345678901234567890123456789012345x",
        };
        static struct boot_options options;

        boot_options_read(&options, &boot);
        CHECK(strlen(options.value[OPTION_EXEC]) == BOOT_VALUE_MOST);
        CHECK(!options.value[OPTION_TEST]);
}

TEST(a_number_among_the_options_is_decimal_and_fits_64_bits)
{
        static const char *const wrong[] = { "18446744073709551616", "99999999999999999999999", "18446744073709551617",
                                             "0x10", "7x", "", "-1", NULL };
        uint64_t value;

        CHECK(boot_number("0", &value) && value == 0);
        CHECK(boot_number("18446744073709551615", &value) && value == UINT64_MAX);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
                CHECK(!boot_number(wrong[i], &value));
}

/* How long it takes to append a node, to take the first and to remove the second: the shortest of a few, in ticks. */
static uint64_t time_of_queueing(struct list *list, struct list_node node[2])
{
        uint64_t shortest = UINT64_MAX;

        for (int try = 0; try < 8; try++) {
                const uint64_t begin = clock_ticks();

                list_append(list, &node[0]);
                list_append(list, &node[1]);
                struct list_node *first = list_take_first(list);
                list_remove(list, &node[1]);
                if (first != &node[0]) {
                        list_remove(list, &node[0]);
                        list_insert_after(list, NULL, first);
                }
                if (clock_ticks() - begin < shortest)
                        shortest = clock_ticks() - begin;
        }
        return shortest;
}

TEST(a_queue_of_thousands_takes_as_long_as_an_empty_one)
{
        enum { MANY = 4096 };
        static struct list_node node[MANY + 2];
        struct list list = { 0 };
        bool in_order = true;

        const uint64_t empty = time_of_queueing(&list, &node[MANY]);
        for (size_t i = 0; i < MANY; i++)
                list_append(&list, &node[i]);
        CHECK(time_of_queueing(&list, &node[MANY]) < 4 * empty);
        for (size_t i = 0; i < MANY; i++)
                in_order &= list_take_first(&list) == &node[i];
        CHECK(in_order && list_is_empty(&list));
}

/* Two instructions a round. lock-hold.t reads what is printed: under -icount a tick is an instruction. */
TEST(the_clock_goes_on_while_instructions_run)
{
        uint64_t rounds = 1000000;
        const uint64_t start = clock_ticks();
        __asm__ volatile("1: decq %0; jnz 1b" : "+r"(rounds));
        const uint64_t ticks = clock_ticks() - start;

        kprintf("# 2000000 instructions took %lu ticks\n", ticks);
        CHECK(ticks > 0);
}

TEST(symbols_name_the_function_that_an_address_lies_in)
{
        const uintptr_t start = (uintptr_t)symbol_find;
        const struct symbol *symbol = symbol_find(start);

        CHECK(!strcmp(symbol->name, "symbol_find") && symbol->address == start);
        CHECK(symbol_find(start + 1) == symbol);
        CHECK(symbol_find(start - 1) != symbol);
        CHECK(!symbol_find((uintptr_t)kernel_text_end));
        CHECK(!symbol_find(0));
}
