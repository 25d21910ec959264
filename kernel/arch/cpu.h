/* The processor's own instructions, registers and I/O ports, one short function each: all O(1). */
#pragma once

#include "lib/types.h"

/*
 * Turns on SMEP, SMAP and UMIP, as far as the processor has them: then the kernel can neither execute nor read user
 * memory by accident. Turns on SSE, too, for programs (arch/user_state.h).
 */
void cpu_protect(void);

/*
 * Halts the processor, with interrupts on, until one has come. Interrupts are turned on and the processor halts in one
 * step, so an interrupt that comes after the caller's last look for work still ends the wait. It interrupts the
 * processor at cpu_wait_end.
 */
void cpu_wait_for_interrupt(void);
extern const char cpu_wait_end[];

/*
 * Takes the interrupts that are pending, and returns. They interrupt the processor at cpu_interrupt_window. The caller
 * must hold no lock.
 */
void cpu_take_interrupts(void);
extern const char cpu_interrupt_window[];

static inline void port_write8(uint16_t port, uint8_t value)
{
        __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void port_write32(uint16_t port, uint32_t value)
{
        __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read8(uint16_t port)
{
        uint8_t value;
        __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
        return value;
}

static inline uint32_t port_read32(uint16_t port)
{
        uint32_t value;
        __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
        return value;
}

/* A random number of the processor's own making. False if it makes none. */
bool cpu_random(uint64_t *out);

/* Runs function(argument) on the stack that ends at `top`. It must not return. */
_Noreturn void cpu_run_on_stack(uintptr_t top, void (*function)(void *), void *argument);

/* The physical address of the page table of level 4 in use. Setting it flushes the TLB. */
static inline uintptr_t cpu_page_table(void)
{
        uintptr_t root;
        __asm__ volatile("movq %%cr3, %0" : "=r"(root));
        return root;
}

static inline void cpu_set_page_table(uintptr_t root)
{
        __asm__ volatile("movq %0, %%cr3" : : "r"(root) : "memory");
}

/* The flags: CPU_FLAG_INTERRUPTS turns interrupts on, CPU_FLAG_AC suspends SMAP. */
enum { CPU_FLAG_INTERRUPTS = 1 << 9, CPU_FLAG_AC = 1 << 18 };

static inline uint64_t cpu_flags(void)
{
        uint64_t flags;
        __asm__ volatile("pushfq; popq %0" : "=r"(flags));
        return flags;
}

/* Flushes the translation of one page from the TLB. */
static inline void cpu_flush_page(uintptr_t address)
{
        __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/* The address that the last page fault was about. */
static inline uintptr_t cpu_fault_address(void)
{
        uintptr_t address;
        __asm__ volatile("movq %%cr2, %0" : "=r"(address));
        return address;
}

/* To be called in every turn of a loop that waits. */
static inline void cpu_relax(void)
{
        __asm__ volatile("pause");
}

static inline _Noreturn void cpu_halt_forever(void)
{
        for (;;)
                __asm__ volatile("cli; hlt");
}
