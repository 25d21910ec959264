#include "arch/descriptors.h"
#include "arch/this_cpu.h"
#include "arch/traps.h"

/* --- segments --------------------------------------------------------------------------------------------- */

#define SEGMENT_CODE_64 ((uint64_t)0x00af9b000000ffff)
#define SEGMENT_DATA ((uint64_t)0x00cf93000000ffff)
#define SEGMENT_USER ((uint64_t)3 << 45)        /* for ring 3 too */

struct __attribute__((packed)) task_state {
        uint32_t reserved_0;
        uint64_t stack_of_ring[3];
        uint64_t reserved_1;
        uint64_t trap_stack[7];                 /* numbered from 1 in gates */
        uint64_t reserved_2;
        uint16_t reserved_3;
        uint16_t io_map;
};

struct __attribute__((packed)) table_pointer {
        uint16_t limit;
        uint64_t base;
};

struct task_state task_states[CPUS_MOST];
_Static_assert(__builtin_offsetof(struct task_state, stack_of_ring) == TASK_STATE_STACK);

struct cpu cpus[CPUS_MOST];
unsigned cpu_count = 1;

static uint8_t first_trap_stack[4096] __attribute__((aligned(16)));

/* Slots of the table, after the empty first one. */
enum { SLOT_TASK_STATE = SELECTOR_TASK_STATE / 8, SLOTS = SLOT_TASK_STATE + 2 * CPUS_MOST };

static void load_segments(unsigned cpu)
{
        static uint64_t gdt[SLOTS];
        const uint64_t base = (uintptr_t)&task_states[cpu], limit = sizeof task_states[cpu] - 1;
        const struct table_pointer pointer = { sizeof gdt - 1, (uintptr_t)gdt };
        uint64_t *slot = &gdt[SLOT_TASK_STATE + 2 * cpu];

        gdt[1] = SEGMENT_CODE_64;
        gdt[2] = SEGMENT_DATA;
        gdt[3] = SEGMENT_DATA | SEGMENT_USER;
        gdt[4] = SEGMENT_CODE_64 | SEGMENT_USER;
        slot[0] = limit | (base & 0xffffff) << 16 | (uint64_t)0x89 << 40 | (base >> 24 & 0xff) << 56;
        slot[1] = base >> 32;
        task_states[cpu].io_map = sizeof task_states[cpu];

        __asm__ volatile("lgdt %0\n\t"
                         "pushq %1\n\t"                 /* a far return is how to change the code segment */
                         "leaq 1f(%%rip), %%rax\n\t"
                         "pushq %%rax\n\t"
                         "lretq\n"
                         "1:\n\t"
                         "movl %2, %%ss\n\t"
                         "ltr %w3"
                         : : "m"(pointer), "i"(SELECTOR_CODE), "r"(SELECTOR_DATA),
                             "r"(SELECTOR_TASK_STATE + cpu * TASK_STATE_SELECTORS)
                         : "rax", "memory");
}

void descriptors_set_trap_stack(enum trap_stack stack, uintptr_t top)
{
        task_states[this_cpu_index()].trap_stack[stack - 1] = top;
}

void descriptors_set_kernel_stack(uintptr_t top)
{
        task_states[this_cpu_index()].stack_of_ring[0] = top;
}

/* --- gates ------------------------------------------------------------------------------------------------ */

struct gate {
        uint16_t offset_0;
        uint16_t selector;
        uint8_t stack;
        uint8_t type;
        uint16_t offset_16;
        uint32_t offset_32;
        uint32_t reserved;
};

enum { GATE_INTERRUPT = 0x8e };         /* present, interrupts off; only the processor itself may come through */
enum { GATE_FOR_PROGRAMS = 3 << 5 };    /* programs may too */

static struct gate idt[TRAP_VECTORS];

static void make_gates(void)
{
        for (unsigned vector = 0; vector < TRAP_VECTORS; vector++) {
                uintptr_t entry = (uintptr_t)trap_entries + vector * TRAP_ENTRY_SIZE;

                idt[vector] = (struct gate){
                        .offset_0 = (uint16_t)entry,
                        .offset_16 = (uint16_t)(entry >> 16),
                        .offset_32 = (uint32_t)(entry >> 32),
                        .selector = SELECTOR_CODE,
                        .type = GATE_INTERRUPT,
                };
        }
        idt[TRAP_SYSTEM_CALL].type |= GATE_FOR_PROGRAMS;
        idt[TRAP_DOUBLE_FAULT].stack = TRAP_STACK_DOUBLE_FAULT;
        idt[TRAP_NMI].stack = TRAP_STACK_NMI;
}

static void load_gates(void)
{
        const struct table_pointer pointer = { sizeof idt - 1, (uintptr_t)idt };

        __asm__ volatile("lidt %0" : : "m"(pointer));
}

void descriptors_init(unsigned cpu)
{
        load_segments(cpu);
        if (cpu == 0)
                make_gates();
        load_gates();
        cpus[cpu].index = cpu;
        for (enum trap_stack stack = TRAP_STACK_DOUBLE_FAULT; stack < TRAP_STACKS; stack++)
                descriptors_set_trap_stack(stack, (uintptr_t)(first_trap_stack + sizeof first_trap_stack));
}
