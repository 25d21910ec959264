/*
 * Traps: the processor's exceptions and interrupts, all 256 vectors. arch/trap_entry.S saves the registers and calls
 * trap_handle() (lib/environment.h). Traps that a program caused go to task/user_trap.h. Of those that the kernel
 * causes, only page faults at user memory are expected (arch/user_entry.h); any other is a panic that says what
 * happened.
 *
 * Interrupts are on only in ring 3, while the processor is idle (cpu_wait_for_interrupt()), and at preemption points
 * (cpu_take_interrupts()). The #defines are shared with assembly. Everything here is O(1).
 */
#pragma once

#define TRAP_VECTORS 256
#define TRAP_ENTRY_SIZE 16              /* bytes of code for each vector */

#ifndef __ASSEMBLER__

#include "lib/vocabulary/protection.h"

#include <stdint.h>

enum { TRAP_NMI = 2, TRAP_DOUBLE_FAULT = 8, TRAP_PAGE_FAULT = 14, TRAP_MACHINE_CHECK = 18, TRAP_EXCEPTIONS = 32 };
enum { TRAP_SYSTEM_CALL = 0x80 };

/* Interrupts, from the local APIC. */
enum {
        TRAP_TIMER = 0x40,              /* its timer */
        TRAP_WAKE = 0x50,               /* another processor: there is work */
        TRAP_CALL = 0x51,               /* another processor: a function is to be called (boot/smp.h) */
        TRAP_SHOOTDOWN = 0x60,          /* another processor: a range is to be removed from the TLB (mm/tlb.h) */
        TRAP_SPURIOUS = 0xff,           /* the interrupt was withdrawn before it was delivered */
};

/* The state at a trap, as trap_entry.S and the processor push it. `error` is 0 for traps that have none. */
struct trap_frame {
        uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
        uint64_t vector, error;
        uint64_t rip, cs, rflags, rsp, ss;
};

/* The code for vector 0; the others follow at TRAP_ENTRY_SIZE. */
extern const char trap_entries[];

/* The name of an exception: "page fault". NULL for a vector that is not an exception. */
const char *trap_name(uint64_t vector);

/* Bits of a page fault's error code. */
enum { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_USER = 4, FAULT_RESERVED = 8, FAULT_FETCH = 16 };

/* The access that a page fault with this error code was about, and its name: "write". */
enum access trap_access(uint64_t error);
const char *access_word(enum access access);

#endif
