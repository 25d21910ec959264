/*
 * From the memory calls of a Linux program to an op script (docs/op-scripts.md) that does the same to one of our
 * address spaces, and expects of every operation the outcome it had on Linux.
 *
 * The capture does not show what the program had mapped before its first call, but later calls do: they protect or
 * unmap pages that no call had mapped. The script maps such pages first, and a stack, which no call mentions.
 */
#pragma once

#include "import/import_strace.h"

struct import_summary {
        size_t operations;
        size_t inferred;                /* of these, mapped first because later calls need them */
        size_t unseen;                  /* of these, done by threads that were not captured */
        size_t left_out;                /* calls that had no effect, or failed for reasons only Linux has */
};

/*
 * Writes the script to `out`. The path in `faults` names the capture in the script's first line. A call that cannot
 * have happened in a user's address space is a fault. NO_MEMORY; error_message() explains.
 */
struct error import_script(FILE *out, const struct strace *strace, struct import_faults *faults,
                           struct import_summary *summary);
