/*
 * The memory calls of one program, in the order in which they returned, read from what strace wrote.
 *
 * All threads share one address space. A forked process has its own: its calls are left out. A program that
 * was started anew by execve has a new one: the calls before it are left out. A thread whose start was not captured is
 * taken to be ours, unless brk returns a break to it that is not ours.
 */
#pragma once

#include "import/import_arguments.h"
#include "import/import_faults.h"
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
 * Reads all of `in`. A line that is not understood is a fault (import_faults.h). BAD_INPUT if the text is no capture: a
 * zero byte, no memory call at all; IO if reading fails. error_message() then says why, and `out` is empty. What was
 * read is freed by strace_free.
 */
struct error strace_read(struct strace *out, FILE *in, struct import_faults *faults);

void strace_free(struct strace *strace);
