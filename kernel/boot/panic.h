/*
 * The end of a kernel that cannot go on: it prints the reason on the console (the message, the newest trace event, the
 * registers, a backtrace), sends the message to the trace, and exits the machine as failed.
 */
#pragma once

#include "lib/environment.h"

/* Like panic() (lib/environment.h), with the registers of a trap and a backtrace from where it occurred. */
__attribute__((format(printf, 2, 3)))
_Noreturn void panic_at(const struct trap_frame *frame, const char *pattern, ...);
