/*
 * A page table: which frame stands behind each page, and what may be done with it.
 *
 * Pages of 4,096 bytes only; the large pages of the direct map and of the kernel's image are found, never changed.
 * Those of the lower half are for programs, those of the upper half for the kernel alone. No page is ever writable and
 * executable. A page without any right keeps its frame. Tables come from frames (PURPOSE_PAGE_TABLE) and are given back
 * as soon as they are empty. A call that fails has changed nothing.
 *
 * Whoever has a page table owns the frames behind its pages and holds the lock that guards it. Processors remember what
 * they read in a table: what was taken out of one may be freed, and a right is gone, only after tlb_forget()
 * (mm/tlb.h).
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/protection.h"
#include "lib/vrange.h"

struct page_table {
        uintptr_t root;                 /* the frame of its table of level 4 */
        uint64_t space;                 /* whose it is, for the trace; 0: the kernel's, or no space's */
};

struct translation {
        uintptr_t frame;
        enum protection protection;
};

/* Frames that were taken out of a table, of pages and of tables below it alike. */
enum { PAGE_BATCH_SIZE = 64 };

struct page_batch {
        uintptr_t frame[PAGE_BATCH_SIZE];
        unsigned count;
};

/* The kernel's own, in use since the first instruction. */
extern const struct page_table kernel_page_table;

/*
 * Puts a frame behind a page. OVERLAP if it has one already, NO_MEMORY if there is no frame for a table, BAD_ARGUMENT
 * if the page is unaligned, or if both to write and to execute is allowed.
 */
struct error page_table_map(const struct page_table *table, uintptr_t page, uintptr_t frame, enum protection allowed);

/*
 * Leaves no frame behind the pages of `range`, which may have had holes, and gathers what it takes out, until the batch
 * is full. Yields how far it came: the end of the range, or where to go on with an empty batch.
 */
uintptr_t page_table_unmap(const struct page_table *table, struct vrange range, struct page_batch *batch);

/* The same for a whole range, and frees the frames, once no processor remembers them. */
void page_table_drop(const struct page_table *table, struct vrange range);

/* Puts `frame` behind a page that has one. Processors may still remember the one before, and its rights. */
void page_table_exchange(const struct page_table *table, uintptr_t page, uintptr_t frame, enum protection protection);

/* What stands behind an address; false if nothing does. */
bool page_table_translate(const struct page_table *table, uintptr_t address, struct translation *out);

/* The lowest page of `range` that has a frame; false if none has. What a missing table would show is passed over. */
bool page_table_first_in(const struct page_table *table, struct vrange range, uintptr_t *page);
