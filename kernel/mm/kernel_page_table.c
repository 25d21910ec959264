/*
 * The first page tables are made by the compiler, not by code: constants that the processor can be pointed at.
 *
 *      kernel_pml4[0]   -> kernel_pdpt[0]   \
 *                                            > kernel_pd: [1] .text, [2] .rodata, [3] .data and .bss,
 *      kernel_pml4[511] -> kernel_pdpt[510] /              [4] to [7] devices' registers, later
 *      kernel_pml4[256] -> direct_pdpt      -> filled by mm/direct_map.c
 *
 * So the same rights hold at the low addresses, where the processor is when paging begins, as at the high ones.
 */
#include "mm/kernel_page_table.h"
#include "mm/layout.h"
#include "mm/page_table.h"
#include "mm/tlb.h"

#define PAGE_ALIGNED __attribute__((aligned(PAGE_SIZE)))
/* Sums, where one would expect bits to be joined by or: only sums can be left to the linker. */
#define TABLE(table) ((page_entry)(table) + (PAGE_PRESENT + PAGE_WRITE - KERNEL_BASE))
#define IMAGE(slot, rights) ((slot) * LARGE_PAGE_SIZE + (PAGE_PRESENT + PAGE_LARGE + (rights)))

/* Which 2 MiB each part of the image takes: as in boot/kernel.ld. The next ones are for devices. */
enum { TEXT = 1, RODATA = 2, DATA = 3, DEVICES_BEGIN = 4, DEVICES_END = 8 };

static page_entry kernel_pd[PAGE_TABLE_ENTRIES] PAGE_ALIGNED = {
        [TEXT] = IMAGE(TEXT, 0),
        [RODATA] = IMAGE(RODATA, PAGE_NO_EXECUTE),
        [DATA] = IMAGE(DATA, PAGE_NO_EXECUTE + PAGE_WRITE),
};

static page_entry kernel_pdpt[PAGE_TABLE_ENTRIES] PAGE_ALIGNED = { [0] = TABLE(kernel_pd), [510] = TABLE(kernel_pd) };

page_entry direct_pdpt[PAGE_TABLE_ENTRIES] PAGE_ALIGNED;

page_entry kernel_pml4[PAGE_TABLE_ENTRIES] PAGE_ALIGNED = {
        [0] = TABLE(kernel_pdpt), [256] = TABLE(direct_pdpt), [511] = TABLE(kernel_pdpt),
};

void identity_map(enum identity wanted)
{
        kernel_pdpt[0] = wanted == IDENTITY_ON ? kernel_pdpt[510] : 0;
        kernel_pml4[0] = wanted == IDENTITY_ON ? kernel_pml4[511] : 0;
        if (wanted == IDENTITY_OFF)
                tlb_flush(&kernel_page_table, (struct vrange){ 0, page_entry_span(3) });
}

void *device_map(uintptr_t physical)
{
        const page_entry rights = PAGE_PRESENT | PAGE_LARGE | PAGE_WRITE | PAGE_UNCACHED | PAGE_NO_EXECUTE;
        const uintptr_t base = physical & ~(LARGE_PAGE_SIZE - 1);

        for (unsigned slot = DEVICES_BEGIN; slot < DEVICES_END; slot++) {
                if (!kernel_pd[slot])
                        kernel_pd[slot] = base | rights;
                if ((kernel_pd[slot] & PAGE_FRAME) == base)
                        return (void *)(KERNEL_BASE + slot * LARGE_PAGE_SIZE + (physical - base));
        }
        return NULL;
}

/* No lock is taken: a panic may hold it. */
bool memory_is_readable(uintptr_t address)
{
        struct translation translation;
        return address >= DIRECT_MAP_BASE && page_table_translate(&kernel_page_table, address, &translation) &&
               translation.protection & PROTECT_READ;
}
