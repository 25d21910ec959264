/*
 * What every floor of the kernel may call, although it is defined on a higher one, or not in the kernel at all.
 *
 * The kernel is built in floors, each of which includes only those below: lib, arch, trace, sync, mm, task, and boot
 * with test on top. A lower floor that needs something of a higher one is handed it when the machine starts, or gets it
 * as an argument. The functions below are the exception. They must work from the first instruction on, before anything
 * can be handed over; so they are found by the linker. kernel/test/floors.t checks that there are no others.
 *
 * The host build (test/host/host_env.c), the programs (user/lib/) and the tools supply those that they use.
 */
#pragma once

#include "lib/types.h"

struct error;
struct trap_frame;

/* Called by assert(): prints what is wrong, where, and at which trace event, and ends the machine (boot/panic.c). */
__attribute__((format(printf, 4, 5)))
_Noreturn void assertion_failed(const char *expression, const char *file, int line, const char *pattern, ...);

/* Ends a kernel that cannot go on; boot/panic.h describes what it prints (boot/panic.c). */
__attribute__((format(printf, 1, 2)))
_Noreturn void panic(const char *pattern, ...);

/* Called by FAIL() for every error, at the moment when it is raised. The kernel traces it (trace/kernel_trace.c). */
void error_raised(struct error error);

/*
 * Where the text of kprintf() goes. One call's text stays together: it takes the lock of the console, the last one in
 * the order of locks (task/console.c). O(length), and the wait for the UART.
 */
void console_write(const char *text, size_t length);

/*
 * Whether the kernel may read the word at this address. A backtrace follows no other pointers (mm/kernel_page_table.c).
 */
bool memory_is_readable(uintptr_t address);

/* Called by arch/trap_entry.S for every trap. The registers are what the frame then holds (boot/trap_handle.c). */
void trap_handle(struct trap_frame *frame);

/*
 * The compiler puts the guard below the return address of each function that has an array, and calls the function if it
 * finds it changed at the end. The guard must be set by a function that never returns (boot/panic.c).
 */
extern uintptr_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);
