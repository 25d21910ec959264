/*
 * The verbs of `regiontrace`. Each lives in a file of its own (cmd_VERB.c), gets its own arguments (argv[0] is
 * "regiontrace VERB"), prints its own --help and returns the exit status.
 */
#pragma once

#include "stream/reader.h"

#include <stdio.h>

enum { MEMORY_MEBIBYTES = 1024 };

enum exit_status {
        EXIT_FINE = 0,
        EXIT_CHECK_FAILED = 1,                  /* the check found a fault, or the run failed */
        EXIT_CANNOT = 2,                        /* wrong usage, or the environment does not allow it */
};

int cmd_record(int argc, char **argv);
int cmd_ctl(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_events(int argc, char **argv);
int cmd_perfetto(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_cut(int argc, char **argv);
int cmd_follow(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_script(int argc, char **argv);

/* Prints "regiontrace VERB: ..." to standard error and returns EXIT_CANNOT. */
[[gnu::format(printf, 2, 3)]] int command_cannot(const char *verb, const char *format, ...);

/* For a wrong option (getopt has said which): points to --help, returns EXIT_CANNOT. */
int command_usage(const char *verb);

/* For --help: prints the text to standard output and yields the exit status. */
int command_help(const char *verb, const char *text);

/* Parses the decimal number of an option. If it is none, prints an error and returns false. */
[[nodiscard]] bool command_number(const char *verb, const char *option, const char *text, uint64_t *out);

/*
 * --memory MIB: bounds what the process may take for what a recording shows; MEMORY_MEBIBYTES is usual. Beyond it
 * allocations fail, with an error message that names the option. A build with AddressSanitizer, which needs memory of
 * its own, is not bounded.
 */
void command_limit_memory(uint64_t mebibytes);

/* Opens the one FILE that getopt has left of the arguments. If that fails, prints an error and returns false. */
[[nodiscard]] bool command_open(const char *verb, int argc, char **argv, struct reader **out);

/*
 * Whether a stream has the category and the event that a filter names (NULL: none is named). If not, which must be a
 * typing error, prints an error and returns false.
 */
[[nodiscard]] bool command_has_names(const char *verb, const struct schema *schema, const char *category,
                                     const char *event);

/*
 * Reads on as reader_next() does. If that takes longer than a second and standard error is a terminal, a line there
 * says how much has been read; it is removed at the end of the stream, or by command_hide_progress() before.
 */
[[nodiscard]] bool command_next(struct reader *reader, struct event *event);
void command_hide_progress(void);

/*
 * If the output is the file that is read, prints an error and returns false: writing would destroy the input. "-" is
 * standard input; an output "-" is always fine.
 */
[[nodiscard]] bool command_may_write(const char *verb, const char *input, const char *output);

/* Writes what was wrong with a stream to `out`, a line each, with the stream's name. */
void command_print_notices(FILE *out, const struct reader *reader);

/*
 * Writes a text to a file, or ("-") to standard output, and yields the exit status: if it fails, an error is printed.
 */
int command_write_text(const char *verb, const char *text, const char *output);

/* Flushes standard output. If something could not be written, prints an error and returns false. */
[[nodiscard]] bool command_flush(const char *verb);
