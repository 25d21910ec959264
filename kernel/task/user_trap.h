/*
 * Traps from ring 3. A system call is carried out; a page fault is resolved, if the program may use the page; for every
 * other trap the program is killed. The console says what it did and where, and for a page fault which region is
 * nearest.
 *
 * All of this runs on the kernel stack of the thread that trapped, with interrupts off and no lock held.
 */
#pragma once

#include "lib/types.h"
#include "lib/vocabulary/protection.h"

struct trap_frame;

/* Handles a trap that is not a system call. Returns if the program may go on. O(log regions) for a page fault. */
void user_trap(struct trap_frame *frame);

/*
 * Carries out a system call: number and arguments are in the frame, and the results are put there. Cost as the call's.
 */
void user_system_call(struct trap_frame *frame);

/*
 * Resolves a page fault of the kernel in user_copy(), in the space of the process that runs. False if the program may
 * not use the address. O(log regions); if no frame is free it waits until another process has been ended.
 */
bool user_fault_in_kernel(uintptr_t address, enum access access);

/*
 * Must be called last before every return to ring 3: it ends a thread that was killed, and then does not return. O(1).
 */
void user_trap_return(void);
