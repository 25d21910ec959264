/*
 * The faults of a capture, line by line. A line with a fault is left out, named and counted, and reading goes on; with
 * --strict the first fault ends it.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

enum { FAULTS_KEPT = 20, FAULT_SIZE = 240 };

struct import_faults {
        const char *path;                       /* of the capture, for messages */
        bool is_strict;                         /* the first fault ends the reading */
        size_t count;
        char words[FAULTS_KEPT][FAULT_SIZE];    /* of the first ones: "line 12: mmap: ..." */
};

/* Records that a line is left out, and why. BAD_INPUT, with an error message, with --strict. */
[[gnu::format(printf, 3, 4)]]
struct error import_fault(struct import_faults *faults, unsigned long line, const char *format, ...);
