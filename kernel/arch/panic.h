/*
 * The end of a kernel that cannot go on: it says why on the console (the message, the newest trace event, the
 * registers, how it got there), tells the trace, and exits the machine as failed. One inside a panic says what it is
 * and exits.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct trap_frame;

__attribute__((format(printf, 1, 2)))
_Noreturn void panic(const char *pattern, ...);

/* Likewise, about the place where a trap struck. */
__attribute__((format(printf, 2, 3)))
_Noreturn void panic_at(const struct trap_frame *frame, const char *pattern, ...);

/* What tells that the stack was overrun, a panic too. To be set first of all, by a function that never returns. */
extern uintptr_t __stack_chk_guard;

/*
 * How the code got here: the addresses that functions will return to, the newest first, from the frame on that a frame
 * pointer points to. Finds at most `most` and yields how many. Printed, each has the name of its function.
 */
size_t backtrace_take(const void *frame, uintptr_t *places, size_t most);
void backtrace_print(const uintptr_t *places, size_t count);
