/*
 * What everyone who runs op scripts does alike, be it the kernel itself or a program: reading a script ahead, and
 * judging what came of an operation. What is wrong goes to the console, with the script's name and the line.
 */
#pragma once

#include "test/op_script.h"

/* What came of an operation: the base it yielded, or why it failed. */
struct outcome {
        struct error error;
        uintptr_t address;
};

/*
 * Reads the whole script, so that a mistake in its last line stops it before its first. Sets `range` and `seed` if it
 * has lines that say so. False, and the reason on the console, if a line is not understood.
 */
bool script_read_ahead(const char *name, struct op_script script, struct vrange *range, uint64_t *seed);

/* Prints what the line that was read last asks for, and what came of it, on a line of the console. */
void script_print_outcome(const struct op_script *script, const struct op *op, struct outcome outcome);

/* Is the outcome as the line expects? If not, the console says so. */
bool script_is_as_expected(const char *name, unsigned line, const struct op *op, struct outcome outcome);
