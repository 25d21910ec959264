/*
 * Flags and registers: whatever a program has set when it enters the kernel, the kernel works as ever, and the program
 * finds again what it had.
 */
#include "user/usertests/usertests.h"

enum {
        FLAG_ALWAYS = 1 << 1,
        FLAG_TRAP = 1 << 8,             /* TF: a trap after each instruction */
        FLAG_INTERRUPTS = 1 << 9,       /* IF */
        FLAG_DOWN = 1 << 10,            /* DF: string instructions go down */
        FLAG_PRIVILEGE = 3 << 12,       /* IOPL */
        FLAG_NESTED = 1 << 14,          /* NT: for `iret`, which fails for it in 64-bit mode */
        FLAG_ALIGNMENT = 1 << 18,       /* AC: with SMAP it is what lets the kernel read a program's memory */
        FLAG_ID = 1 << 21,
};

/* Sets flags, makes a call, and yields the flags after it. */
static uint64_t flags_after_call(uint64_t flags, uint64_t number, uint64_t word)
{
        uint64_t after, second, third;

        __asm__ volatile("pushfq; orq %[flags], (%%rsp); popfq;"
                         "int $0x80;"
                         "pushfq; popq %[after];"
                         "pushq $2; popfq"
                         : [after] "=&r"(after), "+a"(number), "=d"(second), "=S"(third)
                         : [flags] "r"(flags), "D"(word), "d"(0UL), "S"(0UL)
                         : "memory", "cc");
        return after;
}

/* Likewise for a page fault: touches a page that has no frame yet. */
static uint64_t flags_after_fault(uint64_t flags, uintptr_t address)
{
        uint64_t after;

        __asm__ volatile("pushfq; orq %[flags], (%%rsp); popfq;"
                         "movb $1, (%[address]);"
                         "pushfq; popq %[after];"
                         "pushq $2; popfq"
                         : [after] "=&r"(after)
                         : [flags] "r"(flags), [address] "r"(address)
                         : "memory", "cc");
        return after;
}

static bool flags_are_kept(uint64_t flags)
{
        RIGHT(map_at(PLAYGROUND, 1, MAP_PRIVATE));
        RIGHT((flags_after_call(flags, SYSTEM_YIELD, 0) & flags) == flags);
        RIGHT((flags_after_call(flags, SYSTEM_SLEEP, 1) & flags) == flags);
        RIGHT((flags_after_fault(flags, PLAYGROUND) & flags) == flags);
        RIGHT(*at(PLAYGROUND) == 1);
        return true;
}

static bool alignment_flag_is_kept(void)
{
        return flags_are_kept(FLAG_ALIGNMENT);
}

static bool direction_flag_is_kept(void)
{
        return flags_are_kept(FLAG_DOWN);
}

static bool nested_task_flag_is_kept(void)
{
        return flags_are_kept(FLAG_NESTED);
}

static bool all_harmless_flags_are_kept(void)
{
        return flags_are_kept(FLAG_ALIGNMENT | FLAG_DOWN | FLAG_NESTED | FLAG_ID | 0xd5 /* CF, PF, AF, ZF, SF, ... */);
}

/* A program can neither switch off interrupts nor give itself the ports, whatever it puts into the flags. */
static bool privileged_flags_stay_as_they_are(void)
{
        uint64_t after;

        __asm__ volatile("pushq %[flags]; popfq; int $0x80; pushfq; popq %[after]"
                         : [after] "=r"(after)
                         : [flags] "i"(FLAG_ALWAYS | FLAG_PRIVILEGE), "a"((uint64_t)SYSTEM_YIELD)
                         : "rdx", "memory", "cc");
        RIGHT(after & FLAG_INTERRUPTS);
        RIGHT(!(after & FLAG_PRIVILEGE));
        return true;
}

/* A call with the direction flag set: the kernel's own copies must go up all the same. */
static uint64_t call_downwards(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
        uint64_t result = number, value = third;

        __asm__ volatile("std; int $0x80; cld" : "+a"(result), "+d"(value) : "D"(first), "S"(second) : "memory", "cc");
        return result ? NO_CHILD : value;
}

