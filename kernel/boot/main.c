/*
 * The kernel from its first line of C to the last: what there is to set up, in the order in which each part needs
 * the ones before it, then what the command line asks for.
 */
#include "arch/entropy.h"
#include "arch/this_cpu.h"
#include "arch/uart.h"
#include "arch/virtio_serial.h"
#include "boot/boot_info.h"
#include "boot/options.h"
#include "boot/run_end.h"
#include "boot/smp.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kernel_page_table.h"
#include "mm/keyframe.h"
#include "mm/kmalloc.h"
#include "mm/memory_manager.h"
#include "mm/pause.h"
#include "mm/tlb.h"
#include "task/initrd.h"
#include "task/process.h"
#include "task/scheduler.h"
#include "trace/choice.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"
#include "trace/line.h"

static struct boot_info boot;
static struct boot_options options;

_Noreturn void kernel_main(uintptr_t start_info);

/* Panics if one of the steps without which the kernel cannot go on has failed. */
static void check_ok(struct error error, const char *what)
{
        if (error.code)
                panic("cannot %s: %s (%s:%u)", what, error_meaning((enum error_code)error.code),
                      __start_file_names + error.file, error.line);
}

static bool option_is(enum boot_option option, const char *wanted)
{
        return options.value[option] && !strcmp(options.value[option], wanted);
}

/* Begins the stream, and moves it to a virtio serial port where there is one. */
static void start_trace(void)
{
        trace_start(kernel_text_start, (size_t)(kernel_text_end - kernel_text_start),
                    option_is(OPTION_TRACE_MODE, "discard") ? TRACE_DISCARD : TRACE_LOSSLESS);
        if (option_is(OPTION_TRANSPORT, "uart"))
                return;
        if (!line_start_virtio(device_map) && option_is(OPTION_TRANSPORT, "virtio"))
                panic("transport=virtio, but there is no virtio serial port named " VIRTIO_SERIAL_NAME);
}

/* What everything after it depends on. */
static void apply_settings(void)
{
        uint64_t seconds, seed, event;
        unsigned cpu;
        process_wait_for_left_behind = options.value[OPTION_WAIT_ALL];
        if (boot_event_number(options.value[OPTION_PAUSE], &cpu, &event))
                gate_pause_at(cpu, event);
        if (boot_number(options.value[OPTION_TIME_LIMIT], &seconds))
                run_limit(seconds);
        entropy_init(boot_number(options.value[OPTION_SEED], &seed) ? &seed : NULL);
        if (boot_number(options.value[OPTION_SCHEDULE], &seed))
                choice_points_begin(seed);
}

/* Work on an address space is finished even by a thread that was killed meanwhile: it cannot stay half done. */
static void pause_work(void)
{
        error_ignore(thread_preemption_point());
}

static _Noreturn void main_on_its_stack(void *)
{
        check_ok(scheduler_init(), "make threads");
        pause_hook = pause_work;
        smp_start(boot.acpi);
        keyframe_send();

        run_end(boot_options_run(&options));
}

void kernel_main(uintptr_t start_info)
{
        uart_init(UART_CONSOLE);
        uart_init(UART_TRACE);
        direct_map_begin();
        descriptors_init(0);
        cpu_protect();
        identity_map(IDENTITY_OFF);
        gate_wait_hook = tlb_serve;

        const struct error boot_info_error = boot_info_read(&boot, start_info);
        boot_options_read(&options, &boot);
        start_trace();
        check_ok(boot_info_error, "read what the loader left");
        apply_settings();
        __stack_chk_guard = entropy_draw();
        check_ok(frames_init(boot.memory, boot.memory_count, boot.initrd), "find memory");
        check_ok(direct_map_complete(boot.memory, boot.memory_count), "map all memory");
        memory_manager_init();
        check_ok(kmalloc_init(), "reserve the heap");
        initrd = (struct cpio){ direct_map(boot.initrd.base), vrange_size(boot.initrd) };
        kprintf("Understory: %zu frames free, command line \"", frames_free_count());
        console_write(boot.command_line, strlen(boot.command_line));    /* kprintf() might cut it */
        kprintf("\"\n");

        struct region *stack;
        check_ok(memory_manager_allocate("main stack", 8 * PAGE_SIZE, PROTECT_READ | PROTECT_WRITE, WITH_GUARDS,
                                         &stack), "make a stack");
        cpu_run_on_stack(region_range(stack).end, main_on_its_stack, NULL);
}
