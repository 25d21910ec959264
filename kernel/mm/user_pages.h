/*
 * The pages behind an address space. A region says what may be used; a page and its frame come to be when it is used
 * first (mm/page_fault.h), and go when its region does. The caller holds the lock of the space that has the table.
 *
 * Private pages are shared too, after a fork, until one of those who have them writes: "copy-on-write". While anyone
 * else has a frame its private pages cannot be written, whatever their region allows.
 *
 * No page is ever writable and executable. Where a region allows both, its pages can be written and not executed: a
 * program that makes code writes it first and then asks for read and execute. In the host build these do nothing.
 */
#pragma once

#include "lib/vocabulary/address_space.h"
#include "mm/page_table.h"
#include "mm/region.h"

/* A page table without a page, that shows the kernel's half as all others do. NO_MEMORY. */
struct error user_pages_create(struct page_table *out);

/* Gives back the table itself. All its pages have been dropped. */
void user_pages_destroy(const struct page_table *table);

/* Gives back the frames of a range, which may have had none. O(pages there are + tables passed over). */
void user_pages_drop(const struct page_table *table, struct vrange range);

/* Lets the pages there are in a region allow what the region does. They keep their bytes. Cost as for drop. */
void user_pages_protect(const struct page_table *table, const struct region *region);

/*
 * Puts what `from` has in a range behind the same pages of `to`, but so that nobody can write there; after that
 * user_pages_protect() does so for `from`. NO_MEMORY: then some of it has been shared. Cost as for drop.
 */
struct error user_pages_share(const struct page_table *from, const struct page_table *to, struct vrange range);

/* How many pages of a range have a frame. Cost as for drop. */
size_t user_pages_count(const struct page_table *table, struct vrange range);

/* Makes a page ready for an access that its region allows. Says how, and, if a frame was put there, which. */
enum fault_verdict user_pages_touch(const struct page_table *table, const struct region *region, uintptr_t page,
                                    enum access access, uintptr_t *frame);

/*
 * Writes to addresses of one region, whatever its protection: into the shared frame of shared memory, else into a frame
 * that nobody else has. NO_MEMORY: then some of it has been written.
 */
struct error user_pages_write(const struct page_table *table, const struct region *region, uintptr_t address,
                              const void *bytes, size_t size);
