/*
 * A page table: which frame stands behind each page, and what may be done with it.
 *
 * Pages of 4,096 bytes only; the large pages of the direct map and of the kernel's image are found, never changed.
 * Those of the lower half are for programs, those of the upper half for the kernel alone. No page is ever writable
 * and executable. A page without any right keeps its frame. Tables come from frames (PURPOSE_PAGE_TABLE) and are
 * given back as soon as they are empty. A call that fails has changed nothing.
 *
 * Whoever has a page table owns the frames behind its pages: nothing here allocates or frees those.
 */
#pragma once

#include "lib/vrange.h"
#include "trace/vocabulary.h"

struct page_table {
        uintptr_t root;                 /* the frame of its table of level 4 */
};

struct translation {
        uintptr_t frame;
        enum protection protection;
};

/* The kernel's own, in use since the first instruction. */
extern const struct page_table kernel_page_table;

/*
 * Puts `frame` and those that follow it behind the pages of `range`. OVERLAP if a page has a frame already,
 * NO_MEMORY if there is no frame for a table, BAD_ARGUMENT if the range is unaligned or `protection` allows both
 * writing and executing.
 */
struct error page_table_map(const struct page_table *table, struct vrange range, uintptr_t frame,
                            enum protection protection);

/* Leaves no frame behind the pages of `range`, which may have had holes. */
void page_table_unmap(const struct page_table *table, struct vrange range);

/* Changes what may be done with all pages of `range`. NOT_FOUND if one has no frame; BAD_ARGUMENT as for map. */
struct error page_table_protect(const struct page_table *table, struct vrange range, enum protection protection);

/* What stands behind an address; false if nothing does. */
bool page_table_translate(const struct page_table *table, uintptr_t address, struct translation *out);

/*
 * The lowest page of `range` that has a frame; false if none has. Empty tables' worth of pages are passed over at
 * once.
 */
bool page_table_first_in(const struct page_table *table, struct vrange range, uintptr_t *page);
