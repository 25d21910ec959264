#include "arch/descriptors.h"

#define FLAG_AC (1 << 18)

        .text
/*
 * What the C calling convention asks to be kept is left on the stack. Where it lies is told to the processor, which
 * will put the frames of traps below it, and so it is known to user_leave. The way down is that of any trap that
 * returns.
 */
        .globl  user_enter
user_enter:
        pushq   %rbx
        pushq   %rbp
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        movq    %rsp, task_states + TASK_STATE_STACK(%rip)
        movq    %rdi, %rsp
        jmp     trap_return

        .globl  user_leave
user_leave:
        movq    task_states + TASK_STATE_STACK(%rip), %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbp
        popq    %rbx
        ret

/*
 * Setting AC lets the kernel at user memory where SMAP forbids it. stac and clac would do just that, but processors
 * without SMAP do not know them; all know the flag.
 */
        .globl  user_copy, user_copy_access, user_copy_failed
user_copy:
        movq    %rdx, %rcx
        pushfq
        orl     $FLAG_AC, (%rsp)
        popfq
user_copy_access:
        rep movsb
user_copy_failed:
        pushfq
        andl    $~FLAG_AC, (%rsp)
        popfq
        movq    %rcx, %rax
        ret

        .section .note.GNU-stack, "", @progbits
