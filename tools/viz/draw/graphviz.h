/*
 * Graphviz's programs, each as a child process, without a shell.
 *
 *      TRY(graphviz_run((const char *const[]){ "neato", "-n2", "-Tpng", NULL }, dot, drawn));
 */
#pragma once

#include "lib/error.h"

#include <stdio.h>

/*
 * Runs a program on all that was written to `input`, and waits for it; what it writes is in `output`. Both are files
 * that can be read from their beginning. NOT_FOUND (not installed), IO or NO_MEMORY, with a complaint.
 */
struct error graphviz_run(const char *const *arguments, FILE *input, FILE *output);

/* All that is in a file, zero-terminated; the caller frees it. IO or NO_MEMORY, with a complaint. */
struct error graphviz_output(FILE *file, char **bytes, size_t *length);
