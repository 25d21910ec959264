#define FLAG_AC (1 << 18)

        .text
/* Setting AC lets the kernel at user memory in spite of SMAP. Unlike stac and clac, all processors know the flag. */
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
