#include "arch/apic.h"
#include "arch/clock.h"
#include "arch/this_cpu.h"
#include "arch/traps.h"

enum apic_register {
        ID = 0x020, END_OF_INTERRUPT = 0x0b0, SPURIOUS = 0x0f0, COMMAND = 0x300, COMMAND_TO = 0x310,
        TIMER = 0x320, LINE_0 = 0x350, LINE_1 = 0x360, TIMER_START = 0x380, TIMER_NOW = 0x390, TIMER_DIVISOR = 0x3e0,
};
enum { SOFTWARE_ENABLED = 1 << 8 };             /* in SPURIOUS */
enum { MASKED = 1 << 16, PERIODIC = 1 << 17 };  /* in TIMER and LINE_0 */
enum { DIVIDE_BY_16 = 3 };                      /* in TIMER_DIVISOR */
enum { UNDER_WAY = 1 << 12, ASSERTED = 1 << 14 };       /* in COMMAND */

enum { LEGACY_MASK_0 = 0x21, LEGACY_MASK_1 = 0xa1, LEGACY_ALL = 0xff };

static volatile uint32_t *registers;
static uint32_t tick;                           /* what the timer counts down from */

static uint32_t read(enum apic_register number)
{
        return registers[number / sizeof *registers];
}

static void write(enum apic_register number, uint32_t value)
{
        registers[number / sizeof *registers] = value;
}

static void enable(void)
{
        write(SPURIOUS, SOFTWARE_ENABLED | TRAP_SPURIOUS);
        write(LINE_0, MASKED);
        write(LINE_1, APIC_NMI);                /* QEMU's command nmi: a kernel that hangs panics, and so shows where */
        write(TIMER_DIVISOR, DIVIDE_BY_16);
}

static uint64_t timer_counted(void)
{
        return UINT32_MAX - read(TIMER_NOW);
}

void apic_init(volatile void *mapped)
{
        port_write8(LEGACY_MASK_0, LEGACY_ALL);
        port_write8(LEGACY_MASK_1, LEGACY_ALL);
        registers = mapped;
        enable();
        write(TIMER, MASKED);
        write(TIMER_START, UINT32_MAX);
        tick = (uint32_t)(clock_measure(timer_counted) * APIC_TICK_MS / 1000);
}

uint32_t apic_start(void)
{
        enable();
        write(TIMER, PERIODIC | TRAP_TIMER);
        write(TIMER_START, tick);
        return read(ID) >> 24;
}

struct apic_timer apic_hold_timer(void)
{
        if (!tick)
                return (struct apic_timer){ .left = 0 };
        const struct apic_timer timer = { read(TIMER), read(TIMER_NOW) };
        write(TIMER, timer.mode | MASKED);
        return timer;
}

void apic_release_timer(struct apic_timer timer)
{
        if (!tick)
                return;
        write(TIMER, timer.mode);
        write(TIMER_START, timer.left);
}

void apic_renew_timer(void)
{
        if (read(TIMER_START) != tick)
                write(TIMER_START, tick);
}

void apic_end_of_interrupt(void)
{
        write(END_OF_INTERRUPT, 0);
}

void apic_send(uint32_t to, uint32_t message)
{
        while (read(COMMAND) & UNDER_WAY)
                cpu_relax();
        write(COMMAND_TO, to << 24);
        write(COMMAND, message | ASSERTED);
}

void cpu_wake(unsigned cpu)
{
        apic_send(cpus[cpu].apic_id, TRAP_WAKE);
}
