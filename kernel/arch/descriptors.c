#include "arch/this_cpu.h"
#include "arch/traps.h"

#define SEGMENT_CODE_64 ((uint64_t)0x00af9b000000ffff)
#define SEGMENT_DATA ((uint64_t)0x00cf93000000ffff)
#define SEGMENT_USER ((uint64_t)3 << 45)        /* for ring 3 too */

enum { GATE_INTERRUPT = 0x8e };         /* present, interrupts off; only the processor itself may come through */
enum { GATE_FOR_PROGRAMS = 3 << 5 };    /* programs may too */

struct __attribute__((packed)) task_state {
        uint32_t reserved_0;
        uint64_t trap_stack[12];                /* 0: for ring 0; from 4 on: what gates call 1 and so on */
        uint16_t reserved_1, io_map;
};

struct gate {
        uint16_t offset_0, selector;
        uint8_t stack, type;
        uint16_t offset_16;
        uint32_t offset_32, reserved;
};

struct __attribute__((packed)) table_pointer {
        uint16_t limit;
        uint64_t base;
};

struct cpu cpus[CPUS_MOST];
unsigned cpu_count = 1;

static uint8_t first_trap_stack[4096] __attribute__((aligned(16)));
#define FIRST_TRAP_STACK_TOP ((uintptr_t)(first_trap_stack + sizeof first_trap_stack))
static struct task_state task_states[CPUS_MOST] = {
        [0].trap_stack = {
                [TRAP_STACK_DOUBLE_FAULT] = FIRST_TRAP_STACK_TOP, [TRAP_STACK_NMI] = FIRST_TRAP_STACK_TOP,
        },
};
static struct gate idt[TRAP_VECTORS];

static void load_segments(unsigned cpu)
{
        static uint64_t gdt[(SELECTOR_TASK_STATE + CPUS_MOST * TASK_STATE_SELECTORS) / 8] = {
                0, SEGMENT_CODE_64, SEGMENT_DATA, SEGMENT_DATA | SEGMENT_USER, SEGMENT_CODE_64 | SEGMENT_USER,
        };
        const uint64_t base = (uintptr_t)&task_states[cpu], limit = sizeof task_states[cpu] - 1;
        const unsigned selector = SELECTOR_TASK_STATE + cpu * TASK_STATE_SELECTORS;
        uint64_t *slot = &gdt[selector / 8];
        slot[0] = limit | (base & 0xffffff) << 16 | (uint64_t)0x89 << 40 | (base >> 24 & 0xff) << 56;
        slot[1] = base >> 32;
        task_states[cpu].io_map = sizeof task_states[cpu];

        const struct table_pointer pointer = { sizeof gdt - 1, (uintptr_t)gdt };
        __asm__ volatile("lgdt %0\n\t"
                         "pushq %1\n\t"                 /* a far return is how to change the code segment */
                         "leaq 1f(%%rip), %%rax\n\t"
                         "pushq %%rax\n\t"
                         "lretq\n"
                         "1:\n\t"
                         "movl %2, %%ss\n\t"
                         "ltr %w3\n\t"
                         "lldt %w4"                     /* none; at reset it would be whatever lies at address 0 */
                         : : "m"(pointer), "i"(SELECTOR_CODE), "r"(SELECTOR_DATA), "r"(selector), "r"(0)
                         : "rax", "memory");
}

static void make_gates(void)
{
        for (unsigned vector = 0; vector < TRAP_VECTORS; vector++) {
                const uintptr_t entry = (uintptr_t)trap_entries + vector * TRAP_ENTRY_SIZE;
                idt[vector] = (struct gate){
                        .offset_0 = (uint16_t)entry, .offset_16 = (uint16_t)(entry >> 16),
                        .offset_32 = (uint32_t)(entry >> 32), .selector = SELECTOR_CODE, .type = GATE_INTERRUPT,
                };
        }
        idt[TRAP_SYSTEM_CALL].type |= GATE_FOR_PROGRAMS;
        idt[TRAP_DOUBLE_FAULT].stack = TRAP_STACK_DOUBLE_FAULT - 3;
        idt[TRAP_NMI].stack = TRAP_STACK_NMI - 3;
}

void descriptors_init(unsigned cpu)
{
        load_segments(cpu);
        if (cpu == 0)
                make_gates();
        const struct table_pointer pointer = { sizeof idt - 1, (uintptr_t)idt };
        __asm__ volatile("lidt %0" : : "m"(pointer));
}

void descriptors_set_trap_stack(unsigned cpu, enum trap_stack stack, uintptr_t top)
{
        task_states[cpu].trap_stack[stack] = top;
}
