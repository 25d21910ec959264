/*
 * The processors, and which of them this code runs on. Each has a task state of its own (arch/descriptors.c), so the
 * task register, which programs cannot change, says which one this is: in any trap, on any stack, with no register
 * reserved for it. The state of one processor is in its struct cpu. Other processors do not write there, except where
 * a member says so.
 *
 * In the kernel interrupts are off, except in the loop of an idle processor and at preemption points. So kernel code
 * stays on its processor until it calls the scheduler. Everything here is O(1).
 */
#pragma once

#include "arch/cpu.h"
#include "arch/descriptors.h"

enum { CPUS_MOST = 8, LOCKS_HELD_MOST = 12 };

struct cpu {
        uint32_t apic_id;
        struct thread *thread;                  /* runs on it */
        struct thread *idle;                    /* runs when no other can */
        uintptr_t page_table;                   /* the root of the one in use; others read it for a shootdown */
        const struct spinlock *held[LOCKS_HELD_MOST];   /* in any order */
        unsigned held_count;
        uint64_t emit_ticks;                    /* the time it has spent on emitting events, while locks are traced */
        uint64_t progress;                      /* locks acquired and released; others read it, to see progress */
        void (*call)(void *);                   /* from another processor (boot/smp.h); NULL: nothing */
        void *call_argument;
        bool stopped;                           /* for good */
};

extern struct cpu cpus[CPUS_MOST];               /* the first one is the one that booted */
extern unsigned cpu_count;                      /* those that have started; they have indices 0 to cpu_count - 1 */

/* Before its task register is loaded, the processor that boots is number 0, as it is afterwards. */
static inline unsigned this_cpu_index(void)
{
        uint64_t selector;
        __asm__ volatile("str %0" : "=r"(selector));   /* anew each time: a thread may have moved in between */
        return selector ? (unsigned)(selector - SELECTOR_TASK_STATE) / TASK_STATE_SELECTORS : 0;
}

static inline struct cpu *this_cpu(void)
{
        return &cpus[this_cpu_index()];
}

/* Whether a processor runs its idle thread. That may have changed by the time it is looked at. */
static inline bool cpu_is_idle(unsigned cpu)
{
        return cpus[cpu].idle && cpus[cpu].thread == cpus[cpu].idle;
}
