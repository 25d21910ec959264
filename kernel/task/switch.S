/*
 * From one thread to another. What C asks to be kept stays on the stack that is left; the caller has saved the rest.
 *
 *      void stack_switch(uintptr_t *save, uintptr_t stack);
 */
        .text
        .globl  stack_switch, thread_entry
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

/*
 * Where a new thread begins, as if it had called stack_switch() here. If thread_begin() returns, it is a program's,
 * and what is left on the stack are its registers, as a trap would have left them.
 */
thread_entry:
        call    thread_begin
        jmp     trap_return
