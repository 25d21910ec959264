/*
 * How the code got here: the addresses to which the functions that run will return, the newest first.
 *
 * Every function of the kernel keeps a frame pointer (rbp), so the frames are a list on the stack. The list ends at the
 * first frame pointer that leads to no readable memory: a new stack begins with 0, and a program may leave anything.
 */
#pragma once

#include "lib/types.h"

/*
 * Finds the return addresses from the frame on that a frame pointer points to, `most` at most. Yields how many.
 * O(most).
 */
size_t backtrace_take(const void *frame, uintptr_t *places, size_t most);

/* Prints them, one a line, each with the name of its function. O(places * symbols). */
void backtrace_print(const uintptr_t *places, size_t count);

/*
 * Prints one address with the name of the function in which `where` lies. For a return address, `where` is the byte
 * before: the call may be the last instruction of its function. O(symbols).
 */
void backtrace_print_place(uintptr_t address, uintptr_t where);
