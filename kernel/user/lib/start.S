/* Where a program begins. The kernel has put main()'s arguments where C looks for them. */
        .section .text.start, "ax", @progbits
        .globl  start
start:
        xorl    %ebp, %ebp
        call    main
        movl    %eax, %edi
        call    exit

        .section .note.GNU-stack, "", @progbits
