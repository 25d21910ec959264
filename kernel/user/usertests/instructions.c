/*
 * Privileged instructions, and instructions that fail: each ends the program with the trap's number, and nothing else
 * happens.
 */
#include "user/usertests/usertests.h"

/* A function that runs one piece of assembly and yields 0 if it is still there. */
#define INSTRUCTION(name, text)                                                                                     \
        static int name(void *unused)                                                                               \
        {                                                                                                           \
                (void)unused;                                                                                       \
                __asm__ volatile(text : : "a"(0UL), "c"(0xc0000080UL /* EFER */), "d"(0UL), "D"(PLAYGROUND)         \
                                 : "rbx", "memory", "cc");                                                          \
                return 0;                                                                                           \
        }

INSTRUCTION(halt, "hlt")
INSTRUCTION(switch_interrupts_off, "cli")
INSTRUCTION(switch_interrupts_on, "sti")
INSTRUCTION(read_port, "inb $0x60, %%al")
INSTRUCTION(write_port, "outb %%al, $0x80")
INSTRUCTION(read_model_register, "rdmsr")
INSTRUCTION(write_model_register, "wrmsr")
INSTRUCTION(read_page_table, "movq %%cr3, %%rax")
INSTRUCTION(write_page_table, "movq %%rax, %%cr3")
INSTRUCTION(write_control_register, "movq %%rax, %%cr0")
INSTRUCTION(write_debug_register, "movq %%rax, %%dr7")
INSTRUCTION(flush_address, "invlpg (%%rdi)")
INSTRUCTION(flush_caches, "wbinvd")
INSTRUCTION(load_segments, "lgdt (%%rsp)")
INSTRUCTION(load_gates, "lidt (%%rsp)")
INSTRUCTION(load_local_segments, "lldt %%ax")
INSTRUCTION(load_task, "ltr %%ax")
INSTRUCTION(clear_task_switched, "clts")
INSTRUCTION(swap_base, "swapgs")
INSTRUCTION(return_from_system, "sysretq")

static bool privileged_instructions_are_refused(void)
{
        int (*const all[])(void *) = {
                halt, switch_interrupts_off, switch_interrupts_on, read_port, write_port, read_model_register,
                write_model_register, read_page_table, write_page_table, write_control_register, write_debug_register,
                flush_address, flush_caches, load_segments, load_gates, load_local_segments, load_task,
                clear_task_switched, swap_base,
        };

        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
                const uint64_t status = status_of(all[i], NULL);

                if (status != KILLED_BY_PROTECTION_FAULT)
                        printf("usertests: instruction %zu: status %lu\n", i, status);
                RIGHT(status == KILLED_BY_PROTECTION_FAULT);
        }
        return true;
}

/* `syscall` and `sysret` are not switched on: the kernel is entered by int $0x80 alone. */
INSTRUCTION(call_the_fast_way, "syscall")
INSTRUCTION(undefined, "ud2")
INSTRUCTION(lock_a_register, ".byte 0xf0, 0x90")

static bool undefined_instructions_are_refused(void)
{
        RIGHT(status_of(call_the_fast_way, NULL) == KILLED_BY_INVALID_INSTRUCTION);
        RIGHT(status_of(return_from_system, NULL) == KILLED_BY_INVALID_INSTRUCTION);
        RIGHT(status_of(undefined, NULL) == KILLED_BY_INVALID_INSTRUCTION);
        RIGHT(status_of(lock_a_register, NULL) == KILLED_BY_INVALID_INSTRUCTION);
        return true;
}

/* --- interrupts by number ---------------------------------------------------------------------------------- */

static const uint8_t return_instruction = 0xc3;

/* Runs `int $vector`, which has to be made: the number is a part of the instruction. */
static int interrupt(void *vector)
{
        if (!map_at(PLAYGROUND, 1, MAP_PRIVATE))
                return 1;
        *at(PLAYGROUND) = (char)0xcd;
        *at(PLAYGROUND + 1) = (char)(uintptr_t)vector;
        *at(PLAYGROUND + 2) = (char)return_instruction;
        if (mprotect(PLAYGROUND, PAGE_SIZE, PROTECT_READ | PROTECT_EXECUTE).code)
                return 1;
        __asm__ volatile("call *%1" : : "a"((uint64_t)SYSTEM_YIELD), "r"(PLAYGROUND) : "rdx", "memory", "cc");
        return 0;
}

