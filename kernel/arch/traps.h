/*
 * Traps: the processor's exceptions and interrupts, all 256 vectors. arch/trap_entry.S saves the registers and calls
 * trap_handle() (lib/environment.h), which decides. What a program of ring 3 brought about is handed to task/user_trap.h. Of the kernel's own
 * only those at user memory are expected (arch/user_entry.h); any other is a panic that says what happened.
 *
 * Interrupts come in only where a program runs or where the processor is idle (cpu_wait_for_interrupt()): never between
 * two instructions of the kernel that belong together. The #defines are shared with assembly.
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
        TRAP_CALL = 0x51,               /* another one wants something called, or all to stop */
        TRAP_SHOOTDOWN = 0x60,          /* another one waits until a range is forgotten */
        TRAP_SPURIOUS = 0xff,           /* one that was taken back meanwhile */
};

/* The state at a trap, as trap_entry.S and the processor push it. `error` is 0 for traps that have none. */
struct trap_frame {
        uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
        uint64_t vector, error;
        uint64_t rip, cs, rflags, rsp, ss;
};

/* The code for vector 0; the others follow at TRAP_ENTRY_SIZE. */
extern const char trap_entries[];

/* "page fault"; NULL for a vector that is no exception. */
const char *trap_name(uint64_t vector);

/* Bits of a page fault's error code. */
enum { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_RESERVED = 8, FAULT_FETCH = 16 };

/* What a page fault with this error code was about, and the word for it: "write". */
enum access trap_access(uint64_t error);
const char *access_word(enum access access);

#endif
