/*
 * The kernel from its first line of C to the last: what there is to set up, in the order in which each part needs
 * the ones before it, then what the command line asks for.
 */
#include "arch/cpu.h"
#include "arch/descriptors.h"
#include "arch/machine_exit.h"
#include "arch/panic.h"
#include "arch/uart.h"
#include "boot/boot_info.h"
#include "boot/initrd.h"
#include "boot/page_tables.h"
#include "lib/error.h"
#include "lib/printf.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/memory_manager.h"
#include "task/process.h"
#include "task/script.h"
#include "test/test.h"
#include "trace/kernel_trace.h"
#include "trace/keyframe.h"

enum { MAIN_STACK_SIZE = 8 * PAGE_SIZE, TRAP_STACK_SIZE = 2 * PAGE_SIZE };

static struct boot_info boot;

_Noreturn void kernel_main(uintptr_t start_info);

/* Without this the kernel cannot go on. */
static void must(struct error error, const char *what)
{
        if (error.code)
                panic("cannot %s: %s (%s:%u)", what, error_meaning((enum error_code)error.code),
                      __start_file_names + error.file, error.line);
}

/* --- what the command line asks for ----------------------------------------------------------------------- */

static enum verdict run_script(const char *name)
{
        struct cpio_file file;

        if (initrd_find(name, &file))
                return script_run(file.name, file.bytes, file.size);
        kprintf("run=%s: the initial ramdisk has no such file. It has:\n", name);
        initrd_list();
        return VERDICT_FAILED;
}

static enum verdict say_what_there_is(void)
{
        kprintf("Nothing to do. The command line (QEMU: -append) may ask for:\n"
                "  run=NAME         run an op script of the initial ramdisk\n"
                "  exec=NAME        run a program of the initial ramdisk\n"
                "  exec=NAME:WORD   likewise, and give it a word, or the file of that name\n"
                "  test             run every test case\n"
                "  test=WORD        run those with WORD in their names\n"
                "  test-panic=WAY   end in a panic; without a way, say which there are\n");
        return VERDICT_PASSED;
}

static enum verdict do_what_is_asked(void)
{
        char value[BOOT_OPTION_SIZE];

        if (boot_option(&boot, "run", value))
                return run_script(value);
        if (boot_option(&boot, "exec", value))
                return process_execute(value);
        if (boot_option(&boot, "test", value))
                return test_run_all(value);
        if (boot_option(&boot, "test-panic", value))
                return test_panic(value);
        return say_what_there_is();
}

/* --- from the first line to the last ---------------------------------------------------------------------- */

static uintptr_t make_stack(const char *name, size_t size)
{
        struct region *stack;

        must(memory_manager_allocate(name, size, PROTECT_READ | PROTECT_WRITE, WITH_GUARDS, &stack),
             "make a stack");
        return region_range(stack).end;
}

static _Noreturn void main_on_its_stack(void *unused)
{
        enum verdict verdict;

        (void)unused;
        descriptors_set_trap_stack(TRAP_STACK_DOUBLE_FAULT, make_stack("double fault stack", TRAP_STACK_SIZE));
        descriptors_set_trap_stack(TRAP_STACK_NMI, make_stack("NMI stack", TRAP_STACK_SIZE));
        keyframe_send();

        verdict = do_what_is_asked();
        trace_finish(verdict);
        uart_drain(UART_CONSOLE);
        machine_exit(verdict);
}

void kernel_main(uintptr_t start_info)
{
        uart_init(UART_CONSOLE);
        uart_init(UART_TRACE);
        direct_map_begin();
        descriptors_init();
        cpu_protect();
        drop_identity_map();
        trace_start();

        must(boot_info_read(&boot, start_info), "read what the loader left");
        must(frames_init(&boot), "find memory");
        must(direct_map_complete(&boot), "map all memory");
        memory_manager_init();
        initrd_init(boot.initrd);
        kprintf("Understory: %zu frames free, command line \"%s\"\n", frames_free_count(), boot.command_line);

        cpu_run_on_stack(make_stack("main stack", MAIN_STACK_SIZE), main_on_its_stack, NULL);
}