/* Neither the traps of the processor nor the kernel's own interrupts can be asked for. */
static bool interrupts_cannot_be_asked_for(void)
{
        static const uint8_t some[] = { 0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 18, 21, 30, 31, 32, 0x40, 0x50,
                                        0x51, 0x60, 0x7f, 0x81, 0xfe, 0xff };

        for (size_t i = 0; i < sizeof some; i++)
                RIGHT(status_of(interrupt, (void *)(uintptr_t)some[i]) == KILLED_BY_PROTECTION_FAULT);
        RIGHT(status_of(interrupt, (void *)0x80UL) == 0);
        return true;
}

INSTRUCTION(break_here, "int3")
INSTRUCTION(step_here, ".byte 0xf1")

/* An emulator need not know 0xf1, which manuals say little about. */
static bool a_breakpoint_without_a_debugger_ends_the_program(void)
{
        const uint64_t status = status_of(step_here, NULL);

        RIGHT(status_of(break_here, NULL) == KILLED_BY_PROTECTION_FAULT);
        RIGHT(status == KILLED_BY_SINGLE_STEP || status == KILLED_BY_INVALID_INSTRUCTION);
        return true;
}

/* --- arithmetic, segments, addresses ----------------------------------------------------------------------- */

static int divide(void *by)
{
        uint64_t low = 0, high = 1;

        __asm__ volatile("divq %2" : "+a"(low), "+d"(high) : "r"(by) : "cc");
        return 0;
}

static bool a_division_that_fails_ends_the_program(void)
{
        RIGHT(status_of(divide, (void *)0) == KILLED_BY_DIVISION);
        RIGHT(status_of(divide, (void *)1) == KILLED_BY_DIVISION);             /* the quotient has no room */
        RIGHT(status_of(divide, (void *)2) == 0);
        return true;
}

static int load_segment(void *selector)
{
        __asm__ volatile("movw %w0, %%fs" : : "r"(selector));
        return 0;
}

static int load_stack_segment(void *selector)
{
        __asm__ volatile("movw %w0, %%ss" : : "r"(selector));
        return 0;
}

/* A null selector and the program's data may be loaded; the kernel's, a task's and those beyond the table may not. */
static bool a_segment_is_loaded_only_if_it_is_for_programs(void)
{
        static const uint16_t wrong[] = { 0x8, 0x10, 0x0b, 0x13, 0x28, 0x2b, 0x7, 0xf, 0x7fff, 0xffff, 0xfff8 };

        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                RIGHT(status_of(load_segment, (void *)(uintptr_t)wrong[i]) == KILLED_BY_PROTECTION_FAULT);
                RIGHT(status_of(load_stack_segment, (void *)(uintptr_t)wrong[i]) == KILLED_BY_PROTECTION_FAULT);
        }
        for (uintptr_t null = 0; null < 4; null++)
                RIGHT(status_of(load_segment, (void *)null) == 0);
        RIGHT(status_of(load_segment, (void *)0x1bUL) == 0);
        return true;
}

static int jump(void *address)
{
        __asm__ volatile("jmp *%0" : : "r"(address));
        return 0;
}

static int push_at(void *stack)
{
        __asm__ volatile("movq %0, %%rsp; pushq $0" : : "r"(stack) : "memory");
        exit(0);
}

static bool a_wild_jump_ends_the_program(void)
{
        static const uintptr_t wild[] = { 0, 8, PLAYGROUND, USER_END, USER_END - 1, 0xffffffff80000000, -(uintptr_t)1,
                                          DIRECT_MAP_BASE };

        for (size_t i = 0; i < sizeof wild / sizeof *wild; i++)
                RIGHT(status_of(jump, (void *)wild[i]) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(jump, (void *)((uintptr_t)1 << 47)) == KILLED_BY_PROTECTION_FAULT);
        RIGHT(status_of(jump, (void *)0x1234567890123456UL) == KILLED_BY_PROTECTION_FAULT);
        return true;
}

