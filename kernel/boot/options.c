#include "boot/options.h"
#include "arch/this_cpu.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "task/process.h"
#include "test/script.h"
#include "test/test.h"
#include "trace/kernel_trace.h"

/* --- values ----------------------------------------------------------------------------------------------- */

bool boot_number(const char *text, uint64_t *value)
{
        *value = 0;
        for (const char *digit = text; digit && *digit; digit++) {
                if (*digit < '0' || *digit > '9')
                        return false;
                if (__builtin_mul_overflow(*value, 10, value) ||
                    __builtin_add_overflow(*value, (uint64_t)(*digit - '0'), value))
                        return false;
        }
        return text && *text;
}

bool boot_event_number(const char *text, unsigned *cpu, uint64_t *number)
{
        *cpu = text ? (unsigned)(text[0] - '0') : CPUS_MOST;
        return *cpu < CPUS_MOST && text[1] == ':' && boot_number(text + 2, number) && *number;
}

/* --- all options ------------------------------------------------------------------------------------------ */

/*
 * Returns NULL if the value is right, or else what is wrong with it. Categories are chosen at once: nothing has been
 * emitted yet. The other settings are applied when what they are for has started (boot/main.c).
 */
static const char *check_value(enum boot_option option, const char *value)
{
        uint64_t number;
        unsigned cpu;
        switch (option) {
        case OPTION_WAIT_ALL:
                return *value ? "it takes no value" : NULL;
        case OPTION_TIME_LIMIT:
        case OPTION_SEED:
        case OPTION_SCHEDULE:
                return boot_number(value, &number) ? NULL : "its value must be a decimal number below 2^64";
        case OPTION_TRACE:
                return trace_choose(value) ? NULL : "its value must be categories of events, as in +lock,-tree";
        case OPTION_PAUSE:
                return boot_event_number(value, &cpu, &number) ?
                       NULL : "its value must be a processor and the number of an event on it, as in 0:1";
        case OPTION_TRACE_MODE:
                return !strcmp(value, "lossless") || !strcmp(value, "discard") ?
                       NULL : "its value must be lossless or discard";
        case OPTION_TRANSPORT:
                return !strcmp(value, "auto") || !strcmp(value, "uart") || !strcmp(value, "virtio") ?
                       NULL : "its value must be auto, uart or virtio";
        default:
                return NULL;
        }
}

static const struct {
        enum verdict (*run)(const char *value);
        const char *usage, *help;
} table[] = {
#define OPTION_ROW(symbol, run, usage, help) { run, usage, help },
        BOOT_OPTIONS(OPTION_ROW)
};

/* Whether the first `length` bytes of a word are the name of this option: "run" is that of "run=NAME". */
static bool is_name_of(enum boot_option option, const char *word, size_t length)
{
        const char *usage = table[option].usage;
        return strlen(usage) >= length && !strncmp(usage, word, length) && (!usage[length] || usage[length] == '=');
}

/* --- the command line ------------------------------------------------------------------------------------- */

/* Cuts the next word off a text, and closes it by a zero. NULL at the end. */
static const char *next_word(char **text)
{
        char *start = *text;
        while (*start == ' ')
                start++;

        char *end = start;
        while (*end && *end != ' ')
                end++;

        *text = *end ? end + 1 : end;
        *end = 0;
        return start < end ? start : NULL;
}

/* Keeps the value of a word. Yields NULL if the word is understood completely, or else what is wrong with it. */
static const char *take_word(struct boot_options *options, const char *word)
{
        const char *equals = strchr(word, '=');
        const size_t length = equals ? (size_t)(equals - word) : strlen(word);
        const char *value = equals ? equals + 1 : "";
        enum boot_option option = 0;

        while (option < OPTIONS && !is_name_of(option, word, length))
                option++;
        if (option == OPTIONS)
                return "no such word is known";
        if (strlen(value) > BOOT_VALUE_MOST)
                return "its value is longer than 63 bytes";
        _Static_assert(BOOT_VALUE_MOST == 63, "the message above says how much fits");
        if (options->value[option])
                return "the same option is given before";

        const char *wrong = check_value(option, value);
        if (!wrong)
                options->value[option] = value;
        return wrong;
}

void boot_options_read(struct boot_options *options, const struct boot_info *boot)
{
        const char *word, *wrong;
        char *rest = options->text;

        *options = (struct boot_options){ .verdict = VERDICT_PASSED };
        memcpy(options->text, boot->command_line, sizeof options->text);
        if (boot->command_line_is_cut) {
                kprintf("The command line is longer than %d bytes\n", BOOT_COMMAND_LINE_SIZE - 1);
                options->verdict = VERDICT_FAILED;
        }
        while ((word = next_word(&rest))) {
                wrong = take_word(options, word);
                if (wrong) {
                        console_write(word, strlen(word));      /* kprintf() might cut it */
                        kprintf(": %s\n", wrong);
                        options->verdict = VERDICT_FAILED;
                }
        }
}

enum verdict boot_options_run(const struct boot_options *options)
{
        enum verdict verdict = options->verdict;
        bool asked = false;

        for (enum boot_option option = 0; option < OPTIONS; option++) {
                if (!table[option].run || !options->value[option])
                        continue;
                asked = true;
                if (table[option].run(options->value[option]) != VERDICT_PASSED)
                        verdict = VERDICT_FAILED;
        }
        if (!asked) {
                kprintf("Nothing to do. The command line (QEMU: -append) may ask for:\n");
                for (enum boot_option option = 0; option < OPTIONS; option++)
                        kprintf("  %-19s%s\n", table[option].usage, table[option].help);
        }
        return verdict;
}
