#include "arch/apic.h"
#include "arch/this_cpu.h"
#include "arch/traps.h"
#include "arch/user_entry.h"
#include "boot/panic.h"
#include "boot/run_end.h"
#include "boot/smp.h"
#include "lib/assert.h"
#include "lib/printf.h"
#include "mm/layout.h"
#include "mm/memory_manager.h"
#include "mm/tlb.h"
#include "task/safe_point.h"
#include "task/scheduler.h"
#include "task/user_trap.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"
#include "trace/trace.h"

enum { TEXT_SIZE = 96 };

/*
 * Describes the region of kernel memory at an address: `, the guard page below "main stack"`. Empty if there is none.
 */
static void describe_owner(uintptr_t address, char text[TEXT_SIZE])
{
        const struct region *region = memory_manager_occupant(address);
        if (!region)
                text[0] = 0;
        else if (vrange_contains(region_range(region), address))
                format(text, TEXT_SIZE, ", in \"%s\"", region->name);
        else
                format(text, TEXT_SIZE, ", the guard page %s \"%s\"",
                       address < region_range(region).base ? "below" : "above", region->name);
}

/*
 * Interrupts arrive only in ring 3 and at two instructions of the kernel (arch/trap_entry.S). The end of the
 * interrupt is traced before the tick may switch threads, because the rest of this function runs only when the thread's
 * turn comes again. QEMU under -icount runs one processor until it pauses: so each tick pauses.
 *
 * A preemption point takes one interrupt and goes on. With interrupts on, it might meet the next tick before its next
 * instruction, and so on after every tick, since each pause makes other processors run until then.
 */
static void interrupt(struct trap_frame *frame)
{
        const bool in_window = frame->rip == (uintptr_t)cpu_interrupt_window;
        assert(frame->cs == SELECTOR_USER_CODE || frame->rip == (uintptr_t)cpu_wait_end || in_window,
               "vector %lu at 0x%lx", frame->vector, frame->rip);
        if (in_window)
                frame->rflags &= ~(uint64_t)CPU_FLAG_INTERRUPTS;
        if (frame->vector == TRAP_SPURIOUS)
                return;
        trace_interrupt_begin(frame->vector);
        apic_end_of_interrupt();
        if (frame->vector == TRAP_SHOOTDOWN)
                tlb_serve();
        if (frame->vector == TRAP_CALL)
                smp_answer();
        trace_interrupt_end(frame->vector);
        if (frame->vector == TRAP_TIMER) {
                apic_renew_timer();
                trace_tick();
                if (!in_window) {
                        if (this_cpu_index() == 0)
                                run_end_if_late();
                        safe_point(KEYFRAME_IF_DUE);
                        cpu_relax();
                }
                scheduler_tick();
        }
}

/* Traps that no program causes, even if they strike while one runs. */
static bool is_of_machine(uint64_t vector)
{
        return vector == TRAP_NMI || vector == TRAP_DOUBLE_FAULT || vector == TRAP_MACHINE_CHECK;
}

static _Noreturn void panic_page_fault(const struct trap_frame *frame)
{
        const char *why = frame->error & FAULT_RESERVED ? "its page table entry is damaged" :
                          frame->error & FAULT_PRESENT ? "the page does not allow it" : "nothing is mapped there";
        char owner[TEXT_SIZE];
        describe_owner(cpu_fault_address(), owner);
        panic_at(frame, "page fault: tried to %s 0x%lx%s: %s", access_word(trap_access(frame->error)),
                 cpu_fault_address(), owner, why);
}

/*
 * A stack that overflows reaches its guard page. The page fault then cannot push its frame, and becomes a double fault,
 * which has a stack of its own. What overflowed lies just below the stack pointer.
 */
static _Noreturn void panic_at_trap(const struct trap_frame *frame)
{
        char owner[TEXT_SIZE];
        if (frame->vector == TRAP_PAGE_FAULT)
                panic_page_fault(frame);
        if (frame->vector == TRAP_DOUBLE_FAULT) {
                describe_owner(frame->rsp - sizeof frame->rsp, owner);
                panic_at(frame, "double fault: the stack pointer is 0x%lx%s", frame->rsp, owner);
        }
        if (!trap_name(frame->vector))
                panic_at(frame, "unexpected interrupt %lu", frame->vector);
        if (frame->error)
                panic_at(frame, "%s, error code 0x%lx", trap_name(frame->vector), frame->error);
        panic_at(frame, "%s", trap_name(frame->vector));
}

/*
 * A page fault of the kernel at user memory is allowed: user_copy() is the only place where the kernel touches it. A
 * fault of that instruction at a kernel address is a fault of the kernel like any other.
 */
void trap_handle(struct trap_frame *frame)
{
        const uint64_t vector = frame->vector;
        const bool of_program = frame->cs == SELECTOR_USER_CODE;
        const bool is_interrupt = vector == TRAP_TIMER || vector == TRAP_WAKE || vector == TRAP_CALL ||
                                  vector == TRAP_SHOOTDOWN || vector == TRAP_SPURIOUS;
        const bool is_at_user_memory = vector == TRAP_PAGE_FAULT && frame->rip == (uintptr_t)user_copy_access &&
                                       cpu_fault_address() < USER_END;
        assert(!(cpu_flags() & (CPU_FLAG_INTERRUPTS | CPU_FLAG_AC)), "flags 0x%lx", cpu_flags());
        if (!is_of_machine(vector))
                gate_at_entry();
        if (is_interrupt)
                interrupt(frame);
        else if (of_program && vector == TRAP_SYSTEM_CALL)
                user_system_call(frame);
        else if (of_program && trap_name(vector) && !is_of_machine(vector))
                user_trap(frame);
        else if (!is_at_user_memory)
                panic_at_trap(frame);
        else if (!user_fault_in_kernel(cpu_fault_address(), trap_access(frame->error)))
                frame->rip = (uintptr_t)user_copy_failed;
        if (of_program)
                user_trap_return();
}