/* On an address that is none: a processor reports a stack fault, QEMU a general protection fault. */
static bool a_wild_stack_ends_the_program(void)
{
        uint64_t status;

        RIGHT(status_of(push_at, (void *)8UL) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(push_at, (void *)0xffffffff80200000UL) == KILLED_BY_PAGE_FAULT);
        status = status_of(push_at, (void *)0x1234567890123456UL);
        RIGHT(status == KILLED_BY_STACK_FAULT || status == KILLED_BY_PROTECTION_FAULT);
        return true;
}

/* Code in the very last page: the processor may not run on into the hole behind it. */
static int run_off_the_end(void *unused)
{
        (void)unused;
        if (!map_at(USER_END - PAGE_SIZE, 1, MAP_PRIVATE))
                return 1;
        memset((void *)(USER_END - PAGE_SIZE), 0x90, PAGE_SIZE);
        if (mprotect(USER_END - PAGE_SIZE, PAGE_SIZE, PROTECT_READ | PROTECT_EXECUTE).code)
                return 1;
        return jump((void *)(USER_END - 16));
}

/* The call is the last instruction there is; it returns to where nothing is. */
static int call_from_the_end(void *unused)
{
        uint64_t number = SYSTEM_YIELD;

        (void)unused;
        if (!map_at(USER_END - PAGE_SIZE, 1, MAP_PRIVATE))
                return 1;
        *at(USER_END - 2) = (char)0xcd;
        *at(USER_END - 1) = (char)0x80;
        if (mprotect(USER_END - PAGE_SIZE, PAGE_SIZE, PROTECT_READ | PROTECT_EXECUTE).code)
                return 1;
        __asm__ volatile("jmp *%1" : "+a"(number) : "r"(USER_END - 2) : "rdx", "memory");
        return 0;
}

static bool code_ends_where_user_space_does(void)
{
        RIGHT(status_of(run_off_the_end, NULL) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(call_from_the_end, NULL) == KILLED_BY_PAGE_FAULT);
        return true;
}

/* Code that a program has made runs, and what is written later runs too. */
static bool a_program_makes_code(void)
{
        static const uint8_t code[] = { 0xb8, 7, 0, 0, 0, 0xc3 };      /* mov $7, %eax; ret */
        int (*const made)(void) = (int (*)(void))PLAYGROUND;

        RIGHT(map_at(PLAYGROUND, 1, MAP_PRIVATE));
        for (int i = 1; i < 4; i++) {
                RIGHT_OK(mprotect(PLAYGROUND, PAGE_SIZE, PROTECT_READ_WRITE));
                memcpy((void *)PLAYGROUND, code, sizeof code);
                *at(PLAYGROUND + 1) = (char)i;
                RIGHT_OK(mprotect(PLAYGROUND, PAGE_SIZE, PROTECT_READ | PROTECT_EXECUTE));
                RIGHT(made() == i);
        }
        return true;
}

#define COUNT_CALL(...) +1
enum { CALLS = SYSTEM_CALLS(COUNT_CALL) };

static bool numbers_that_are_no_calls_are_refused(void)
{
        static const uint64_t wrong[] = {
                CALLS, CALLS + 1, 100, 255, 256, 1 << 16, (uint64_t)1 << 31,
                (uint64_t)1 << 32, ((uint64_t)1 << 32) + SYSTEM_GETPID, (uint64_t)1 << 63, -(uint64_t)1,
        };

        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                uint64_t value;

                RIGHT_ERROR(any_call(wrong[i], (uint64_t[3]){ 0 }, &value), BAD_ARGUMENT);
        }
        return true;
}

const struct user_case cases_of_instructions[] = {
        { "privileged", privileged_instructions_are_refused },
        { "undefined", undefined_instructions_are_refused },
        { "interrupts", interrupts_cannot_be_asked_for },
        { "breakpoint", a_breakpoint_without_a_debugger_ends_the_program },
        { "divide", a_division_that_fails_ends_the_program },
        { "segments", a_segment_is_loaded_only_if_it_is_for_programs },
        { "wild-jump", a_wild_jump_ends_the_program },
        { "wild-stack", a_wild_stack_ends_the_program },
        { "last-code", code_ends_where_user_space_does },
        { "made-code", a_program_makes_code },
        { "call-numbers", numbers_that_are_no_calls_are_refused },
        { 0 },
};
