/*
 * Ways to panic on purpose, so that a test outside the machine can look at what the console and the trace then say.
 */
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "boot/panic.h"
#include "boot/smp.h"
#include "lib/assert.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/memory_manager.h"
#include "mm/page_fault.h"
#include "sync/spinlock.h"
#include "test/test.h"

static void write_to(uintptr_t address)
{
        *(volatile char *)address = 1;
}

static void fault(void)
{
        write_to(0x1000);
}

static void write_code(void)
{
        write_to((uintptr_t)kernel_text_start);
}

/* The page is there, and the kernel may write: but it is a program's. */
static void user_memory(void)
{
        const struct mapping mapping = {
                .size = PAGE_SIZE, .protection = PROTECT_READ | PROTECT_WRITE, .where = MAP_ANYWHERE,
        };
        struct address_space *space;
        uintptr_t page;

        if (address_space_create("user", (struct vrange){ USER_BASE, USER_END }, 1, &space).code ||
            address_space_map(space, &mapping, &page).code)
                return;
        page_fault_resolve(space, page, ACCESS_WRITE);
        cpu_set_page_table(address_space_root(space));
        write_to(page);
}

static void execute_data(void)
{
        static char data[] = "\xc3";

        ((void (*)(void))(uintptr_t)data)();
}

static void guard(void)
{
        struct region *region;

        if (!memory_manager_allocate("guarded", PAGE_SIZE, PROTECT_READ | PROTECT_WRITE, WITH_GUARDS, &region).code)
                write_to(region_range(region).end);
}

static void overflow_stack(void)
{
        volatile char much[1024] = { 1 };

        if (much[0])
                overflow_stack();
        much[1] = 1;
}

static void invalid(void)
{
        __asm__ volatile("ud2");
}

static void interrupt(void)
{
        __asm__ volatile("int $0x80");
}

/*
 * No panic: without a table of gates the trap cannot be taken, nor the faults that follow from that, and the processor
 * resets the machine. Nothing can be said any more.
 */
static void reset(void)
{
        static const struct __attribute__((packed)) {
                uint16_t limit;
                uint64_t base;
        } no_gates;

        __asm__ volatile("lidt %0; ud2" : : "m"(no_gates));
}

static void fail_assertion(void)
{
        unsigned two = 2;

        assert(two + two == 5, "two is %u", two);
}

static void free_twice(void)
{
        void *block = kmalloc(64, PURPOSE_TEST), *other = kmalloc(64, PURPOSE_TEST);

        kfree(block);
        kfree(block);
        kfree(other);
}

static struct spinlock outer = SPINLOCK(LOCK_TEST), inner = SPINLOCK(LOCK_TEST_INNER);

static void lock_order(void)
{
        spinlock_acquire(&outer);
        spinlock_acquire(&inner);
        spinlock_release(&inner);
        spinlock_release(&outer);
        spinlock_acquire(&inner);
        spinlock_acquire(&outer);
        spinlock_release(&outer);
        spinlock_release(&inner);
}

static void wait_long(void)
{
        spinlock_acquire(&outer);
        spinlock_release(&outer);
        outer.holder = CPUS_MOST;               /* as if another processor had it */
        spinlocks_set_test_handler(NULL, 1000);
        spinlock_acquire(&outer);
        spinlock_release(&outer);
}

/* The console's lock is held then. */
static void fault_in_console(void)
{
        console_write((const char *)0x1000, 1);
}

static void plain(void)
{
        panic("on purpose");
}

static void nested(void)
{
        panic("%s", (const char *)0x10);
}

/* Writes zeroes beyond an array, from there on to where the function returns to. */
static void overrun(void)
{
        volatile char array[8];
        volatile char *volatile byte = array;

        for (int i = 0; i < 64; i++)
                byte[i] = 0;
}

static void panic_in_call(void *unused)
{
        (void)unused;
        panic("on purpose, on cpu %u", this_cpu_index());
}

/*
 * This one raises errors with interrupts off, so that it takes an NMI to stop it, and shows if none has. Returns if
 * there is no other processor.
 */
static void other_cpu(void)
{
        if (cpu_count == 1)
                return;
        smp_call(cpu_count - 1, panic_in_call, NULL);
        for (;;) {
                error_ignore(FAIL(TIMED_OUT));
                cpu_relax();
        }
}

static void all_cpus(void)
{
        for (unsigned cpu = 1; cpu < cpu_count; cpu++)
                smp_call(cpu, panic_in_call, NULL);
        panic_in_call(NULL);
}

static const struct {
        const char *name;
        void (*go)(void);
} ways[] = {
        { "fault", fault },
        { "write-code", write_code },
        { "user-memory", user_memory },
        { "execute-data", execute_data },
        { "guard", guard },
        { "stack", overflow_stack },
        { "invalid", invalid },
        { "interrupt", interrupt },
        { "reset", reset },
        { "assert", fail_assertion },
        { "double-free", free_twice },
        { "lock-order", lock_order },
        { "long-wait", wait_long },
        { "console", fault_in_console },
        { "plain", plain },
        { "nested", nested },
        { "overrun", overrun },
        { "other-cpu", other_cpu },
        { "all-cpus", all_cpus },
};

enum verdict test_panic(const char *way)
{
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                if (!strcmp(ways[i].name, way))
                        ways[i].go();
        }
        kprintf("test-panic=%s: no such way. There are:", way);
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
                kprintf(" %s", ways[i].name);
        kprintf("\n");
        return VERDICT_FAILED;
}
