/*
 * The memory calls of one program, in the order in which they returned, read from what strace wrote.
 *
 * All threads share one address space. A forked process has its own: its calls are left out. A program that
 * was started anew by execve has a new one: the calls before it are left out.
 */
#pragma once

#include "import_line.h"
#include "lib/error.h"

#include <stdio.h>

enum { SKIPPED_NAMES_MAX = 64 };

struct strace {
        struct strace_call *call;
        size_t count;
        struct {
                char name[CALL_NAME_SIZE];
                size_t count;
        } skipped[SKIPPED_NAMES_MAX];           /* other calls, by name; the last place is for all further names */
        size_t skipped_names;
        size_t forked_calls;                    /* calls left out because another process made them */
        unsigned long replaced_at;              /* line of the last execve that had calls before it; 0: none */
        size_t cut_calls;                       /* calls of which only the beginning or the end was seen */
};

/*
 * Reads all of `in`; `path` is its name in messages. BAD_INPUT if a line is not understood, IO if reading fails:
 * error_message() then says which line and why, and `out` is empty. What was read is freed by strace_free.
 */
struct error strace_read(struct strace *out, FILE *in, const char *path);

void strace_free(struct strace *strace);
