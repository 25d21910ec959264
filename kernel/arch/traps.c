#include "arch/traps.h"

#include <stddef.h>

static const char *const exception_name[TRAP_EXCEPTIONS] = {
        [0] = "division by zero", [1] = "debug exception", [TRAP_NMI] = "non-maskable interrupt",
        [3] = "breakpoint", [4] = "overflow", [5] = "bound range exceeded",
        [6] = "invalid instruction", [7] = "floating point is off", [TRAP_DOUBLE_FAULT] = "double fault",
        [10] = "invalid task state", [11] = "segment not present", [12] = "stack segment fault",
        [13] = "general protection fault", [TRAP_PAGE_FAULT] = "page fault", [16] = "floating-point error",
        [17] = "misaligned access", [TRAP_MACHINE_CHECK] = "machine check", [19] = "SIMD error",
        [20] = "virtualization exception", [21] = "control protection exception",
};

const char *trap_name(uint64_t vector)
{
        return vector < TRAP_EXCEPTIONS ? exception_name[vector] : NULL;
}

enum access trap_access(uint64_t error)
{
        return error & FAULT_FETCH ? ACCESS_EXECUTE : error & FAULT_WRITE ? ACCESS_WRITE : ACCESS_READ;
}

const char *access_word(enum access access)
{
        static const char *const words[] = { ACCESSES(WORD_NAME) };
        return words[access];
}
