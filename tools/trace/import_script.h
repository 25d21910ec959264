/*
 * From the memory calls of a Linux program to an op script (docs/op-scripts.md) that does the same to one of our
 * address spaces, and expects of every operation the outcome it had on Linux.
 *
 * What the program had before its first call was never told, but later calls betray it: pages are protected or
 * unmapped that no call had mapped. The script maps such pages first, and a stack, which no call ever mentions.
 */
#pragma once

#include "import_strace.h"

struct import_summary {
        size_t operations;
        size_t inferred;                /* of these, mapped first because later calls need them */
        size_t unseen;                  /* of these, done by somebody strace did not watch */
        size_t left_out;                /* calls that had no effect, or failed for reasons only Linux has */
};

/*
 * Writes the script to `out`. The path in `faults` names the capture in the script's first line. A call that cannot have
 * happened in a user's address space is a fault. NO_MEMORY; error_message() explains.
 */
struct error import_script(FILE *out, const struct strace *strace, struct import_faults *faults,
                           struct import_summary *summary);
