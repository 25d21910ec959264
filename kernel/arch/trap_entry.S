/*
 * Where traps enter the kernel.
 *
 * The processor has pushed ss, rsp, rflags, cs and rip, and for some exceptions an error code. The entry of each vector
 * pushes 0 where there is no error code, so that all stacks look alike, and then the vector's number. The common part
 * pushes the registers. What then lies on the stack is a struct trap_frame (arch/traps.h), in this order from above:
 *
 *      ss, rsp, rflags, cs, rip        by the processor
 *      error code                      by the processor, or a 0 by the vector's entry
 *      vector                          by the vector's entry
 *      rax, rbx, ... r15               by the common part; r15 lies at the lowest address
 */
#include "arch/traps.h"

/* A bit for each exception for which the processor pushes an error code: 8, 10 to 14, 17, 21, 29 and 30. */
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
        /*
         * A program may have set any flag. The kernel runs with all of them clear: IF = 0, no interrupts; DF = 0,
         * string instructions go upwards, as C expects; AC = 0, SMAP forbids user memory; NT = 0, or iretq would fail.
         */
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

/*
 * The processor lets no interrupt in between sti and the instruction after it. So an interrupt that comes after the
 * caller has looked for work does not get lost: it ends the hlt. cpu_take_interrupts() takes those that are pending.
 */
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
