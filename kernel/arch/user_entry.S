/*
 * size_t user_copy(void *to, const void *from, size_t n)
 *
 * SMAP makes the processor refuse the kernel's accesses to user memory. AC = 1 suspends SMAP, so the flag is set only
 * for the one instruction that copies. It is changed by way of the stack: stac and clac would do the same, but not
 * every processor has them.
 *
 *      rdi     to              rcx     counts down from n; what is left is the result
 *      rsi     from
 *
 * If `rep movsb` faults and the fault cannot be resolved, the trap handler goes on at user_copy_failed, with rcx as far
 * as it was.
 */
#define FLAG_AC (1 << 18)

        .text
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
