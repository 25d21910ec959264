/*
 * Work to measure the trace by: the same operations, whatever is traced and by which line. What they took is printed on
 * the console, for kernel/test/bench/trace to read; a run with TRACE=0 does the same work and prints the same line.
 *
 *      measure: way=tree operations=100000 events=2600031 ticks=... ticks_per_second=...
 */
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "arch/uart.h"
#include "boot/smp.h"
#include "lib/error.h"
#include "lib/printf.h"
#include "lib/rng.h"
#include "lib/string.h"
#include "mm/memory_manager.h"
#include "mm/region_tree.h"
#include "test/test.h"
#include "trace/kernel_trace.h"
#include "trace/line.h"
#include "trace/trace.h"

enum { REGIONS = 1000, PLACES_LOG2 = 30 };
enum { OPERATIONS_OF_TREE = 150000, OPERATIONS_OF_EMIT = 1000000 };

/* What one processor works on, and what it has done. */
struct work {
        struct region_tree tree;
        struct rng rng;
        struct region *regions;
        uint64_t events;
        bool is_done;
};

static struct work work[CPUS_MOST];

static struct placement request_of(const struct work *mine)
{
        return (struct placement){ PAGE_SIZE, PAGE_SIZE, 0, 0, mine->tree.range };
}

/* A tree of a thousand regions with holes between them: each second page of the beginning of its range. */
static bool prepare(struct work *mine, unsigned cpu)
{
        const struct placement request = request_of(mine);

        for (unsigned i = 0; i < REGIONS; i++) {
                region_init(&mine->regions[i], "measured", PROTECT_READ);
                if (region_tree_place_specifically(&mine->tree, &mine->regions[i], &request,
                                                   mine->tree.range.base + 2 * i * PAGE_SIZE).code)
                        return false;
        }
        rng_seed(&mine->rng, cpu);
        return true;
}

/* Removes a region, and places it in the lowest hole that fits: what a program that allocates and frees asks for. */
static void work_on_tree(struct work *mine)
{
        const struct placement request = request_of(mine);

        for (unsigned i = 0; i < OPERATIONS_OF_TREE / 2; i++) {
                struct region *region = &mine->regions[rng_below(&mine->rng, REGIONS)];

                error_ignore(region_tree_remove(&mine->tree, region));
                error_ignore(region_tree_place_anywhere(&mine->tree, region, &request));
        }
}

static void work_here(void *)
{
        struct work *mine = &work[this_cpu_index()];
        const uint64_t before = trace_event_number();

        work_on_tree(mine);
        mine->events = trace_event_number() - before;
        __atomic_store_n(&mine->is_done, true, __ATOMIC_RELEASE);
}

static void print(const char *way, uint64_t operations, uint64_t events, uint64_t ticks)
{
        kprintf("measure: way=%s operations=%lu events=%lu ticks=%lu ticks_per_second=%lu\n", way, operations, events,
                ticks, clock_measure(clock_counter));
}

/* Gives each processor a tree; the regions and their memory stay until the machine ends. */
static bool prepare_all(unsigned count)
{
        for (unsigned cpu = 0; cpu < count; cpu++) {
                struct region *memory;

                if (memory_manager_allocate("measured", REGIONS * sizeof(struct region), PROTECT_READ | PROTECT_WRITE,
                                            WITHOUT_GUARDS, &memory).code)
                        return false;
                work[cpu].regions = (struct region *)region_range(memory).base;
                region_tree_init(&work[cpu].tree, (struct vrange){ PAGE_SIZE, (uintptr_t)1 << PLACES_LOG2 });
                if (!prepare(&work[cpu], cpu))
                        return false;
        }
        return true;
}

static enum verdict measure_trees(const char *way, unsigned count)
{
        uint64_t events = 0;

        if (!prepare_all(count))
                return VERDICT_FAILED;
        const uint64_t start = clock_ticks();
        for (unsigned cpu = 1; cpu < count; cpu++)
                smp_call(cpu, work_here, NULL);
        work_here(NULL);
        for (unsigned cpu = 0; cpu < count; cpu++) {
                while (!__atomic_load_n(&work[cpu].is_done, __ATOMIC_ACQUIRE))
                        cpu_relax();
                events += work[cpu].events;
        }
        trace_drain();
        print(way, (uint64_t)count * OPERATIONS_OF_TREE, events, clock_ticks() - start);
        return VERDICT_PASSED;
}

/* Events that each carry a time of their own. */
static enum verdict measure_emit(void)
{
        const uint64_t start = clock_ticks();

        for (unsigned i = 0; i < OPERATIONS_OF_EMIT; i++)
                trace_clock(i, 0);
        trace_drain();
        print("emit", OPERATIONS_OF_EMIT, OPERATIONS_OF_EMIT, clock_ticks() - start);
        return VERDICT_PASSED;
}

enum { RAW_BYTES = 200000 };

/* As fast as the UART takes bytes. Zeros are empty frames: a reader skips them. */
static enum verdict measure_uart(void)
{
        static const uint8_t zeros[256];

        if (line_transport() != TRANSPORT_UART) {
                kprintf("measure-trace=uart: this needs transport=uart, so that the bytes come between frames\n");
                return VERDICT_FAILED;
        }
        trace_drain();
        const uint64_t start = clock_ticks();
        for (unsigned sent = 0; sent < RAW_BYTES; sent += sizeof zeros)
                uart_write(UART_TRACE, zeros, sizeof zeros);
        uart_drain(UART_TRACE);
        print("uart", RAW_BYTES, 0, clock_ticks() - start);
        return VERDICT_PASSED;
}

enum verdict measure_trace(const char *way)
{
        if (!strcmp(way, "tree"))
                return measure_trees(way, 1);
        if (!strcmp(way, "tree-all"))
                return measure_trees(way, cpu_count);
        if (!strcmp(way, "emit"))
                return measure_emit();
        if (!strcmp(way, "uart"))
                return measure_uart();
        kprintf("measure-trace=%s: no such way. There are: tree tree-all emit uart\n", way);
        return VERDICT_FAILED;
}
