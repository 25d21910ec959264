#include "mm/page_table.h"
#include "lib/assert.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kernel_page_table.h"
#include "mm/tlb.h"

const struct page_table kernel_page_table = { .root = (uintptr_t)kernel_pml4 - KERNEL_BASE };

static page_entry *entries_in(uintptr_t table)
{
        return direct_map(table & PAGE_FRAME);
}

/* Every right implies that of reading: the processor knows no other way. */
static page_entry rights(enum protection protection)
{
        return (protection ? PAGE_PRESENT : 0) | (protection & PROTECT_WRITE ? PAGE_WRITE : 0) |
               (protection & PROTECT_EXECUTE ? 0 : PAGE_NO_EXECUTE);
}

/* What lies in the lower half of the address space is for programs; a table lets through what its entries allow. */
static page_entry audience(uintptr_t address)
{
        return address < USER_END ? PAGE_USER : 0;
}

/* The entry that decides about an address: that of its page or large page, or an empty one where a table is missing. */
static page_entry *find_entry(const struct page_table *table, uintptr_t address, int *level)
{
        page_entry *entries = entries_in(table->root);
        for (*level = PAGE_TABLE_LEVELS;; --*level) {
                page_entry *entry = &entries[page_entry_index(address, *level)];
                if (*level == 1 || *entry & PAGE_LARGE || !*entry)
                        return entry;
                entries = entries_in(*entry);
        }
}

/* The entry of level 1 for an address. Adds missing tables; when it fails, those it added so far stay, empty. */
static struct error make_entry(const struct page_table *table, uintptr_t address, page_entry **out)
{
        page_entry *entries = entries_in(table->root);
        for (int level = PAGE_TABLE_LEVELS; level > 1; level--) {
                page_entry *entry = &entries[page_entry_index(address, level)];
                if (!*entry) {
                        uintptr_t frame;
                        TRY(frame_allocate(PURPOSE_PAGE_TABLE, &frame));
                        *entry = frame | PAGE_PRESENT | PAGE_WRITE | audience(address);
                }
                entries = entries_in(*entry);
        }
        *out = &entries[page_entry_index(address, 1)];
        return SUCCESS;
}

static bool is_empty(const page_entry *entries)
{
        unsigned i = 0;
        while (i < PAGE_TABLE_ENTRIES && !entries[i])
                i++;
        return i == PAGE_TABLE_ENTRIES;
}

/* What the first entry that a range meets shows of it. */
static struct vrange first_part(struct vrange range, int level)
{
        const uintptr_t span = page_entry_span(level), size = span - (range.base & (span - 1));
        return (struct vrange){ range.base, size < vrange_size(range) ? range.base + size : range.end };
}

/*
 * Takes out the part of `range` that a table of this level shows, and the tables below that are then empty, while the
 * batch has room for a page and every table above it. Yields how far it came.
 */
static uintptr_t take_out(page_entry *entries, int level, struct vrange range, struct page_batch *batch)
{
        while (!vrange_is_empty(range)) {
                page_entry *entry = &entries[page_entry_index(range.base, level)];
                const struct vrange part = first_part(range, level);
                assert(level == 1 || !(*entry & PAGE_LARGE), "0x%lx lies in a large page", range.base);
                if (*entry && batch->count + PAGE_TABLE_LEVELS > PAGE_BATCH_SIZE)
                        return range.base;
                if (*entry && level > 1) {
                        const uintptr_t reached = take_out(entries_in(*entry), level - 1, part, batch);
                        if (reached < part.end)
                                return reached;
                }
                if (*entry && (level == 1 || is_empty(entries_in(*entry)))) {
                        batch->frame[batch->count++] = *entry & PAGE_FRAME;
                        *entry = 0;
                }
                range.base = part.end;
        }
        return range.end;
}

uintptr_t page_table_unmap(const struct page_table *table, struct vrange range, struct page_batch *batch)
{
        assert(vrange_is_page_aligned(range));
        return take_out(entries_in(table->root), PAGE_TABLE_LEVELS, range, batch);
}

void page_table_drop(const struct page_table *table, struct vrange range)
{
        while (!vrange_is_empty(range)) {
                struct page_batch batch = { 0 };
                const uintptr_t reached = page_table_unmap(table, range, &batch);
                if (batch.count)
                        tlb_forget(table, (struct vrange){ range.base, reached });
                for (unsigned i = 0; i < batch.count; i++)
                        frame_free(batch.frame[i]);
                range.base = reached;
        }
}

void page_table_exchange(const struct page_table *table, uintptr_t page, uintptr_t frame, enum protection protection)
{
        int level;
        assert(!(protection & PROTECT_WRITE && protection & PROTECT_EXECUTE));
        *find_entry(table, page, &level) = frame | rights(protection) | audience(page);
}

struct error page_table_map(const struct page_table *table, uintptr_t page, uintptr_t frame, enum protection allowed)
{
        page_entry *entry;
        if (page % PAGE_SIZE || (allowed & PROTECT_WRITE && allowed & PROTECT_EXECUTE))
                return FAIL(BAD_ARGUMENT);
        TRY_OR(make_entry(table, page, &entry), page_table_drop(table, (struct vrange){ page, page + PAGE_SIZE }));
        if (*entry)
                return FAIL(OVERLAP);
        *entry = frame | rights(allowed) | audience(page);
        return SUCCESS;
}

bool page_table_translate(const struct page_table *table, uintptr_t address, struct translation *out)
{
        int level;
        const page_entry *entry = find_entry(table, address, &level);
        if (!*entry)
                return false;
        out->frame = (*entry & PAGE_FRAME) + (address % page_entry_span(level) & ~(PAGE_SIZE - 1));
        out->protection = PROTECT_NONE;
        if (*entry & PAGE_PRESENT)
                out->protection = PROTECT_READ | (*entry & PAGE_WRITE ? PROTECT_WRITE : 0) |
                                  (*entry & PAGE_NO_EXECUTE ? 0 : PROTECT_EXECUTE);
        return true;
}

/* What is in a table is looked through along it: to come down from the root for each entry takes four times as long. */
static bool find_first(const page_entry *entries, int level, struct vrange range, uintptr_t *page)
{
        for (; !vrange_is_empty(range); range.base = first_part(range, level).end) {
                const page_entry entry = entries[page_entry_index(range.base, level)];
                *page = range.base;
                if (entry && (level == 1 || entry & PAGE_LARGE ||
                              find_first(entries_in(entry), level - 1, first_part(range, level), page)))
                        return true;
        }
        return false;
}

bool page_table_first_in(const struct page_table *table, struct vrange range, uintptr_t *page)
{
        return find_first(entries_in(table->root), PAGE_TABLE_LEVELS, range, page);
}
