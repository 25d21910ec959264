#include "boot/options.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "task/initrd.h"
#include "task/process.h"
#include "test/script.h"
#include "test/test.h"
#include "trace/kernel_trace.h"

/* --- words ------------------------------------------------------------------------------------------------ */

/* One word of the command line. It is not closed by a zero: it ends where the next one's blank begins. */
struct word {
        const char *text;
        size_t length;
        size_t name_length;             /* up to the "=", if there is one */
};

/* Finds the next word at `*at` or after it, and moves `*at` to the end of that word. False at the end of the line. */
static bool next_word(const char **at, struct word *out)
{
        const char *start = *at;
        while (*start == ' ')
                start++;

        const char *end = start;
        while (*end && *end != ' ')
                end++;

        const char *equals = start;
        while (equals < end && *equals != '=')
                equals++;

        *out = (struct word){ start, (size_t)(end - start), (size_t)(equals - start) };
        *at = end;
        return start < end;
}

static bool has_name(const struct word *word, const char *name)
{
        return word->name_length == strlen(name) && !strncmp(word->text, name, word->name_length);
}

/* Finds the first word with a name. False if there is none. */
static bool find_word(const struct boot_info *boot, const char *name, struct word *out)
{
        const char *at = boot->command_line;
        while (next_word(&at, out)) {
                if (has_name(out, name))
                        return true;
        }
        return false;
}

/* Copies what follows the "=", or an empty text if there is no "=". False if it does not fit. */
static bool copy_value(const struct word *word, char value[BOOT_OPTION_SIZE])
{
        const size_t start = word->name_length < word->length ? word->name_length + 1 : word->length;
        const size_t length = word->length - start;
        if (length >= BOOT_OPTION_SIZE)
                return false;
        memcpy(value, word->text + start, length);
        value[length] = 0;
        return true;
}

/* Reads a decimal number, all of `text`. False if it is none, or if it does not fit 64 bits. */
static bool parse_number(const char *text, uint64_t *value)
{
        *value = 0;
        for (const char *digit = text; *digit; digit++) {
                if (*digit < '0' || *digit > '9')
                        return false;
                if (__builtin_mul_overflow(*value, 10, value) ||
                    __builtin_add_overflow(*value, (uint64_t)(*digit - '0'), value))
                        return false;
        }
        return *text != 0;
}

bool boot_option(const struct boot_info *boot, const char *name, char value[BOOT_OPTION_SIZE])
{
        struct word word;
        return find_word(boot, name, &word) && copy_value(&word, value);
}

bool boot_number(const struct boot_info *boot, const char *name, uint64_t *value)
{
        char text[BOOT_OPTION_SIZE];
        return boot_option(boot, name, text) && parse_number(text, value);
}

/* --- all options ------------------------------------------------------------------------------------------ */

static enum verdict run_script(const char *name)
{
        struct cpio_file file;
        if (initrd_find(name, &file))
                return script_run(file.name, file.bytes, file.size);
        kprintf("run=%s: the initial ramdisk has no such file. It has:\n", name);
        initrd_list();
        return VERDICT_FAILED;
}

/* Each yields NULL if the value is right, or else what is wrong with it. */
static const char *check_number(const char *value)
{
        uint64_t number;
        return parse_number(value, &number) ? NULL : "its value must be a decimal number below 2^64";
}

static const char *check_cpus(const char *value)
{
        uint64_t number;
        return parse_number(value, &number) && number ? NULL : "its value must be a number of processors, 1 or more";
}

/* They have been chosen already, unless they are wrong; to choose them again changes nothing. */
static const char *check_categories(const char *value)
{
        return trace_choose(value) ? NULL : "its value must be categories of events, as in +lock,-tree";
}

static const char *check_nothing(const char *value)
{
        return *value ? "it takes no value" : NULL;
}

static const char *check_mode(const char *value)
{
        return !strcmp(value, "lossless") || !strcmp(value, "discard") ? NULL : "its value must be lossless or discard";
}

