/*
 * misbehave: does what a program must not do, and is killed for it: misbehave [WAY].
 *
 * If it is still there afterwards, it exits with status 1.
 */
#include "user/lib/user.h"

#define KERNEL_ADDRESS ((uintptr_t)0xffffffff80200000)

static volatile char *at(uintptr_t address)
{
        return (volatile char *)address;
}

static uintptr_t map(enum protection protection)
{
        uintptr_t base = 0;

        error_ignore(mmap(&(struct mapping){ .name = "playground", .size = PAGE_SIZE, .protection = protection,
                                             .guard_before = PAGE_SIZE, .guard_after = PAGE_SIZE }, &base));
        return base;
}

static void run(uintptr_t address)
{
        ((void (*)(void))address)();
}

static void read_null(void)
{
        (void)*at(0);
}

static void write_null(void)
{
        *at(0) = 1;
}

static void read_kernel(void)
{
        (void)*at(KERNEL_ADDRESS);
}

static void write_text(void)
{
        *at((uintptr_t)write_text) = 1;
}

static void write_read_only(void)
{
        uintptr_t page = map(PROTECT_READ);

        (void)*at(page);
        *at(page) = 1;
}

static void write_protected(void)
{
        uintptr_t page = map(PROTECT_READ | PROTECT_WRITE);

        *at(page) = 1;
        error_ignore(mprotect(page, PAGE_SIZE, PROTECT_READ));
        *at(page) = 1;
}

static void touch_unmapped(void)
{
        uintptr_t page = map(PROTECT_READ | PROTECT_WRITE);

        *at(page) = 1;
        error_ignore(munmap(page, PAGE_SIZE));
        *at(page) = 1;
}

static void touch_nothing(void)
{
        (void)*at(map(PROTECT_NONE));
}

static void hit_guard(void)
{
        *at(map(PROTECT_READ | PROTECT_WRITE) + PAGE_SIZE) = 1;
}

static void overflow_stack(void)
{
        volatile char much[1024] = { 1 };

        if (much[0])
                overflow_stack();
        much[1] = 1;
}

/* Writes over what lies behind its own part of the stack, and comes back there. */
static void smash_stack(void)
{
        volatile char little[16];

        for (volatile size_t i = 0; i < sizeof little + 32; i++)
                little[i] = 1;
}

static void run_data(void)
{
        uintptr_t page = map(PROTECT_READ | PROTECT_WRITE);

        *at(page) = (char)0xc3;
        run(page);
}

static void run_writable(void)
{
        uintptr_t page = map(PROTECT_READ | PROTECT_WRITE | PROTECT_EXECUTE);

        *at(page) = (char)0xc3;
        run(page);
}

static void run_nowhere(void)
{
        run(0x123456789000);
}

static void go_outside_addresses(void)
{
        run(0x1234567890123456);
}

static void use_invalid_instruction(void)
{
        __asm__ volatile("ud2");
}

static void use_privileged_instruction(void)
{
        __asm__ volatile("hlt");
}

static void use_port(void)
{
        __asm__ volatile("outb %b0, $0xf4" : : "a"(16));        /* which would end the machine as a success */
}

static void divide_by_zero_in_floating_point(void)
{
        static const uint16_t unmasked = 0x0300;

        __asm__ volatile("fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(unmasked));
}

static void use_local_descriptor(void)
{
        __asm__ volatile("movw %w0, %%gs" : : "r"(0x7));
}

/* Under QEMU 7.2 it faults for ever on a stack that may be used; on a processor the null selector is refused. */
static void return_far(void)
{
        __asm__ volatile("pushq $0; pushq $0; pushq $0; pushq $0; pushq $0; iretq" : : : "memory");
}

static void divide_by_zero(void)
{
        __asm__ volatile("divl %0" : : "r"(0), "a"(1), "d"(0));
}

static void use_interrupt(void)
{
        __asm__ volatile("int $14");
}

static void single_step(void)
{
        __asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; nop" : : : "memory", "cc");
}

static void pass_null(void)
{
        error_ignore(write(FILE_OUTPUT, NULL, 1));
}

static void pass_kernel(void)
{
        error_ignore(write(FILE_OUTPUT, (const void *)KERNEL_ADDRESS, 1));
}

static void pass_wrapping(void)
{
        error_ignore(write(FILE_OUTPUT, (const void *)(uintptr_t)-8, 16));
}

static void pass_read_only(void)
{
        size_t count;

        error_ignore(regions(0, (void *)map(PROTECT_READ), 1, &count));
}

static void unmap_itself(void)
{
        error_ignore(munmap(0x10000, 0x7ffffffef000));
}

static const struct {
        const char *name;
        void (*go)(void);
} ways[] = {
        { "read-null", read_null },
        { "write-null", write_null },
        { "read-kernel", read_kernel },
        { "write-text", write_text },
        { "write-read-only", write_read_only },
        { "write-protected", write_protected },
        { "touch-unmapped", touch_unmapped },
        { "touch-nothing", touch_nothing },
        { "guard", hit_guard },
        { "stack", overflow_stack },
        { "smash", smash_stack },
        { "run-data", run_data },
        { "run-writable", run_writable },
        { "run-nowhere", run_nowhere },
        { "non-canonical", go_outside_addresses },
        { "invalid", use_invalid_instruction },
        { "privileged", use_privileged_instruction },
        { "port", use_port },
        { "float", divide_by_zero_in_floating_point },
        { "local-descriptor", use_local_descriptor },
        { "far-return", return_far },
        { "divide", divide_by_zero },
        { "interrupt", use_interrupt },
        { "step", single_step },
        { "pass-null", pass_null },
        { "pass-kernel", pass_kernel },
        { "pass-wrapping", pass_wrapping },
        { "pass-read-only", pass_read_only },
        { "unmap-itself", unmap_itself },
};

int main(const char *argument)
{
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                if (!strcmp(ways[i].name, argument)) {
                        ways[i].go();
                        return 1;
                }
        }
        printf("misbehave: the argument is one of:");
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
                printf(" %s", ways[i].name);
        printf("\n");
        return 2;
}
