#include "arch/cpu.h"

enum { CR4_OSFXSR = 1 << 9, CR4_OSXMMEXCPT = 1 << 10 };
enum { CR4_UMIP = 1 << 11, CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21 };

/* What CPUID says, in its leaf 1 and in its leaf 7. */
enum { LEAF_1_ECX_RDRAND = 1 << 30 };
enum { LEAF_7_EBX_SMEP = 1 << 7, LEAF_7_EBX_SMAP = 1 << 20, LEAF_7_ECX_UMIP = 1 << 2 };

struct cpuid {
        uint32_t eax, ebx, ecx, edx;
};

static struct cpuid cpuid(uint32_t leaf)
{
        struct cpuid out;
        __asm__ volatile("cpuid" : "=a"(out.eax), "=b"(out.ebx), "=c"(out.ecx), "=d"(out.edx) : "a"(leaf), "c"(0));
        return out;
}

void cpu_protect(void)
{
        const struct cpuid features = cpuid(0).eax >= 7 ? cpuid(7) : (struct cpuid){ 0 };
        uint64_t cr4;
        __asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
        cr4 |= CR4_OSFXSR | CR4_OSXMMEXCPT;
        cr4 |= features.ebx & LEAF_7_EBX_SMEP ? CR4_SMEP : 0;
        cr4 |= features.ebx & LEAF_7_EBX_SMAP ? CR4_SMAP : 0;
        cr4 |= features.ecx & LEAF_7_ECX_UMIP ? CR4_UMIP : 0;
        __asm__ volatile("movq %0, %%cr4" : : "r"(cr4));
}

bool cpu_random(uint64_t *out)
{
        enum { TRIES = 10 };                    /* as many as its maker says are enough */
        bool there = false;
        for (int i = 0; i < TRIES && !there && cpuid(1).ecx & LEAF_1_ECX_RDRAND; i++)
                __asm__ volatile("rdrand %0" : "=r"(*out), "=@ccc"(there));
        return there;
}

/* The zero frame pointer is where a backtrace ends; the zero return address makes the stack aligned as after a call. */
_Noreturn void cpu_run_on_stack(uintptr_t top, void (*function)(void *), void *argument)
{
        __asm__ volatile("movq %0, %%rsp\n\t"
                         "xorl %%ebp, %%ebp\n\t"
                         "pushq $0\n\t"
                         "jmp *%1"
                         : : "r"(top), "r"(function), "D"(argument) : "memory");
        __builtin_unreachable();
}
