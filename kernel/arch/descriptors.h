/*
 * The processor's descriptor tables: segments (GDT), the task state (TSS) with the stacks that some traps change
 * to, and the gates of all 256 vectors (IDT).
 *
 * The #defines are shared with assembly.
 */
#pragma once

#define SELECTOR_CODE (1 * 8)
#define SELECTOR_DATA (2 * 8)
#define SELECTOR_USER_DATA (3 * 8 + 3)          /* the 3 is the ring it is for */
#define SELECTOR_USER_CODE (4 * 8 + 3)
#define SELECTOR_TASK_STATE (5 * 8)

/* Where in `task_state` the processor finds the stack on which to enter ring 0. */
#define TASK_STATE_STACK 4

#ifndef __ASSEMBLER__

#include <stdint.h>

/*
 * Stacks of the traps that cannot trust the one in use: a double fault most often means that it has overflowed, and
 * an NMI comes at any instruction.
 */
enum trap_stack { TRAP_STACK_DOUBLE_FAULT = 1, TRAP_STACK_NMI, TRAP_STACKS };

/* Loads all three. Both trap stacks are a small one without guards at first. */
void descriptors_init(void);

/* From now on a trap that has a stack of its own uses the one that ends at `top`. */
void descriptors_set_trap_stack(enum trap_stack stack, uintptr_t top);

#endif
