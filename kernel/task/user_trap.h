/*
 * What becomes of a program's traps: a system call is answered, a page that may be touched is filled, and anything
 * else is the end of the program, with a word on the console about what it did, where, and which region is near.
 */
#pragma once

#include "lib/vocabulary/protection.h"

#include <stdbool.h>
#include <stdint.h>

struct trap_frame;

/* A trap of the program that runs. Returns if it may go on. */
void user_trap(struct trap_frame *frame);

/* Its system call; the results are put into the frame. */
void user_system_call(struct trap_frame *frame);

/* The kernel, at work for the program that runs, could not touch its memory. Can it now? */
bool user_fault_in_kernel(uintptr_t address, enum access access);

/* To be called last on every way back to ring 3: a thread that was killed does not come back from it. */
void user_trap_return(void);
