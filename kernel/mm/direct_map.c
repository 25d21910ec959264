#include "mm/direct_map.h"
#include "arch/cpu.h"
#include "mm/frames.h"
#include "mm/kernel_page_table.h"

static page_entry first_pd[PAGE_TABLE_ENTRIES] __attribute__((aligned(PAGE_SIZE)));

/* From the beginning of .text to the beginning of .data, in whole large pages: boot/kernel.ld sees to that. */
static const struct vrange read_only = { 1 * LARGE_PAGE_SIZE, 3 * LARGE_PAGE_SIZE };

static page_entry show(uintptr_t physical)
{
        const page_entry rights = vrange_contains(read_only, physical) ? 0 : PAGE_WRITE;
        return physical | PAGE_PRESENT | PAGE_LARGE | PAGE_NO_EXECUTE | rights;
}

void direct_map_begin(void)
{
        for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++)
                first_pd[i] = show(i * LARGE_PAGE_SIZE);
        direct_pdpt[0] = image_physical(first_pd) | PAGE_PRESENT | PAGE_WRITE;
}

static bool holds_memory(const struct vrange *memory, size_t count, struct vrange range)
{
        for (size_t i = 0; i < count; i++) {
                if (vrange_overlaps(memory[i], range))
                        return true;
        }
        return false;
}

/* Shows what there is of one GiB, the one that `slot` of the table of level 3 stands for. */
static struct error complete_slot(const struct vrange *memory, size_t count, unsigned slot)
{
        if (!direct_pdpt[slot]) {
                uintptr_t frame;
                TRY(frame_allocate(PURPOSE_PAGE_TABLE, &frame));
                direct_pdpt[slot] = frame | PAGE_PRESENT | PAGE_WRITE;
        }
        page_entry *table = direct_map(direct_pdpt[slot] & PAGE_FRAME);
        for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++) {
                const uintptr_t base = slot * page_entry_span(3) + i * LARGE_PAGE_SIZE;
                const struct vrange range = { base, base + LARGE_PAGE_SIZE };
                table[i] = holds_memory(memory, count, range) ? show(base) : 0;
        }
        return SUCCESS;
}

struct error direct_map_complete(const struct vrange *memory, size_t count)
{
        for (unsigned slot = 0; slot < PAGE_TABLE_ENTRIES; slot++) {
                const uintptr_t base = slot * page_entry_span(3);
                if (holds_memory(memory, count, (struct vrange){ base, base + page_entry_span(3) }))
                        TRY(complete_slot(memory, count, slot));
        }
        cpu_set_page_table(cpu_page_table());
        return SUCCESS;
}

const void *direct_map_find(uintptr_t physical, size_t size)
{
        struct vrange range;
        const bool is_mapped = vrange_make(&range, physical, size) && range.end <= DIRECT_MAP_END - DIRECT_MAP_BASE &&
                               memory_is_readable(DIRECT_MAP_BASE + range.base) &&
                               memory_is_readable(DIRECT_MAP_BASE + range.end - 1);
        return is_mapped ? direct_map(physical) : NULL;
}
