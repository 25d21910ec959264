#include "boot/options.h"
#include "arch/this_cpu.h"
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

/* Reads a processor and the number of an event on it: "0:1". */
static bool parse_event_number(const char *text, unsigned *cpu, uint64_t *number)
{
        *cpu = (unsigned)(text[0] - '0');
        return *cpu < CPUS_MOST && text[1] == ':' && parse_number(text + 2, number) && *number;
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

bool boot_event_number(const struct boot_info *boot, const char *name, unsigned *cpu, uint64_t *number)
{
        char text[BOOT_OPTION_SIZE];
        return boot_option(boot, name, text) && parse_event_number(text, cpu, number);
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

/* What the value of an option may be. */
enum value_kind { ANY_TEXT, NOTHING, NUMBER, CPU_COUNT, CATEGORIES, EVENT_NUMBER, TRACE_MODE, TRANSPORT };

/* Returns NULL if the value is right, or else what is wrong with it. */
static const char *check_value(enum value_kind kind, const char *value)
{
        uint64_t number;
        unsigned cpu;
        switch (kind) {
        case ANY_TEXT:
                return NULL;
        case NOTHING:
                return *value ? "it takes no value" : NULL;
        case NUMBER:
                return parse_number(value, &number) ? NULL : "its value must be a decimal number below 2^64";
        case CPU_COUNT:
                return parse_number(value, &number) && number ? NULL : "its value must be a number of processors, 1 or more";
        case CATEGORIES:
                return trace_are_categories(value) ? NULL : "its value must be categories of events, as in +lock,-tree";
        case EVENT_NUMBER:
                return parse_event_number(value, &cpu, &number) ?
                       NULL : "its value must be a processor and the number of an event on it, as in 0:1";
        case TRACE_MODE:
                return !strcmp(value, "lossless") || !strcmp(value, "discard") ? NULL : "its value must be lossless or discard";
        case TRANSPORT:
                return !strcmp(value, "auto") || !strcmp(value, "uart") || !strcmp(value, "virtio") ?
                       NULL : "its value must be auto, uart or virtio";
        }
        return NULL;
}

/* Those with a function `run` are carried out, in this order. The others are settings, which kernel_main() reads. */
static const struct option {
        const char *name;
        enum verdict (*run)(const char *value);
        enum value_kind kind;
        const char *help;
} options[] = {
        { "run", run_script, ANY_TEXT, "run=NAME         run an op script of the initial ramdisk" },
        { "exec", process_execute, ANY_TEXT,
          "exec=NAME[:WORD] run a program of it, with a word" },
        { "test", test_run_all, ANY_TEXT, "test[=WORD]      run every test case, or those with WORD in their names" },
        { "test-panic", test_panic, ANY_TEXT, "test-panic=WAY   end in a panic; without a way, say which there are" },
        { "test-line", test_line, ANY_TEXT, "test-line=WAY    break the trace line's device; without a way, say which there are" },
        { "measure-trace", measure_trace, ANY_TEXT, "measure-trace=WAY measure the trace; without a way, say which there are" },
        { "wait-all", NULL, NOTHING, "wait-all         wait for what the program leaves behind, do not end it" },
        { "time-limit", NULL, NUMBER, "time-limit=N     end the run after N seconds of the machine's own time" },
        { "cpus", NULL, CPU_COUNT, "cpus=N           use no more than N processors" },
        { "seed", NULL, NUMBER, "seed=N           draw all random numbers from N, so that the run can be repeated" },
        { "schedule", NULL, NUMBER, "schedule=N       let N decide where each processor's turn ends" },
        { "trace", NULL, CATEGORIES, "trace=+lock,-tree choose what is traced, by category" },
        { "pause", NULL, EVENT_NUMBER, "pause=CPU:N      pause the machine behind event N of a processor, for a controller" },
        { "trace-mode", NULL, TRACE_MODE, "trace-mode=discard drop and count events for which there is no room (lossless)" },
        { "transport", NULL, TRANSPORT, "transport=uart   trace by the UART even if there is a virtio port (auto, virtio)" },
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

        return check_value(option->kind, value);
}

/* Prints each word that is refused, with the reason. Yields PASSED if there is none. */
static enum verdict check_boot_options(const struct boot_info *boot)
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
