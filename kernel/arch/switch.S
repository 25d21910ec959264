/*
 * From one thread to another. What C asks to be kept stays on the stack that is left; the caller has saved the rest.
 *
 *      void stack_switch(uintptr_t *save, uintptr_t stack);
 */
        .text
        .globl  stack_switch
stack_switch:
        .irp    register, rbx, rbp, r12, r13, r14, r15
        pushq   %\register
        .endr
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        .irp    register, r15, r14, r13, r12, rbp, rbx
        popq    %\register
        .endr
        ret
