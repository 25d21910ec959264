/*
 * The boot options: the words of the kernel's command line (QEMU: -append), separated by blanks.
 *
 *      exec=race:100 seed=7 test
 *
 * A word is a name, or a name and a value: NAME=VALUE. Each name may be given once. A word that is not understood
 * completely is refused: it is printed with the reason, the run fails, and nothing is done with a part of it.
 */
#pragma once

#include "boot/boot_info.h"
#include "lib/vocabulary/verdict.h"

enum boot_option {
        OPTION_RUN, OPTION_EXEC, OPTION_TEST, OPTION_TEST_PANIC, OPTION_TEST_LINE, OPTION_MEASURE_TRACE,
        OPTION_WAIT_ALL, OPTION_TIME_LIMIT, OPTION_CPUS, OPTION_SEED, OPTION_SCHEDULE,
        OPTION_TRACE, OPTION_PAUSE, OPTION_TRACE_MODE, OPTION_TRANSPORT, OPTIONS,
};

enum { BOOT_VALUE_MOST = 63 };

struct boot_options {
        const char *value[OPTIONS];             /* NULL: not given, or refused; "" if the word has no value */
        enum verdict verdict;                   /* FAILED if a word was refused */
        char text[BOOT_COMMAND_LINE_SIZE];      /* the command line, cut into words: the values lie here */
};

/* Reads the command line. Prints each word that is refused, with the reason. O(length of the line), as all here. */
void boot_options_read(struct boot_options *options, const struct boot_info *boot);

/* A value as a decimal number below 2^64. False if it is none, or NULL. */
bool boot_number(const char *text, uint64_t *value);

/* A value as the number of an event on a processor: "0:1". */
bool boot_event_number(const char *text, unsigned *cpu, uint64_t *number);

/*
 * Does what the options ask for: runs a script, a program, test cases, one after the other. Prints a list of all
 * options if they ask for nothing. FAILED if anything failed, or if a word was refused.
 */
enum verdict boot_options_run(const struct boot_options *options);
