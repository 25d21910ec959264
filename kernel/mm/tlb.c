#include "mm/tlb.h"
#include "arch/apic.h"
#include "arch/this_cpu.h"
#include "arch/traps.h"
#include "mm/page_table.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

enum { PAGES_FLUSHED_SINGLY = 32 };     /* if there are more, flushing the whole TLB takes less time */

static struct spinlock lock = SPINLOCK(LOCK_SHOOTDOWN);

/* The request under way: what to flush, and a bit for each processor that has not yet. Written under the lock. */
static struct vrange wanted;
static uint32_t pending;

static void flush(struct vrange range)
{
        if (vrange_size(range) > PAGES_FLUSHED_SINGLY * PAGE_SIZE)
                cpu_set_page_table(cpu_page_table());
        else
                for (uintptr_t page = range.base; page < range.end; page += PAGE_SIZE)
                        cpu_flush_page(page);
}

void tlb_serve(void)
{
        const uint32_t me = (uint32_t)1 << this_cpu_index();
        if (!(__atomic_load_n(&pending, __ATOMIC_ACQUIRE) & me))
                return;
        flush(wanted);
        __atomic_fetch_and(&pending, ~me, __ATOMIC_RELEASE);
}

/*
 * A processor stores which table it uses before it reads that table; the one that flushes has changed the table before
 * it reads which processors use it. All processors see these steps in one order: so either the processor is interrupted
 * and flushes its TLB, or it reads the table as it was changed.
 */
void tlb_switch(uintptr_t root)
{
        __atomic_store_n(&this_cpu()->page_table, root, __ATOMIC_SEQ_CST);
        cpu_set_page_table(root);
}

static bool may_cache(unsigned cpu, const struct page_table *table)
{
        return table->root == kernel_page_table.root ||
               __atomic_load_n(&cpus[cpu].page_table, __ATOMIC_SEQ_CST) == table->root;
}

static unsigned flush_others(const struct page_table *table, struct vrange range) REQUIRES(lock)
{
        const unsigned count = __atomic_load_n(&cpu_count, __ATOMIC_ACQUIRE);
        unsigned interrupted = 0;
        wanted = range;
        for (unsigned cpu = 0; cpu < count; cpu++) {
                if (cpu == this_cpu_index() || !may_cache(cpu, table))
                        continue;
                __atomic_fetch_or(&pending, (uint32_t)1 << cpu, __ATOMIC_RELEASE);
                apic_send(cpus[cpu].apic_id, TRAP_SHOOTDOWN);
                interrupted++;
        }
        while (__atomic_load_n(&pending, __ATOMIC_ACQUIRE))
                cpu_relax();
        return interrupted;
}

unsigned tlb_flush(const struct page_table *table, struct vrange range)
{
        if (may_cache(this_cpu_index(), table))
                flush(range);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (__atomic_load_n(&cpu_count, __ATOMIC_ACQUIRE) == 1)
                return 0;

        const unsigned interrupted = WITH_LOCK(&lock, flush_others(table, range));
        if (interrupted)
                trace_tlb_shootdown(table->space, range.base, vrange_size(range), interrupted);
        return interrupted;
}
