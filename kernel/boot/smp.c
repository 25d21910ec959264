#include "boot/smp.h"
#include "arch/apic.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/traps.h"
#include "boot/processors.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/kernel_page_table.h"
#include "mm/memory_manager.h"
#include "mm/tlb.h"
#include "task/scheduler.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"
#include "trace/trace.h"

/* --- calling functions on them ------------------------------------------------------------------------------ */

static bool runs_beside_me(unsigned cpu)
{
        return cpu != this_cpu_index() && !__atomic_load_n(&cpus[cpu].stopped, __ATOMIC_ACQUIRE);
}

void smp_call(unsigned cpu, void (*function)(void *), void *argument)
{
        while (__atomic_load_n(&cpus[cpu].call, __ATOMIC_ACQUIRE))
                gate_in_wait();
        cpus[cpu].call_argument = argument;
        __atomic_store_n(&cpus[cpu].call, function, __ATOMIC_RELEASE);
        apic_send(cpus[cpu].apic_id, TRAP_CALL);
}

void smp_answer(void)
{
        struct cpu *me = this_cpu();
        void (*function)(void *) = __atomic_load_n(&me->call, __ATOMIC_ACQUIRE);

        if (function)
                function(me->call_argument);
        __atomic_store_n(&me->call, NULL, __ATOMIC_RELEASE);
}

/* Waits until something holds, for so many ticks at most. False if it does not. */
static bool holds_within(uint64_t ticks, bool (*holds)(void))
{
        const uint64_t start = clock_ticks();
        while (!holds()) {
                if (clock_ticks() - start > ticks)
                        return false;
                gate_in_wait();
        }
        return true;
}

/* --- stopping them ---------------------------------------------------------------------------------------- */

/*
 * How long others are waited for, in ticks of the clock: a few seconds. Each needs far less, but on a busy host one may
 * get no time meanwhile.
 */
static const uint64_t STOP_PATIENCE = (uint64_t)1 << 33;

/*
 * It goes on flushing its TLB: a processor that has not stopped yet may be unmapping kernel memory, and waits until all
 * have flushed.
 */
static _Noreturn void stop_in_call(void *)
{
        trace_interrupt_end(TRAP_CALL);
        __atomic_store_n(&this_cpu()->stopped, true, __ATOMIC_RELEASE);
        for (;;) {
                tlb_serve();
                cpu_relax();
        }
}

static bool all_have_stopped(void)
{
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                if (runs_beside_me(cpu))
                        return false;
        }
        return true;
}

void smp_stop_others(void)
{
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                if (runs_beside_me(cpu))
                        smp_call(cpu, stop_in_call, NULL);
        }
        if (!holds_within(STOP_PATIENCE, all_have_stopped))
                panic("a processor does not stop");
}

void smp_stop_others_at_once(void)
{
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
                if (runs_beside_me(cpu))
                        apic_send(cpus[cpu].apic_id, APIC_NMI);
        }
        holds_within(STOP_PATIENCE, all_have_stopped);
}

/* --- starting them ---------------------------------------------------------------------------------------- */

enum { STACK_SIZE = 4 * PAGE_SIZE, TRAP_STACK_SIZE = 2 * PAGE_SIZE };

/*
 * The page where a processor begins, in 16-bit mode: so it must lie below 1 MiB. Every PC has memory there, and no
 * frame so low is ever allocated (mm/frames.h).
 */
enum { TRAMPOLINE = 0x8000 };

/*
 * boot/entry.S: the code that is copied to that page; and the stack and the function with which the processor goes on
 * in 64-bit mode.
 */
extern const char boot_trampoline[], boot_trampoline_end[];
extern uintptr_t boot_stack;
extern void (*boot_function)(uintptr_t);

/* The processor that is being started: one at a time. */
static struct {
        unsigned index;
        bool online;
} starting;