static const char *check_transport(const char *value)
{
        return !strcmp(value, "auto") || !strcmp(value, "uart") || !strcmp(value, "virtio") ?
               NULL : "its value must be auto, uart or virtio";
}

/* Those with a function `run` are carried out, in this order. The others are settings, which kernel_main() reads. */
static const struct option {
        const char *name;
        enum verdict (*run)(const char *value);
        const char *(*check)(const char *value);
        const char *help;
} options[] = {
        { "run", run_script, NULL, "run=NAME         run an op script of the initial ramdisk" },
        { "exec", process_execute, NULL,
          "exec=NAME[:WORD] run a program of it, with a word, or the file of that name" },
        { "test", test_run_all, NULL, "test[=WORD]      run every test case, or those with WORD in their names" },
        { "test-panic", test_panic, NULL, "test-panic=WAY   end in a panic; without a way, say which there are" },
        { "test-line", test_line, NULL, "test-line=WAY    break the trace line's device; without a way, say which there are" },
        { "measure-trace", measure_trace, NULL, "measure-trace=WAY measure the trace; without a way, say which there are" },
        { "wait-all", NULL, check_nothing, "wait-all         wait for what the program leaves behind, do not end it" },
        { "cpus", NULL, check_cpus, "cpus=N           use no more than N processors" },
        { "seed", NULL, check_number, "seed=N           draw all random numbers from N, so that the run can be repeated" },
        { "schedule", NULL, check_number, "schedule=N       let N decide where each processor's turn ends" },
        { "trace", NULL, check_categories, "trace=+lock,-tree choose what is traced, by category" },
        { "trace-mode", NULL, check_mode, "trace-mode=discard drop and count events for which there is no room (lossless)" },
        { "transport", NULL, check_transport, "transport=uart   trace by the UART even if there is a virtio port (auto, virtio)" },
};
enum { OPTIONS = sizeof options / sizeof *options };

static const struct option *find_option(const struct word *word)
{
        for (size_t i = 0; i < OPTIONS; i++) {
                if (has_name(word, options[i].name))
                        return &options[i];
        }
        return NULL;
}

/* Yields NULL if a word is understood completely, or else what is wrong with it. */
static const char *check_word(const struct boot_info *boot, const struct word *word)
{
        const struct option *option = find_option(word);
        if (!option)
                return "no such word is known";

        char value[BOOT_OPTION_SIZE];
        if (!copy_value(word, value))
                return "its value is longer than 63 bytes";
        _Static_assert(BOOT_OPTION_SIZE - 1 == 63, "the message above says how much fits");

        struct word first;
        if (find_word(boot, option->name, &first) && first.text != word->text)
                return "the same option is given before";

        return option->check ? option->check(value) : NULL;
}

enum verdict check_boot_options(const struct boot_info *boot)
{
        enum verdict verdict = VERDICT_PASSED;
        if (boot->command_line_is_cut) {
                kprintf("The command line is longer than %d bytes\n", BOOT_COMMAND_LINE_SIZE - 1);
                verdict = VERDICT_FAILED;
        }

        struct word word;
        for (const char *at = boot->command_line; next_word(&at, &word);) {
                const char *wrong = check_word(boot, &word);
                if (wrong) {
                        console_write(word.text, word.length);          /* kprintf() might cut it */
                        kprintf(": %s\n", wrong);
                        verdict = VERDICT_FAILED;
                }
        }
        return verdict;
}

static void print_help(void)
{
        kprintf("Nothing to do. The command line (QEMU: -append) may ask for:\n");
        for (size_t i = 0; i < OPTIONS; i++)
                kprintf("  %s\n", options[i].help);
}

enum verdict run_boot_options(const struct boot_info *boot)
{
        enum verdict verdict = check_boot_options(boot);
        bool asked = false;
        for (size_t i = 0; i < OPTIONS; i++) {
                char value[BOOT_OPTION_SIZE];
                if (!options[i].run || !boot_option(boot, options[i].name, value))
                        continue;
                asked = true;
                if (options[i].run(value) != VERDICT_PASSED)
                        verdict = VERDICT_FAILED;
        }
        if (!asked)
                print_help();
        return verdict;
}
