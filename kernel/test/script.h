/*
 * Runs an op script against an address space of its own.
 */
#pragma once

#include "lib/vocabulary/verdict.h"

#include <stddef.h>

/*
 * Runs the script, which the trace and the console call `name`. FAILED if a line is not understood (then nothing is
 * run), if an outcome is not what its line expects, or if the tree breaks a rule at the end; the console says which and
 * why. The space stays, for the last keyframe to show.
 */
enum verdict script_run(const char *name, const char *text, size_t length);

/* Likewise, a file of the initial ramdisk: `run=NAME` of the command line. FAILED if there is none (test/run.c). */
enum verdict script_run_named(const char *name);
