/*
 * Where traps enter: for each vector a few bytes of code that leave the stack alike for all, then the common part,
 * which saves the registers as a struct trap_frame (arch/traps.h) and calls C.
 */
#include "arch/traps.h"

/* The exceptions for which the processor itself pushes an error code: 8, 10 to 14, 17, 21, 29 and 30. */
#define WITH_ERROR_CODE 0x60227d00

        .text
        .globl  trap_entries
        .balign TRAP_ENTRY_SIZE
trap_entries:
        vector = 0
        .rept   TRAP_VECTORS
        .balign TRAP_ENTRY_SIZE
        .if     !((WITH_ERROR_CODE >> (vector & 31)) & (vector < 32) & 1)
        pushq   $0
        .endif
        pushq   $vector
        jmp     trap_common
        vector = vector + 1
        .endr

trap_common:
        pushq   %rax
        pushq   %rbx
        pushq   %rcx
        pushq   %rdx
        pushq   %rsi
        pushq   %rdi
        pushq   %rbp
        pushq   %r8
        pushq   %r9
        pushq   %r10
        pushq   %r11
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        /*
         * A program leaves its flags behind. In the kernel no interrupts come, strings go upwards, and user memory is
         * out of reach (AC would open it).
         */
        pushq   $0
        popfq
        movq    %rsp, %rdi
        call    trap_handle
        .globl  trap_return
trap_return:
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %r11
        popq    %r10
        popq    %r9
        popq    %r8
        popq    %rbp
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %rcx
        popq    %rbx
        popq    %rax
        addq    $16, %rsp                       /* vector and error code */
        iretq

/* An interrupt is let in by hlt at the earliest: what follows sti still runs with interrupts off. */
        .globl  cpu_wait_for_interrupt, cpu_wait_end
cpu_wait_for_interrupt:
        sti
        hlt
cpu_wait_end:
        cli
        ret

        .section .note.GNU-stack, "", @progbits
