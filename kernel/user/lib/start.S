/*
 * Where a program begins, and each further thread of it. The kernel has put the arguments where C looks for them, and
 * beside them a random number: what a function keeps below its return address, to see whether it was overwritten.
 */
        .section .text.start, "ax", @progbits
        .globl  start
start:
        xorl    %ebp, %ebp
        movq    %r8, __stack_chk_guard(%rip)
        call    arguments_begin
        movl    %eax, %edi
        call    exit

        .text
        .globl  thread_entry
thread_entry:
        xorl    %ebp, %ebp
        call    thread_run

        .section .note.GNU-stack, "", @progbits
