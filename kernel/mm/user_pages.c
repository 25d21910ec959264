#include "mm/user_pages.h"
#include "boot/page_tables.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"

/*
 * The kernel's half is shared, table by table. Its entries of level 4 no longer change once the main stack is there:
 * what the memory manager maps lies in the same 512 GiB, the first of its range.
 */
struct error user_pages_create(struct page_table *out)
{
        enum { KERNEL_HALF = PAGE_TABLE_ENTRIES / 2 };
        page_entry *entries;

        TRY(frame_allocate(PURPOSE_PAGE_TABLE, &out->root));
        entries = direct_map(out->root);
        memcpy(entries + KERNEL_HALF, kernel_pml4 + KERNEL_HALF, KERNEL_HALF * sizeof *entries);
        return SUCCESS;
}

void user_pages_destroy(const struct page_table *table)
{
        frame_free(table->root);
}

static enum protection without_both(enum protection protection)
{
        return protection & PROTECT_WRITE ? protection & ~PROTECT_EXECUTE : protection;
}

/*
 * The lowest page of the range that has a frame, which the range then no longer holds; false if none has. A space may
 * be for addresses of the kernel's half (an op script can ask for that): what shows there is not the space's.
 */
static bool take_next(const struct page_table *table, struct vrange *range, struct vrange *page,
                      struct translation *behind)
{
        if (range->end > USER_END)
                range->end = USER_END;
        if (!page_table_first_in(table, *range, &page->base) || !page_table_translate(table, page->base, behind))
                return false;
        page->end = range->base = page->base + PAGE_SIZE;
        return true;
}

void user_pages_drop(const struct page_table *table, struct vrange range)
{
        struct translation behind;
        struct vrange page;

        while (take_next(table, &range, &page, &behind)) {
                page_table_unmap(table, page);
                frame_free(behind.frame);
        }
}

void user_pages_protect(const struct page_table *table, struct vrange range, enum protection protection)
{
        struct translation behind;
        struct vrange page;

        while (take_next(table, &range, &page, &behind))
                error_ignore(page_table_protect(table, page, without_both(protection)));       /* it has a frame */
}

struct error user_pages_fill(const struct page_table *table, uintptr_t page, enum protection protection,
                             uintptr_t *frame)
{
        struct error error;

        TRY(frame_allocate(PURPOSE_USER_PAGE, frame));
        error = page_table_map(table, (struct vrange){ page, page + PAGE_SIZE }, *frame, without_both(protection));
        if (error.code)
                frame_free(*frame);
        return error;
}

struct error user_pages_write(const struct page_table *table, uintptr_t address, const void *bytes, size_t size,
                              enum protection protection)
{
        while (size) {
                size_t offset = address % PAGE_SIZE, part = PAGE_SIZE - offset;
                struct translation behind;

                if (part > size)
                        part = size;
                if (!page_table_translate(table, address, &behind))
                        TRY(user_pages_fill(table, address - offset, protection, &behind.frame));
                memcpy((char *)direct_map(behind.frame) + offset, bytes, part);
                address += part;
                bytes = (const char *)bytes + part;
                size -= part;
        }
        return SUCCESS;
}
