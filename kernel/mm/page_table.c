#include "mm/page_table.h"
#include "lib/assert.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kernel_page_table.h"
#include "mm/tlb.h"

struct page_table kernel_page_table = { .root = (uintptr_t)kernel_pml4 - KERNEL_BASE };

static page_entry *entries_in(uintptr_t table)
{
        return direct_map(table & PAGE_FRAME);
}

/* The bits of an entry for a protection. Every right includes reading: entries have no bit for it. */
static page_entry rights(enum protection protection)
{
        return (protection ? PAGE_PRESENT : 0) | (protection & PROTECT_WRITE ? PAGE_WRITE : 0) |
               (protection & PROTECT_EXECUTE ? 0 : PAGE_NO_EXECUTE);
}

/* The lower half of all addresses is for programs. A program needs this bit in the entries of all levels. */
static page_entry user_bit(uintptr_t address)
{
        return address < USER_END ? PAGE_USER : 0;
}

/* Walks to the entry for an address: that of its page or large page, or an empty one where a table is missing. */
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
                        *entry = frame | PAGE_PRESENT | PAGE_WRITE | user_bit(address);
                }
                entries = entries_in(*entry);
        }
        *out = &entries[page_entry_index(address, 1)];
        return SUCCESS;
}

static bool is_empty(uintptr_t table)
{
        const page_entry *entries = entries_in(table);
        unsigned i = 0;

        while (i < PAGE_TABLE_ENTRIES && !entries[i])
                i++;
        return i == PAGE_TABLE_ENTRIES;
}

/* The part of a range that its first entry in a table of this level is responsible for. */
static struct vrange first_part(struct vrange range, int level)
{
        const uintptr_t span = page_entry_span(level), size = span - (range.base & (span - 1));
        return (struct vrange){ range.base, size < vrange_size(range) ? range.base + size : range.end };
}

/*
 * Takes out the part of `range` that a table of this level is responsible for, and the tables below it that are then
 * empty, until the step is over. Yields how far it came.
 */
static uintptr_t take_out(uintptr_t table, int level, struct vrange range, struct page_batch *batch)
{
        page_entry *entries = entries_in(table);
        for (struct vrange part; !vrange_is_empty(range); range.base = part.end) {
                page_entry *entry = &entries[page_entry_index(range.base, level)];
                part = first_part(range, level);
                batch->entries++;
                if (!*entry)
                        continue;
                assert(level == 1 || !(*entry & PAGE_LARGE), "0x%lx lies in a large page", range.base);
                if (batch->entries >= PAGE_TABLE_STEP || batch->count + PAGE_TABLE_LEVELS > PAGE_BATCH_SIZE)
                        return range.base;      /* it might not hold another page with every table above it */
                if (level > 1) {
                        const uintptr_t reached = take_out(*entry, level - 1, part, batch);
                        if (reached < part.end)
                                return reached;
                        batch->entries += PAGE_TABLE_ENTRIES;
                        if (!is_empty(*entry))
                                continue;
                } else {
                        batch->pages++;
                }
                batch->frame[batch->count++] = *entry & PAGE_FRAME;
                *entry = 0;
        }
        return range.end;
}

uintptr_t page_table_unmap(struct page_table *table, struct vrange range, struct page_batch *batch)
{
        assert(vrange_is_page_aligned(range));
        const uintptr_t reached = take_out(table->root, PAGE_TABLE_LEVELS, range, batch);
        table->pages -= batch->pages;
        return reached;
}

void page_table_drop_step(struct page_table *table, struct vrange *range)
{
        struct page_batch batch = { 0 };
        const uintptr_t reached = page_table_unmap(table, *range, &batch);
        if (batch.count)
                tlb_flush(table, (struct vrange){ range->base, reached });
        for (unsigned i = 0; i < batch.count; i++)
                frame_free(batch.frame[i]);
        range->base = reached;
}

void page_table_drop(struct page_table *table, struct vrange range)
{
        while (!vrange_is_empty(range))
                page_table_drop_step(table, &range);
}

void page_table_exchange(const struct page_table *table, uintptr_t page, uintptr_t frame, enum protection protection)
{
        int level;
        assert(!(protection & PROTECT_WRITE && protection & PROTECT_EXECUTE));
        *find_entry(table, page, &level) = frame | rights(protection) | user_bit(page);
}

struct error page_table_map(struct page_table *table, uintptr_t page, uintptr_t frame, enum protection allowed)
{
        page_entry *entry;
        if (page % PAGE_SIZE || (allowed & PROTECT_WRITE && allowed & PROTECT_EXECUTE))
                return FAIL(BAD_ARGUMENT);
        TRY_OR(make_entry(table, page, &entry), page_table_drop(table, (struct vrange){ page, page + PAGE_SIZE }));
        if (*entry)
                return FAIL(OVERLAP);
        *entry = frame | rights(allowed) | user_bit(page);
        table->pages++;
        return SUCCESS;
}

static enum protection protection_of(page_entry entry)
{
        if (!(entry & PAGE_PRESENT))
                return PROTECT_NONE;
        return PROTECT_READ | (entry & PAGE_WRITE ? PROTECT_WRITE : 0) |
               (entry & PAGE_NO_EXECUTE ? 0 : PROTECT_EXECUTE);
}

bool page_table_translate(const struct page_table *table, uintptr_t address, struct translation *out)
{
        int level;
        const page_entry *entry = find_entry(table, address, &level);
        if (!*entry)
                return false;
        out->frame = (*entry & PAGE_FRAME) + (address % page_entry_span(level) & ~(PAGE_SIZE - 1));
        out->protection = protection_of(*entry);
        return true;
}

/*
 * The entry of the lowest page of a range in a table of this level and those below; NULL if there is none. Each table
 * is looked through along its entries: walking down from the root for every one takes four times as long.
 */
static const page_entry *find_first(struct page_walk *walk, uintptr_t table, int level, struct vrange range)
{
        const page_entry *entries = entries_in(table);
        for (; !vrange_is_empty(range); range.base = first_part(range, level).end) {
                const page_entry *entry = &entries[page_entry_index(range.base, level)];
                walk->entries++;
                if (!*entry)
                        continue;
                if (level > 1 && !(*entry & PAGE_LARGE))
                        entry = find_first(walk, *entry, level - 1, first_part(range, level));
                else
                        walk->page = range.base;
                if (entry)
                        return entry;
        }
        return NULL;
}

bool page_table_next(struct page_walk *walk)
{
        if (walk->pages == PAGE_BATCH_SIZE || walk->entries >= PAGE_TABLE_STEP)
                return false;
        const page_entry *entry = find_first(walk, walk->table->root, PAGE_TABLE_LEVELS, *walk->rest);
        walk->pages++;
        walk->rest->base = entry ? walk->page + PAGE_SIZE : walk->rest->end;
        if (entry)
                walk->translation = (struct translation){ *entry & PAGE_FRAME, protection_of(*entry) };
        return entry;
}
