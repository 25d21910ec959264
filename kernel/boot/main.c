/*
 * The kernel from its first line of C to the last: what there is to set up, in the order in which each part needs
 * the ones before it, then what the command line asks for.
 */
#include "arch/cpu.h"
#include "arch/entropy.h"
#include "arch/machine_exit.h"
#include "arch/this_cpu.h"
#include "arch/uart.h"
#include "boot/boot_info.h"
#include "boot/panic.h"
#include "boot/smp.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kernel_page_table.h"
#include "mm/keyframe.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/memory_manager.h"
#include "mm/tlb.h"
#include "sync/spinlock.h"
#include "task/initrd.h"
#include "task/process.h"
#include "task/scheduler.h"
#include "test/script.h"
#include "test/test.h"
#include "trace/choice.h"
#include "trace/kernel_trace.h"

static struct boot_info boot;

_Noreturn void kernel_main(uintptr_t start_info);

/* Without this the kernel cannot go on. */
static void must(struct error error, const char *what)
{
        if (error.code)
                panic("cannot %s: %s (%s:%u)", what, error_meaning((enum error_code)error.code),
                      __start_file_names + error.file, error.line);
}

static enum verdict run_script(const char *name)
{
        struct cpio_file file;
        if (initrd_find(name, &file))
                return script_run(file.name, file.bytes, file.size);
        kprintf("run=%s: the initial ramdisk has no such file. It has:\n", name);
        initrd_list();
        return VERDICT_FAILED;
}

/* What the command line may ask for. What can be carried out is, in this order; the rest says how. */
static const struct {
        const char *option;
        enum verdict (*carry_out)(const char *value);
        const char *help;
        bool is_number;
} wishes[] = {
        { "run", run_script, "run=NAME         run an op script of the initial ramdisk", false },
        { "exec", process_execute, "exec=NAME[:WORD] run a program of it, with a word, or the file of that name", false },
        { "test", test_run_all, "test[=WORD]      run every test case, or those with WORD in their names", false },
        { "test-panic", test_panic, "test-panic=WAY   end in a panic; without a way, say which there are", false },
        { "cpus", NULL, "cpus=N           use no more than N processors", true },
        { "seed", NULL, "seed=N           let chance follow from N, so that the run can be repeated", true },
        { "schedule", NULL, "schedule=N       let N decide whose turn ends where", true },
        { "trace", NULL, "trace=+lock,-tree choose what is traced, by category", false },
};
enum { WISHES = sizeof wishes / sizeof *wishes };

/* A word that nobody knows may be one mistyped, and the run another than was meant. */
static enum verdict check_words(void)
{
        enum verdict verdict = VERDICT_PASSED;
        for (const char *word = boot.command_line, *end; *word; word = *end ? end + 1 : end) {
                size_t length = 0, i = 0;
                end = strchr(word, ' ') ? strchr(word, ' ') : word + strlen(word);
                while (word + length < end && word[length] != '=')
                        length++;
                while (i < WISHES && (strncmp(word, wishes[i].option, length) || wishes[i].option[length]))
                        i++;
                uint64_t ignored;
                if (i < WISHES ? !wishes[i].is_number || boot_number(&boot, wishes[i].option, &ignored) : !length)
                        continue;
                kprintf("%.*s: no such word is known here, or it wants a number\n", (int)(end - word), word);
                verdict = VERDICT_FAILED;
        }
        return verdict;
}

static enum verdict do_what_is_asked(void)
{
        enum verdict verdict = check_words();
        bool asked = false;
        for (size_t i = 0; i < WISHES; i++) {
                char value[BOOT_OPTION_SIZE];
                if (wishes[i].carry_out && boot_option(&boot, wishes[i].option, value)) {
                        asked = true;
                        if (wishes[i].carry_out(value) != VERDICT_PASSED)
                                verdict = VERDICT_FAILED;
                }
        }
        if (!asked)
                kprintf("Nothing to do. The command line (QEMU: -append) may ask for:\n");
        for (size_t i = 0; i < WISHES && !asked; i++)
                kprintf("  %s\n", wishes[i].help);
        return verdict;
}

/* How the run is to go, which everything that follows depends on. */
static void read_settings(void)
{
        char value[BOOT_OPTION_SIZE];
        if (boot_option(&boot, "trace", value) && !trace_choose(value))
                kprintf("trace=%s: one of these is no category of events\n", value);
        uint64_t seed;
        entropy_init(boot_number(&boot, "seed", &seed) ? &seed : NULL);
        if (boot_number(&boot, "schedule", &seed))
                choice_points_begin(seed);
}

static _Noreturn void main_on_its_stack(void *)
{
        must(scheduler_init(), "make threads");
        uint64_t most;
        smp_start(&boot, boot_number(&boot, "cpus", &most) ? most : CPUS_MOST);
        keyframe_send();

        const enum verdict verdict = do_what_is_asked();
        smp_stop_others();
        trace_flush();          /* so that a reader has all that the keyframe shows before it comes */
        keyframe_send();
        trace_finish(verdict);
        uart_drain(UART_CONSOLE);
        machine_exit(verdict);
}

void kernel_main(uintptr_t start_info)
{
        uart_init(UART_CONSOLE);
        uart_init(UART_TRACE);
        direct_map_begin();
        descriptors_init(0);
        cpu_protect();
        identity_map(IDENTITY_OFF);
        spinlocks_set_wait_hook(tlb_serve);
        trace_start(kernel_text_start, (size_t)(kernel_text_end - kernel_text_start));

        must(boot_info_read(&boot, start_info), "read what the loader left");
        read_settings();
        __stack_chk_guard = entropy_draw();
        must(frames_init(boot.memory, boot.memory_count, boot.initrd), "find memory");
        must(direct_map_complete(boot.memory, boot.memory_count), "map all memory");
        memory_manager_init();
        must(kmalloc_init(), "reserve the heap");
        initrd_init(boot.initrd);
        kprintf("Understory: %zu frames free, command line \"%s\"\n", frames_free_count(), boot.command_line);

        struct region *stack;
        must(memory_manager_allocate("main stack", 8 * PAGE_SIZE, PROTECT_READ | PROTECT_WRITE, WITH_GUARDS, &stack),
             "make a stack");
        cpu_run_on_stack(region_range(stack).end, main_on_its_stack, NULL);
}
