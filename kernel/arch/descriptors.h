/*
 * The processor's descriptor tables: segments (GDT), the task state (TSS) with the stacks that some traps change
 * to, and the gates of all 256 vectors (IDT).
 */
#pragma once

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
