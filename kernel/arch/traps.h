/*
 * Traps: the processor's exceptions and interrupts, all 256 vectors. arch/trap_entry.S saves the registers;
 * trap_handle() decides. None is expected yet, so each is a panic that says what happened.
 *
 * The #defines are shared with assembly.
 */
#pragma once

#define TRAP_VECTORS 256
#define TRAP_ENTRY_SIZE 16              /* bytes of code for each vector */

#ifndef __ASSEMBLER__

#include <stdint.h>

enum { TRAP_NMI = 2, TRAP_DOUBLE_FAULT = 8, TRAP_PAGE_FAULT = 14, TRAP_EXCEPTIONS = 32 };

/* The state at a trap, as trap_entry.S and the processor push it. `error` is 0 for traps that have none. */
struct trap_frame {
        uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
        uint64_t vector, error;
        uint64_t rip, cs, rflags, rsp, ss;
};

/* The code for vector 0; the others follow at TRAP_ENTRY_SIZE. */
extern const char trap_entries[];

void trap_handle(const struct trap_frame *frame);

#endif