/* Returns where the stack ends. */
static uintptr_t make_stack(unsigned cpu, const char *purpose, size_t size)
{
        char name[REGION_NAME_SIZE];
        format(name, sizeof name, "cpu %u, %s", cpu, purpose);
        struct region *stack;
        if (memory_manager_allocate(name, size, PROTECT_READ | PROTECT_WRITE, WITH_GUARDS, &stack).code)
                panic("no memory for a stack of cpu %u", cpu);
        return region_range(stack).end;
}

static void make_trap_stacks(unsigned cpu)
{
        const uintptr_t double_fault = make_stack(cpu, "double fault", TRAP_STACK_SIZE);
        const uintptr_t nmi = make_stack(cpu, "NMI", TRAP_STACK_SIZE);
        descriptors_set_trap_stack(cpu, TRAP_STACK_DOUBLE_FAULT, double_fault);
        descriptors_set_trap_stack(cpu, TRAP_STACK_NMI, nmi);
}

/* Sets up what each processor has for itself. It runs on that processor. */
static void set_up_this_cpu(void)
{
        this_cpu()->page_table = kernel_page_table.root;
        this_cpu()->apic_id = apic_start();
}

/*
 * The first line of C of a processor that is started. Its first events leave the machine before it says that it is
 * online, since from then on others send it work, and their events must not arrive earlier.
 */
static _Noreturn void ap_main(uintptr_t)
{
        descriptors_init(starting.index);
        cpu_protect();
        set_up_this_cpu();
        trace_task_switched(0);
        trace_drain();
        __atomic_store_n(&starting.online, true, __ATOMIC_RELEASE);
        scheduler_idle(NULL);
}

static bool is_online(void)
{
        return __atomic_load_n(&starting.online, __ATOMIC_ACQUIRE);
}

/*
 * Starts one processor, as Intel's MultiProcessor Specification says: a reset, then a message that says where to begin,
 * and the same message again if nothing happens, because the reset may have swallowed the first.
 *
 * A processor that is too late is reset again, so that it cannot wake up later in memory that is used otherwise by
 * then. Its stacks are not freed: it may still be on them.
 */
static void start(uint32_t id, uint64_t second)
{
        starting.index = cpu_count;
        starting.online = false;
        make_trap_stacks(starting.index);
        boot_stack = make_stack(starting.index, "idle", STACK_SIZE);
        boot_function = ap_main;
        apic_send(id, APIC_RESET);
        holds_within(second / 100000, is_online);
        apic_send(id, APIC_START | TRAMPOLINE / PAGE_SIZE);
        if (!holds_within(second / 100, is_online))
                apic_send(id, APIC_START | TRAMPOLINE / PAGE_SIZE);
        if (holds_within(second / 2, is_online)) {
                __atomic_store_n(&cpu_count, cpu_count + 1, __ATOMIC_RELEASE);
                return;
        }
        apic_send(id, APIC_RESET);
        kprintf("The processor with APIC id %u does not start, and is left out\n", id);
}

void smp_start(uintptr_t acpi_root)
{
        const struct processors found = processors_find(acpi_root);
        apic_init(device_map(found.local_apic));
        make_trap_stacks(0);
        set_up_this_cpu();
        if (!found.count)
                kprintf("ACPI lists no processor; only the one that booted is used\n");
        if (found.count > CPUS_MOST)
                kprintf("There are %u processors; only the first %d are used\n", found.count, CPUS_MOST);
        if (found.count < 2)
                return;
        memcpy(direct_map(TRAMPOLINE), boot_trampoline, (size_t)(boot_trampoline_end - boot_trampoline));
        const uint64_t second = clock_measure(clock_counter);
        identity_map(IDENTITY_ON);
        for (unsigned i = 0; i < found.count && i < CPUS_MOST && cpu_count < CPUS_MOST; i++) {
                if (found.apic_id[i] != this_cpu()->apic_id)
                        start(found.apic_id[i], second);
        }
        identity_map(IDENTITY_OFF);
}
