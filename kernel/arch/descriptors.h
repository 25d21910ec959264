/*
 * The descriptor tables: segments (GDT) and the gates of all 256 vectors (IDT), shared by all processors; and for each
 * processor a task state (TSS), with the stacks that traps change to.
 */
#pragma once

#include <stdint.h>

enum {
        SELECTOR_CODE = 1 * 8,
        SELECTOR_DATA = 2 * 8,
        SELECTOR_USER_DATA = 3 * 8 + 3,         /* the 3 is the ring it is for */
        SELECTOR_USER_CODE = 4 * 8 + 3,
        SELECTOR_TASK_STATE = 5 * 8,            /* of the first processor; the next one's is two slots further */
        TASK_STATE_SELECTORS = 2 * 8,
};

/*
 * The stack for traps from ring 3, and those of the traps that cannot trust the one in use: it may have overflowed; an
 * NMI comes at any instruction. Numbered by their places in the task state.
 */
enum trap_stack { TRAP_STACK_FROM_USER = 0, TRAP_STACK_DOUBLE_FAULT = 4, TRAP_STACK_NMI, TRAP_STACKS };

/* Makes and loads those of the processor with this index. At first the last two stacks are one small one for all. */
void descriptors_init(unsigned cpu);

/* From now on such a trap on this processor uses the stack that ends at `top`. */
void descriptors_set_trap_stack(enum trap_stack stack, uintptr_t top);
