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

/*
 * Each option: what carries it out, how it is written, and what it does. Those without a function are settings. The
 * others are carried out in this order.
 */
#define BOOT_OPTIONS(X)                                                                                             \
        X(RUN, script_run_named, "run=NAME", "run an op script of the initial ramdisk")                             \
        X(EXEC, process_execute, "exec=NAME[:WORD]", "run a program of it, with a word")                            \
        X(TEST, test_run_all, "test=WORD", "run the test cases with WORD in their names; without a word, all")      \
        X(TEST_PANIC, test_panic, "test-panic=WAY", "end in a panic; without a way, say which there are")           \
        X(TEST_LINE, test_line, "test-line=WAY", "break the trace line's device; without a way, say which there are")\
        X(MEASURE_TRACE, measure_trace, "measure-trace=WAY", "measure the trace; without a way, say which there are")\
        X(WAIT_ALL, NULL, "wait-all", "wait for what the program leaves behind, do not end it")                     \
        X(TIME_LIMIT, NULL, "time-limit=N", "end the run after N seconds of the machine's own time")                \
        X(SEED, NULL, "seed=N", "draw all random numbers from N, so that the run can be repeated")                  \
        X(SCHEDULE, NULL, "schedule=N", "let N decide where each processor's turn ends")                            \
        X(TRACE, NULL, "trace=+lock,-tree", "choose what is traced, by category")                                   \
        X(PAUSE, NULL, "pause=CPU:N", "pause the machine behind event N of a processor, for a controller")          \
        X(TRACE_MODE, NULL, "trace-mode=discard", "drop and count events for which there is no room (lossless)")    \
        X(TRANSPORT, NULL, "transport=uart", "trace by the UART even if there is a virtio port (auto, virtio)")

#define OPTION_ENUMERATOR(symbol, run, usage, help) OPTION_##symbol,
enum boot_option { BOOT_OPTIONS(OPTION_ENUMERATOR) OPTIONS };

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
