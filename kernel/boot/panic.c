#include "boot/panic.h"
#include "arch/backtrace.h"
#include "arch/machine_exit.h"
#include "arch/this_cpu.h"
#include "arch/traps.h"
#include "boot/smp.h"
#include "lib/printf.h"
#include "lib/symbols.h"
#include "sync/lock_order.h"
#include "sync/spinlock.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"

enum { MESSAGE_SIZE = 256, BACKTRACE_MOST = 32 };

static void print_registers(const struct trap_frame *frame)
{
        kprintf("  rax %016lx  rbx %016lx  rcx %016lx  rdx %016lx\n", frame->rax, frame->rbx, frame->rcx, frame->rdx);
        kprintf("  rsi %016lx  rdi %016lx  rbp %016lx  rsp %016lx\n", frame->rsi, frame->rdi, frame->rbp, frame->rsp);
        kprintf("  r8  %016lx  r9  %016lx  r10 %016lx  r11 %016lx\n", frame->r8, frame->r9, frame->r10, frame->r11);
        kprintf("  r12 %016lx  r13 %016lx  r14 %016lx  r15 %016lx\n", frame->r12, frame->r13, frame->r14, frame->r15);
        kprintf("  rip %016lx  cs  %016lx  ss  %016lx  flg %016lx\n", frame->rip, frame->cs, frame->ss, frame->rflags);
        kprintf("  cr2 %016lx  cr3 %016lx\n", cpu_fault_address(), cpu_page_table());
}

/*
 * A function that calls no other may have no frame; then its return address lies on top of the stack. The same is so
 * after a call to an address that is not code. Any other word there is not printed, unless it is the address of code.
 */
static void print_caller_on_top(const struct trap_frame *frame)
{
        if (frame->rsp % sizeof(uintptr_t) || !memory_is_readable(frame->rsp))
                return;
        const uintptr_t top = *(const uintptr_t *)frame->rsp;
        if (symbol_find(top - 1))
                backtrace_print_place(top, top - 1);
}

static _Noreturn void end(const char *message)
{
        trace_panic(message);
        machine_exit(VERDICT_FAILED);
}

/*
 * Stops the other processors, prints the report and ends the machine. A panic inside a panic prints only its message;
 * one inside that only exits. `trap` is the trap that caused the panic, or NULL; the backtrace begins at a frame
 * pointer.
 */
static _Noreturn void report(const struct trap_frame *trap, const void *frame_pointer, const char *pattern,
                             va_list arguments)
{
        static int depth;
        char message[MESSAGE_SIZE];
        uintptr_t places[BACKTRACE_MOST];
        gate_open_for_good();
        if (!spinlocks_bust()) {                /* another processor is in a panic */
                __atomic_store_n(&this_cpu()->stopped, true, __ATOMIC_RELEASE);
                cpu_halt_forever();
        }
        if (++depth == 1)
                smp_stop_others_at_once();
        if (depth > 2)
                machine_exit(VERDICT_FAILED);
        format_list(message, sizeof message, pattern, arguments);
        kprintf("\nPANIC%s: %s\n", depth > 1 ? " inside a panic" : "", message);
        if (depth > 1)
                end(message);
        if (trace_event_number())
                kprintf("after trace event %lu\n", trace_event_number());
        if (trap)
                print_registers(trap);
        kprintf("how it got here, the newest first:\n");
        if (trap) {
                backtrace_print_place(trap->rip, trap->rip);
                print_caller_on_top(trap);
        }
        backtrace_print(places, backtrace_take(frame_pointer, places, BACKTRACE_MOST));
        lock_order_explain();
        end(message);
}

void panic(const char *pattern, ...)
{
        va_list arguments;
        va_start(arguments, pattern);
        report(NULL, __builtin_frame_address(0), pattern, arguments);
}

void panic_at(const struct trap_frame *frame, const char *pattern, ...)
{
        va_list arguments;
        va_start(arguments, pattern);
        report(frame, (const void *)frame->rbp, pattern, arguments);
}

void assertion_failed(const char *expression, const char *file, int line, const char *pattern, ...)
{
        char values[MESSAGE_SIZE];
        va_list arguments;
        va_start(arguments, pattern);
        format_list(values, sizeof values, pattern, arguments);
        va_end(arguments);
        panic("%s:%d: assertion failed: %s%s", file, line, expression, values);
}

uintptr_t __stack_chk_guard;

void __stack_chk_fail(void)
{
        panic("something was written beyond the end of an array on the stack");
}
