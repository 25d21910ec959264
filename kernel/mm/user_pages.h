/*
 * The pages behind the regions of an address space. A region says what may be used; a page and its frame come to be
 * when it is used first (mm/page_fault.h), and go when its region does. Every frame here belongs to the page table
 * that shows it.
 *
 * No page is ever writable and executable. Where a region allows both, its pages can be written and not executed:
 * a program that makes code writes it first and then asks for read and execute.
 *
 * In the host build there are no pages: there these functions do nothing.
 */
#pragma once

#include "lib/error.h"
#include "mm/page_table.h"

/* A page table without a page, that shows the kernel's half as all others do. NO_MEMORY. */
struct error user_pages_create(struct page_table *out);

/* Gives back the table itself. All its pages have been dropped. */
void user_pages_destroy(const struct page_table *table);

/* Gives back the frames of a range, which may have had none. O(pages there are + tables passed over). */
void user_pages_drop(const struct page_table *table, struct vrange range);

/*
 * Changes what may be done with the pages there are in a range; they keep their frames and bytes. Cost as for drop.
 */
void user_pages_protect(const struct page_table *table, struct vrange range, enum protection protection);

/* Puts a zeroed frame behind a page that has none. NO_MEMORY. */
struct error user_pages_fill(const struct page_table *table, uintptr_t page, enum protection protection,
                             uintptr_t *frame);

/*
 * Puts bytes at an address, as a loader does: pages that have no frame get one, with `protection`, which binds
 * programs and not this call. NO_MEMORY: then some of it has been written.
 */
struct error user_pages_write(const struct page_table *table, uintptr_t address, const void *bytes, size_t size,
                              enum protection protection);
