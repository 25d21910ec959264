#include "arch/cpu.h"

#define CR4_UMIP ((uint64_t)1 << 11)
#define CR4_SMEP ((uint64_t)1 << 20)
#define CR4_SMAP ((uint64_t)1 << 21)

/* CPUID, leaf 1. */
#define ECX_X2APIC ((uint32_t)1 << 21)
#define ECX_RDRAND ((uint32_t)1 << 30)

/* CPUID, leaf 7. */
#define EBX_SMEP ((uint32_t)1 << 7)
#define EBX_SMAP ((uint32_t)1 << 20)
#define ECX_UMIP ((uint32_t)1 << 2)

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
        struct cpuid features = { 0 };
        uint64_t cr4;

        if (cpuid(0).eax >= 7)
                features = cpuid(7);
        __asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
        if (features.ebx & EBX_SMEP)
                cr4 |= CR4_SMEP;
        if (features.ebx & EBX_SMAP)
                cr4 |= CR4_SMAP;
        if (features.ecx & ECX_UMIP)
                cr4 |= CR4_UMIP;
        __asm__ volatile("movq %0, %%cr4" : : "r"(cr4));
}

bool cpu_has_x2apic(void)
{
        return cpuid(1).ecx & ECX_X2APIC;
}

bool cpu_random(uint64_t *out)
{
        enum { TRIES = 10 };                    /* as many as its maker says are enough */
        bool there = false;

        if (cpuid(1).ecx & ECX_RDRAND) {
                for (int i = 0; i < TRIES && !there; i++)
                        __asm__ volatile("rdrand %0" : "=r"(*out), "=@ccc"(there));
        }
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
