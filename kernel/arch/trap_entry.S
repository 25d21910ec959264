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
        .irp    register, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
        pushq   %\register
        .endr
        /* In the kernel no interrupts come, strings go upwards, and user memory is out of reach (AC opens it). */
        pushq   $0
        popfq
        movq    %rsp, %rdi
        call    trap_handle
        .globl  trap_return
trap_return:
        .irp    register, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
        popq    %\register
        .endr
        addq    $16, %rsp                       /* vector and error code */
        iretq

/* An interrupt is let in by hlt at the earliest: what follows sti still runs with interrupts off. */
        .globl  cpu_take_interrupts, cpu_interrupt_window
cpu_take_interrupts:
        sti
        nop
cpu_interrupt_window:
        cli
        ret

        .globl  cpu_wait_for_interrupt, cpu_wait_end
cpu_wait_for_interrupt:
        sti
        hlt
cpu_wait_end:
        cli
        ret
