/*
 * Where a new thread begins, as if it had called stack_switch() here. If thread_begin() returns, it is a program's,
 * and what is left on the stack are its registers, as a trap would have left them.
 */
        .text
        .globl  thread_entry
thread_entry:
        call    thread_begin
        jmp     trap_return
