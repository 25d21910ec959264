/*
 * The descriptor tables: segments (GDT) and the gates of all 256 vectors (IDT), shared by all processors; and for each
 * processor a task state (TSS), with the stacks that traps switch to.
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
 * The stack for traps from ring 3, and the stacks of two traps that must not use the current one: in a double fault it
 * may have overflowed, and an NMI comes at any instruction. Numbered by their places in the task state.
 */
enum trap_stack { TRAP_STACK_FROM_USER = 0, TRAP_STACK_DOUBLE_FAULT = 4, TRAP_STACK_NMI = 5 };

/*
 * Sets up and loads the tables on the processor with this index, which is the one that runs. The processor that boots,
 * number 0, has one small stack for the last two kinds of trap at first; the others must have their stacks before.
 * O(1), and O(vectors) on the first processor.
 */
void descriptors_init(unsigned cpu);

/* Makes such traps on a processor use the stack that ends at `top`. O(1). */
void descriptors_set_trap_stack(unsigned cpu, enum trap_stack stack, uintptr_t top);
