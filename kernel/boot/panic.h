/*
 * The end of a kernel that cannot go on: it says why on the console (the message, the newest trace event, the
 * registers, how it got there), tells the trace, and exits the machine as failed. One inside a panic says what it is
 * and exits.
 */
#pragma once

#include "lib/environment.h"

/* Like panic() (lib/environment.h), about the place where a trap struck. */
__attribute__((format(printf, 2, 3)))
_Noreturn void panic_at(const struct trap_frame *frame, const char *pattern, ...);
