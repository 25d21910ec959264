/*
 * The descriptor tables: segments (GDT) and the gates of all 256 vectors (IDT), shared by all processors; and for each
 * processor a task state (TSS), with the stacks that traps change to.
 *
 * The #defines are shared with assembly.
 */
#pragma once

#define SELECTOR_CODE (1 * 8)
#define SELECTOR_DATA (2 * 8)
#define SELECTOR_USER_DATA (3 * 8 + 3)          /* the 3 is the ring it is for */
#define SELECTOR_USER_CODE (4 * 8 + 3)
#define SELECTOR_TASK_STATE (5 * 8)             /* of the first processor; the next one's is two slots further */
#define TASK_STATE_SELECTORS (2 * 8)

/* Where in its task state a processor finds the stack on which to enter ring 0. */
#define TASK_STATE_STACK 4

#ifndef __ASSEMBLER__

#include <stdint.h>

/* Stacks of the traps that cannot trust the one in use: it may have overflowed; an NMI comes at any instruction. */
enum trap_stack { TRAP_STACK_DOUBLE_FAULT = 1, TRAP_STACK_NMI, TRAP_STACKS };

/* Makes and loads those of the processor with this index. At first both trap stacks are a small one, shared by all. */
void descriptors_init(unsigned cpu);

/* From now on a trap on this processor that has a stack of its own uses the one that ends at `top`. */
void descriptors_set_trap_stack(enum trap_stack stack, uintptr_t top);

/* From now on a trap from ring 3 on this processor uses the stack that ends at `top`. */
void descriptors_set_kernel_stack(uintptr_t top);

#endif
