#include "arch/traps.h"
#include "arch/cpu.h"
#include "arch/panic.h"
#include "lib/printf.h"
#include "mm/memory_manager.h"

static const char *const exception_name[TRAP_EXCEPTIONS] = {
        [0] = "division by zero",
        [1] = "debug exception",
        [TRAP_NMI] = "non-maskable interrupt",
        [3] = "breakpoint",
        [4] = "overflow",
        [5] = "bound range exceeded",
        [6] = "invalid instruction",
        [7] = "floating point is off",
        [TRAP_DOUBLE_FAULT] = "double fault",
        [10] = "invalid task state",
        [11] = "segment not present",
        [12] = "stack segment fault",
        [13] = "general protection fault",
        [TRAP_PAGE_FAULT] = "page fault",
        [16] = "floating-point error",
        [17] = "misaligned access",
        [18] = "machine check",
        [19] = "SIMD error",
        [20] = "virtualization exception",
        [21] = "control protection exception",
};

/* Bits of a page fault's error code. */
enum { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_RESERVED = 8, FAULT_FETCH = 16 };

enum { TEXT_SIZE = 96 };

/* Says whose an address is: ", the guard page below "main stack"". Nothing if it is nobody's. */
static void describe_owner(uintptr_t address, char text[TEXT_SIZE])
{
        const struct region *region = memory_manager_occupant(address);

        text[0] = 0;
        if (!region)
                return;
        if (vrange_contains(region_range(region), address))
                format(text, TEXT_SIZE, ", in \"%s\"", region->name);
        else
                format(text, TEXT_SIZE, ", the guard page %s \"%s\"",
                       address < region_range(region).base ? "below" : "above", region->name);
}

static _Noreturn void panic_page_fault(const struct trap_frame *frame)
{
        const char *access = frame->error & FAULT_FETCH ? "execute" : frame->error & FAULT_WRITE ? "write" : "read";
        const char *why = frame->error & FAULT_RESERVED ? "its page table entry is damaged" :
                          frame->error & FAULT_PRESENT ? "the page does not allow it" : "nothing is mapped there";
        uintptr_t address = cpu_fault_address();
        char owner[TEXT_SIZE];

        describe_owner(address, owner);
        panic_at(frame, "page fault: tried to %s 0x%lx%s: %s", access, address, owner, why);
}

/* When a stack overflows, the page fault finds no room for its own frame, and becomes a double fault. */
static _Noreturn void panic_double_fault(const struct trap_frame *frame)
{
        char owner[TEXT_SIZE];

        describe_owner(frame->rsp - sizeof frame->rsp, owner);
        panic_at(frame, "double fault: the stack pointer is 0x%lx%s", frame->rsp, owner);
}

void trap_handle(const struct trap_frame *frame)
{
        if (frame->vector == TRAP_PAGE_FAULT)
                panic_page_fault(frame);
        if (frame->vector == TRAP_DOUBLE_FAULT)
                panic_double_fault(frame);
        if (frame->vector >= TRAP_EXCEPTIONS || !exception_name[frame->vector])
                panic_at(frame, "interrupt %lu, which nobody asked for", frame->vector);
        if (frame->error)
                panic_at(frame, "%s, error code 0x%lx", exception_name[frame->vector], frame->error);
        panic_at(frame, "%s", exception_name[frame->vector]);
}
