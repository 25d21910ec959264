/*
 * A page table: the translation of each page to a frame, and what may be done with the page.
 *
 * Pages of 4,096 bytes only; the large pages of the direct map and of the kernel's image are found, never changed.
 * Pages of the lower half are for programs, those of the upper half for the kernel alone. No page is ever writable and
 * executable. A page without any right keeps its frame. Tables come from frames (PURPOSE_PAGE_TABLE) and are given back
 * as soon as they are empty. A call that fails has changed nothing.
 *
 * The caller of each function owns the frames of the table's pages, and must hold the lock that guards it. Processors
 * cache translations: a frame that was taken out of a table may be freed only after tlb_flush(), and a right is taken
 * away only then (mm/tlb.h).
 *
 * A range may have more pages than should be walked while a lock is held. So the calls for ranges come in steps: each
 * looks at some PAGE_TABLE_STEP entries or deals with some PAGE_BATCH_SIZE pages, and says where to go on. What is O(1)
 * or O(levels) takes at most one walk through the four levels.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/protection.h"
#include "lib/vrange.h"

struct page_table {
        uintptr_t root;                 /* the frame of its table of level 4 */
        uint64_t space;                 /* whose it is, for the trace; 0: the kernel's, or no space's */
        size_t pages;                   /* that are mapped; large pages are not counted */
};

struct translation {
        uintptr_t frame;
        enum protection protection;
};

/* How much one step does. 64 frames may be 64 pages; a page may need several thousand entries to be found. */
enum { PAGE_BATCH_SIZE = 64, PAGE_TABLE_STEP = 4096 };

/* Frames that were taken out of a table, of pages and of tables below it alike. */
struct page_batch {
        uintptr_t frame[PAGE_BATCH_SIZE];
        unsigned count;
        size_t pages;                           /* how many of them were pages */
        size_t entries;                         /* how many were looked at for that */
};

/* The kernel's own, in use since the first instruction. */
extern struct page_table kernel_page_table;

/*
 * Maps a page to a frame. OVERLAP if it is mapped already, NO_MEMORY if there is no frame for a table, BAD_ARGUMENT
 * if the page is unaligned, or if both writing and executing is allowed. O(levels).
 */
struct error page_table_map(struct page_table *table, uintptr_t page, uintptr_t frame, enum protection allowed);

/*
 * One step of unmapping the pages of `range`, which may have holes: puts the frames of pages and empty tables into the
 * batch, which is empty before, until it is full or the step is long enough. Yields how far it came: the end of the
 * range, or where to go on with another batch. The caller must call tlb_flush() and then free the frames.
 */
uintptr_t page_table_unmap(struct page_table *table, struct vrange range, struct page_batch *batch);

/* Likewise, and frees the frames, once no processor caches them; `range` becomes what is left. */
void page_table_drop_step(struct page_table *table, struct vrange *range);

/* All steps of that. O(pages and tables of the range). */
void page_table_drop(struct page_table *table, struct vrange range);

/* Maps a page that is mapped to another frame. Processors may still cache the old one, and its rights. O(levels). */
void page_table_exchange(const struct page_table *table, uintptr_t page, uintptr_t frame, enum protection protection);

/* The translation of an address; false if it is not mapped. O(levels). */
bool page_table_translate(const struct page_table *table, uintptr_t address, struct translation *out);

/*
 * A loop over the mapped pages of a range, for one step: it ends where the range does or where the step is long enough.
 * In each turn `page` is the lowest page of what was left; `rest` becomes what lies above it.
 *
 *      struct page_walk walk = { .table = table, .rest = &rest };
 *
 *      while (page_table_next(&walk))
 *              ... walk.page, walk.translation ...
 */
struct page_walk {
        const struct page_table *table;
        struct vrange *rest;
        uintptr_t page;
        struct translation translation;
        size_t pages, entries;                  /* how many were dealt with, and looked at */
};
bool page_table_next(struct page_walk *walk);
