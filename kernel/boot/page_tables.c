/*
 * The first page tables are made by the compiler, not by code: constants that the processor can be pointed at.
 *
 *      kernel_pml4[0]   -> kernel_pdpt[0]   \
 *                                            > kernel_pd: [1] .text, [2] .rodata, [3] .data and .bss
 *      kernel_pml4[511] -> kernel_pdpt[510] /
 *      kernel_pml4[256] -> direct_pdpt      -> filled by mm/direct_map.c
 *
 * So the same rights hold at the low addresses, where the processor is when paging begins, as at the high ones.
 */
#include "boot/page_tables.h"
#include "arch/cpu.h"
#include "mm/layout.h"

#define PAGE_ALIGNED __attribute__((aligned(PAGE_SIZE)))
/* Sums, where one would expect bits to be joined by or: only sums can be left to the linker. */
#define TABLE(table) ((page_entry)(table) + (PAGE_PRESENT + PAGE_WRITE - KERNEL_BASE))
#define IMAGE(slot, rights) ((slot) * LARGE_PAGE_SIZE + (PAGE_PRESENT + PAGE_LARGE + (rights)))

/* Which 2 MiB each part of the image takes: as in boot/kernel.ld. */
enum { TEXT = 1, RODATA = 2, DATA = 3 };

static page_entry kernel_pd[PAGE_TABLE_ENTRIES] PAGE_ALIGNED = {
        [TEXT] = IMAGE(TEXT, 0),
        [RODATA] = IMAGE(RODATA, PAGE_NO_EXECUTE),
        [DATA] = IMAGE(DATA, PAGE_NO_EXECUTE + PAGE_WRITE),
};

static page_entry kernel_pdpt[PAGE_TABLE_ENTRIES] PAGE_ALIGNED = {
        [0] = TABLE(kernel_pd),
        [510] = TABLE(kernel_pd),
};

page_entry direct_pdpt[PAGE_TABLE_ENTRIES] PAGE_ALIGNED;

page_entry kernel_pml4[PAGE_TABLE_ENTRIES] PAGE_ALIGNED = {
        [0] = TABLE(kernel_pdpt),
        [256] = TABLE(direct_pdpt),
        [511] = TABLE(kernel_pdpt),
};

void drop_identity_map(void)
{
        kernel_pml4[0] = 0;
        kernel_pdpt[0] = 0;
        cpu_set_page_table(cpu_page_table());           /* forgets what was cached of it */
}
