/*
 * The pages of an address space. A region says what may be used; a page gets its frame when it is touched for the first
 * time (mm/page_fault.h), and loses it when its region goes. The caller holds the lock of the space that has the table.
 *
 * Private pages are shared too, after a fork, until one of those who have them writes: "copy-on-write". While a frame
 * has another owner, no private page of it can be written, whatever its region allows.
 *
 * No page is ever writable and executable. Where a region allows both, its pages can be written and not executed: a
 * program that makes code writes it first and then asks for read and execute.
 *
 * What concerns a range is done in steps of bounded time (mm/page_table.h), so that the caller can give back its lock
 * in between. A step gets what is left of the range, and updates it; an empty range is done:
 *
 *      struct vrange rest = range;
 *
 *      while (!vrange_is_empty(rest)) {
 *              user_pages_drop_step(table, &rest);
 *              ... give back the lock and take it again ...
 *      }
 *
 * Everything else is O(levels of the table), or O(1). In the host build these functions do nothing.
 */
#pragma once

#include "lib/vocabulary/address_space.h"
#include "mm/page_table.h"
#include "mm/region.h"

/*
 * A page table without a page, that maps the kernel's half as all others do. NO_MEMORY. When all its pages have been
 * dropped, only the frame of its root is left to be freed.
 */
struct error user_pages_create(struct page_table *out);

/* One step of giving back the frames of a range. Afterwards no processor caches them. */
void user_pages_drop_step(struct page_table *table, struct vrange *rest);

/*
 * One step of letting the pages of a region allow what the region does; they keep their bytes. Yields whether any page
 * changed: then tlb_flush() must follow, once after all steps.
 */
bool user_pages_protect_step(const struct page_table *table, const struct region *region, struct vrange *rest);

/*
 * One step of mapping the pages of a range in `to` to the frames that `from` has there, but without the right to write.
 * Then user_pages_protect_step() takes that right from `from`. NO_MEMORY: then some of it has been shared.
 */
struct error user_pages_share_step(const struct page_table *from, struct page_table *to, struct vrange *rest);

/* Makes a page ready for an access that its region allows. Says how, and, if a frame was put there, which. */
enum fault_verdict user_pages_touch(struct page_table *table, const struct region *region, uintptr_t page,
                                    enum access access, uintptr_t *frame);

/*
 * Writes to addresses of one page of a region, whatever its protection: into the shared frame of shared memory,
 * otherwise into a frame that is not shared. NO_MEMORY if there is no frame for it.
 */
struct error user_pages_write(struct page_table *table, const struct region *region, uintptr_t address,
                              const void *bytes, size_t size);
