/*
 * The first instructions. A PVH loader finds boot_entry through the note below and jumps to it in 32-bit protected mode
 * without paging, interrupts off, the physical address of its start_info in %ebx. All there is to do before C: load the
 * page tables that the compiler made (mm/kernel_page_table.c), enter long mode, leave the low addresses for the high
 * ones, and set up a stack.
 *
 * The other processors begin in 16-bit mode, with a copy of boot_trampoline (boot/smp.c), which takes them to where the
 * first one is at boot_entry. Which stack and function they go on with is written to boot_stack and boot_function.
 */
#define KERNEL_BASE     0xffffffff80000000
#define PHYSICAL(x)     ((x) - KERNEL_BASE)

#define CR0_PE          (1 << 0)
#define CR0_MP          (1 << 1)
#define CR0_ET          (1 << 4)
#define CR0_NE          (1 << 5)
#define CR0_WP          (1 << 16)
#define CR0_PG          (1 << 31)
#define CR4_PAE         (1 << 5)
#define MSR_EFER        0xc0000080
#define EFER_LME        (1 << 8)
#define EFER_NXE        (1 << 11)

/* CPUID: the leaf that has the features below in %edx, and the leaf with the number of leaves of this kind. */
#define LEAF_FEATURES   0x80000001
#define LEAF_COUNT      0x80000000
#define FEATURE_NX      (1 << 20)               /* pages that may not be executed */
#define FEATURE_LM      (1 << 29)               /* long mode */
#define FEATURES        (FEATURE_NX | FEATURE_LM)

/* The console's UART (arch/uart.h), and the device that ends QEMU with a status (arch/machine_exit.h). */
#define UART_DATA       0x3f8
#define EXIT_PORT       0xf4
#define EXIT_FAILED     17

#define XEN_ELFNOTE_PHYS32_ENTRY 18

        .section .note.pvh, "a", @note
        .balign 4
        .long   4, 8, XEN_ELFNOTE_PHYS32_ENTRY
        .asciz  "Xen"
        .quad   PHYSICAL(boot_entry)

        .section .rodata
        .balign 8
boot_gdt:
        .quad   0
        .quad   0x00af9b000000ffff              /* 64-bit code; marked as accessed, for the page is read-only */
        .quad   0x00cf9b000000ffff              /* 32-bit code */
        .quad   0x00cf93000000ffff              /* data */
boot_gdt_end:

lacking:
        .ascii  "This processor lacks long mode or no-execute pages (NX), without which the kernel cannot run\n"
lacking_end:

        .globl  boot_trampoline, boot_trampoline_end
        .code16
boot_trampoline:
        cli
        movw    %cs, %ax
        movw    %ax, %ds
        lgdtl   boot_gdt_pointer - boot_trampoline
        movl    $CR0_PE, %eax
        movl    %eax, %cr0
        ljmpl   $16, $PHYSICAL(1f)
boot_gdt_pointer:
        .word   boot_gdt_end - boot_gdt - 1
        .long   PHYSICAL(boot_gdt)
boot_trampoline_end:

        .data
        .globl  boot_stack, boot_function
        .balign 8
boot_stack:
        .quad   boot_stack_top
boot_function:
        .quad   kernel_main

        .section .bss
        .balign 16
        .skip   16384
boot_stack_top:

        .text
        .code32
1:      movl    $24, %eax                       /* from the trampoline: the data that a loader has set up already */
        movl    %eax, %ds
        .globl  boot_entry
boot_entry:
        cld
        movl    %ebx, %ebp                      /* cpuid overwrites %ebx */
        movl    $LEAF_COUNT, %eax
        cpuid
        cmpl    $LEAF_FEATURES, %eax
        jb      give_up
        movl    $LEAF_FEATURES, %eax
        cpuid
        andl    $FEATURES, %edx
        cmpl    $FEATURES, %edx
        jne     give_up
        movl    %ebp, %ebx

        movl    $CR4_PAE, %eax
        movl    %eax, %cr4
        movl    $PHYSICAL(kernel_pml4), %eax
        movl    %eax, %cr3
        movl    $MSR_EFER, %ecx
        rdmsr
        orl     $(EFER_LME | EFER_NXE), %eax
        wrmsr
        movl    $(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE), %eax
        movl    %eax, %cr0
        lgdt    PHYSICAL(boot_gdt_pointer)
        ljmp    $8, $PHYSICAL(long_mode)

/*
 * C cannot run yet: the text is sent from here, and the machine ends as failed. QEMU's UART takes each byte at once, so
 * nothing waits for room.
 */
give_up:
        movl    $PHYSICAL(lacking), %esi
        movl    $(lacking_end - lacking), %ecx
        movw    $UART_DATA, %dx
        rep outsb
        movl    $EXIT_FAILED, %eax
        movw    $EXIT_PORT, %dx
        outl    %eax, %dx
halt:
        hlt
        jmp     halt

        .code64
long_mode:
        xorl    %eax, %eax
        .irp    segment, ds, es, fs, gs, ss
        movl    %eax, %\segment
        .endr
        movq    boot_stack, %rsp
        xorl    %ebp, %ebp                      /* a backtrace ends here */
        movl    %ebx, %edi
        pushq   $0                              /* the function returns to nowhere */
        jmp     *boot_function
