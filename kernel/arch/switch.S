/*
 * From one thread to another. What the C calling convention asks to be kept stays on the stack that is left; the rest
 * the caller has saved already.
 *
 *      void stack_switch(uintptr_t *save, uintptr_t stack);
 */
        .text
        .globl  stack_switch
stack_switch:
        pushq   %rbx
        pushq   %rbp
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbp
        popq    %rbx
        ret

/*
 * Where a new thread begins, as if it had called stack_switch() here. If thread_begin() returns, it is a program's,
 * and what is left on the stack are its registers, as a trap would have left them.
 */
        .globl  thread_entry
thread_entry:
        call    thread_begin
        jmp     trap_return

        .section .note.GNU-stack, "", @progbits