static bool the_kernel_copies_upwards(void)
{
        char said[64] = { [0 ... 63] = '.' };
        uint64_t child;
        struct pipe_ends ends = { 0 };
        struct ending ending;

        RIGHT(call_downwards(SYSTEM_PIPE, (uintptr_t)&ends, 0, 0) != NO_CHILD);
        RIGHT(call_downwards(SYSTEM_WRITE, ends.to_write, (uintptr_t)"up and not down", 15) == 15);
        RIGHT(call_downwards(SYSTEM_READ, ends.to_read, (uintptr_t)said + 20, 30) == 15);
        RIGHT(!memcmp(said + 19, ".up and not down.", 17));
        child = call_downwards(SYSTEM_FORK, 0, 0, 0);
        RIGHT(child != NO_CHILD);
        if (!child)
                exit(memcmp(said + 19, ".up and not down.", 17));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

/* --- single steps ------------------------------------------------------------------------------------------ */

/* Right before the call: the first trap is due when the kernel has been entered, and must hit the program only. */
static int step_into_a_call(void *unused)
{
        (void)unused;
        flags_after_call(FLAG_TRAP, SYSTEM_YIELD, 0);
        return 0;
}

static int step_into_a_fault(void *address)
{
        flags_after_fault(FLAG_TRAP, (uintptr_t)address);
        return 0;
}

static int step_into_sleep(void *unused)
{
        (void)unused;
        flags_after_call(FLAG_TRAP, SYSTEM_SLEEP, 2);
        return 0;
}

static bool single_steps_end_the_program_alone(void)
{
        RIGHT(map_at(PLAYGROUND, 1, MAP_PRIVATE));
        RIGHT(status_of(step_into_a_call, NULL) == KILLED_BY_SINGLE_STEP);
        RIGHT(status_of(step_into_sleep, NULL) == KILLED_BY_SINGLE_STEP);
        RIGHT(status_of(step_into_a_fault, (void *)PLAYGROUND) == KILLED_BY_SINGLE_STEP);
        return true;
}

/* Loading ss puts off the trap by an instruction, and that one enters the kernel. */
static int step_behind_a_stack_segment(void *unused)
{
        uint64_t number = SYSTEM_YIELD;

        (void)unused;
        __asm__ volatile("movw %%ss, %%cx; pushfq; orq $0x100, (%%rsp); popfq; movw %%cx, %%ss; int $0x80; nop; nop"
                         : "+a"(number) : : "rcx", "rdx", "memory", "cc");
        return 0;
}

static bool a_step_that_was_put_off_is_the_program_s(void)
{
        RIGHT(status_of(step_behind_a_stack_segment, NULL) == KILLED_BY_SINGLE_STEP);
        return true;
}

/* --- who begins anew --------------------------------------------------------------------------------------- */

static uint64_t flags_now(void)
{
        uint64_t flags;

        __asm__ volatile("pushfq; popq %0" : "=r"(flags));
        return flags;
}

enum { FLAGS_OF_A_BEGINNER = FLAG_DOWN | FLAG_NESTED | FLAG_ALIGNMENT | FLAG_TRAP | FLAG_PRIVILEGE };

/* In the program that the case below executes. */
int report_flags(void)
{
        return (flags_now() & FLAGS_OF_A_BEGINNER) != 0;
}

static bool a_new_program_begins_with_flags_clear(void)
{
        static const char *const vector[] = { "usertests", "flags", NULL };
        const uint64_t flags = FLAG_DOWN | FLAG_NESTED | FLAG_ALIGNMENT;
        uint64_t number = SYSTEM_EXEC;

        __asm__ volatile("pushfq; orq %[flags], (%%rsp); popfq; int $0x80; cld"
                         : "+a"(number)
                         : [flags] "r"(flags), "D"(vector[0]), "S"(vector)
                         : "rdx", "memory", "cc");
        return false;
}

static void note_flags(void *flags)
{
        *(volatile uint64_t *)flags = flags_now();
}

static bool a_new_thread_begins_with_flags_clear(void)
{
        volatile uint64_t flags = 0;
        struct thread thread;

        __asm__ volatile("pushfq; orq $0x44000, (%%rsp); popfq" : : : "memory", "cc");
        RIGHT_OK(thread_start(note_flags, (void *)&flags, &thread));
        __asm__ volatile("pushq $2; popfq" : : : "memory", "cc");
        RIGHT_OK(thread_join(&thread));
        RIGHT(flags & FLAG_INTERRUPTS);
        RIGHT(!(flags & FLAGS_OF_A_BEGINNER));
        return true;
}

/* --- registers --------------------------------------------------------------------------------------------- */

/* Each register that a call leaves alone gets a number of its own; yields how many have another one afterwards. */
#define REGISTERS_LOST(entry)                                                                                       \
        ({                                                                                                          \
                uint64_t lost_ = 0;                                                                                 \
                __asm__ volatile("pushq %%rbp;"                                                                     \
                                 "movl $0x101, %%ebx; movl $0x102, %%ecx; movl $0x103, %%esi; movl $0x105, %%ebp;"  \
                                 "movl $0x108, %%r8d; movl $0x109, %%r9d; movl $0x10a, %%r10d; movl $0x10b, %%r11d;"\
                                 "movl $0x10c, %%r12d; movl $0x10d, %%r13d; movl $0x10e, %%r14d; movl $0x10f, %%r15d;" \
                                 entry ";"                                                                          \
                                 "subq $0x101, %%rbx; subq $0x102, %%rcx; subq $0x103, %%rsi; subq $0x105, %%rbp;"  \
                                 "subq $0x108, %%r8; subq $0x109, %%r9; subq $0x10a, %%r10; subq $0x10b, %%r11;"    \
                                 "subq $0x10c, %%r12; subq $0x10d, %%r13; subq $0x10e, %%r14; subq $0x10f, %%r15;"  \
                                 "orq %%rbx, %%rcx; orq %%rcx, %%rsi; orq %%rsi, %%rbp; orq %%rbp, %%r8;"           \
                                 "orq %%r8, %%r9; orq %%r9, %%r10; orq %%r10, %%r11; orq %%r11, %%r12;"             \
                                 "orq %%r12, %%r13; orq %%r13, %%r14; orq %%r14, %%r15; movq %%r15, %%rcx;"         \
                                 "popq %%rbp; movq %%rcx, %[lost]"                                                  \
                                 : [lost] "=a"(lost_)                                                               \
                                 : "a"((uint64_t)SYSTEM_YIELD), "D"(PLAYGROUND)                                     \
                                 : "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",       \
                                   "r15", "memory", "cc");                                                          \
                lost_;                                                                                              \
        })

static bool calls_keep_all_registers(void)
{
        uint64_t child;
        struct ending ending;

        RIGHT_OK(fork(&child));
        for (int i = 0; i < 50; i++)
                RIGHT(!REGISTERS_LOST("int $0x80"));
        if (!child)
                exit(0);
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

static bool page_faults_keep_all_registers(void)
{
        RIGHT(map_at(PLAYGROUND, 1, MAP_PRIVATE));
        for (int i = 0; i < 10; i++) {
                RIGHT(!REGISTERS_LOST("movb $1, (%%rdi)"));
                RIGHT_OK(madvise(PLAYGROUND, PAGE_SIZE, MADV_DONTNEED));
        }
        return true;
}

/* The kernel changes to a stack of its own, so it can be called with none at all. */
static bool a_call_needs_no_stack(void)
{
        const uint64_t wild[] = { 0, 8, 0xffffffff80200000, (uint64_t)1 << 47, 0x1234567890123456, -(uint64_t)1 };

        for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
                uint64_t number = SYSTEM_GETPID, value = 0, back;

                __asm__ volatile("movq %%rsp, %%r12; movq %[wild], %%rsp; int $0x80;"
                                 "movq %%rsp, %[back]; movq %%r12, %%rsp"
                                 : "+a"(number), "+d"(value), [back] "=&r"(back)
                                 : [wild] "r"(wild[i])
                                 : "r12", "memory");
                RIGHT(number == 0 && value == getpid());
                RIGHT(back == wild[i]);
        }
        return true;
}

static bool sums_survive_other_programs(void)
{
        volatile double sum = 0;
        uint64_t child;
        struct ending ending;

        RIGHT_OK(fork(&child));
        for (int i = 1; i <= 2000; i++) {
                sum += child ? i : 0.5;
                if (i % 100 == 0)
                        yield();
        }
        if (!child)
                exit(sum != 1000);
        RIGHT(sum == 2001000);
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

const struct user_case cases_of_flags[] = {
        { "flag-alignment", alignment_flag_is_kept },
        { "flag-direction", direction_flag_is_kept },
        { "flag-nested", nested_task_flag_is_kept },
        { "flags-all", all_harmless_flags_are_kept },
        { "flags-privileged", privileged_flags_stay_as_they_are },
        { "copy-upwards", the_kernel_copies_upwards },
        { "step", single_steps_end_the_program_alone },
        { "step-put-off", a_step_that_was_put_off_is_the_program_s },
        { "flags-program", a_new_program_begins_with_flags_clear },
        { "flags-thread", a_new_thread_begins_with_flags_clear },
        { "registers-call", calls_keep_all_registers },
        { "registers-fault", page_faults_keep_all_registers },
        { "no-stack", a_call_needs_no_stack },
        { "sums", sums_survive_other_programs },
        { 0 },
};
