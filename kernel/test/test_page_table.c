#include "arch/page_entry.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/layout.h"
#include "mm/page_table.h"
#include "test/test.h"

/* Four pages on either side of a border between two tables of level 1. */
static const struct vrange across = { 2 * LARGE_PAGE_SIZE - 4 * PAGE_SIZE, 2 * LARGE_PAGE_SIZE + 4 * PAGE_SIZE };
static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;
/* A frame for pages that are never touched; a machine with so much memory would have it. */
static const uintptr_t some_frame = 0x12345000;

static bool is_mapped(const struct page_table *table, uintptr_t address, uintptr_t frame,
                      enum protection protection)
{
        struct translation behind;

        return page_table_translate(table, address, &behind) && behind.frame == frame &&
               behind.protection == protection;
}

static bool first_in(const struct page_table *table, struct vrange range, uintptr_t *page)
{
        struct page_walk walk = { .table = table, .rest = &range };
        const bool is_there = page_table_next(&walk);

        *page = walk.page;
        return is_there;
}

static bool is_unmapped(const struct page_table *table, struct vrange range)
{
        uintptr_t page;

        return !first_in(table, range, &page);
}

static struct error map(struct page_table *table, struct vrange range, uintptr_t frame,
                        enum protection protection)
{
        for (uintptr_t page = range.base; page < range.end; page += PAGE_SIZE, frame += PAGE_SIZE)
                TRY(page_table_map(table, page, frame, protection));
        return SUCCESS;
}

/* The frames of tables are given back; those of the pages have no owner. */
static void free_tables(const struct page_batch *batch)
{
        for (unsigned i = 0; i < batch->count; i++)
                if (batch->frame[i] < some_frame)
                        frame_free(batch->frame[i]);
}

/* Yields how many frames that took out, of pages and tables. */
static size_t unmap(struct page_table *table, struct vrange range)
{
        size_t taken = 0;

        while (!vrange_is_empty(range)) {
                struct page_batch batch = { 0 };

                range.base = page_table_unmap(table, range, &batch);
                free_tables(&batch);
                taken += batch.count;
        }
        return taken;
}

TEST(page_table_maps_translates_and_unmaps_across_tables)
{
        struct page_table table = { 0 };
        size_t free;

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        free = free_frames();
        CHECK_OK(map(&table, across, some_frame, read_write));
        CHECK(free_frames() == free - 4);         /* tables: one of level 3, one of level 2, two of level 1 */
        for (size_t i = 0; i < vrange_size(across); i += PAGE_SIZE)
                CHECK(is_mapped(&table, across.base + i + 5, some_frame + i, read_write));
        unmap(&table, across);
        CHECK(is_unmapped(&table, across));
        CHECK(free_frames() == free);
        frame_free(table.root);
}

TEST(page_table_map_that_fails_at_any_frame_changes_nothing)
{
        struct page_table table = { 0 };

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        for (size_t n = 0; n < 3; n++) {
                size_t free = free_frames();

                frames_fail_after(n);
                CHECK_ERROR(page_table_map(&table, across.base, some_frame, read_write), NO_MEMORY);
                frames_fail_after(FAIL_NEVER);
                CHECK(free_frames() == free);
                CHECK(is_unmapped(&table, across));
        }
        frame_free(table.root);
}

TEST(page_table_map_refuses_a_page_that_is_mapped_and_keeps_it)
{
        struct page_table table = { 0 };

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        CHECK_OK(page_table_map(&table, across.base, some_frame, PROTECT_READ));
        CHECK_ERROR(page_table_map(&table, across.base, 0, read_write), OVERLAP);
        CHECK(is_mapped(&table, across.base, some_frame, PROTECT_READ));
        unmap(&table, across);
        frame_free(table.root);
}

TEST(page_table_exchange_changes_one_page_and_no_other)
{
        const uintptr_t page = across.base + PAGE_SIZE;
        struct page_table table = { 0 };

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        CHECK_OK(map(&table, across, some_frame, read_write));
        page_table_exchange(&table, page, some_frame, PROTECT_READ | PROTECT_EXECUTE);
        CHECK(is_mapped(&table, page, some_frame, PROTECT_READ | PROTECT_EXECUTE));
        page_table_exchange(&table, page, some_frame + PAGE_SIZE, PROTECT_NONE);
        CHECK(is_mapped(&table, page, some_frame + PAGE_SIZE, PROTECT_NONE));
        CHECK(is_mapped(&table, page - PAGE_SIZE, some_frame, read_write));
        CHECK(is_mapped(&table, page + PAGE_SIZE, some_frame + 2 * PAGE_SIZE, read_write));
        unmap(&table, across);
        frame_free(table.root);
}

TEST(page_table_finds_the_first_page_of_a_range_and_none_beyond_it)
{
        const uintptr_t low = across.end - PAGE_SIZE, high = 3 * page_entry_span(PAGE_TABLE_LEVELS) + low;
        struct page_table table = { 0 };
        uintptr_t page;

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        CHECK_OK(page_table_map(&table, low, some_frame, PROTECT_READ));
        CHECK_OK(page_table_map(&table, high, some_frame, PROTECT_NONE));
        CHECK(first_in(&table, (struct vrange){ 0, USER_END }, &page) && page == low);
        CHECK(first_in(&table, (struct vrange){ low, low + PAGE_SIZE }, &page) && page == low);
        CHECK(first_in(&table, (struct vrange){ low + PAGE_SIZE, USER_END }, &page) && page == high);
        CHECK(is_unmapped(&table, (struct vrange){ 0, low }));
        CHECK(is_unmapped(&table, (struct vrange){ low + PAGE_SIZE, high }));
        CHECK(is_unmapped(&table, (struct vrange){ high + PAGE_SIZE, USER_END }));
        unmap(&table, (struct vrange){ 0, USER_END });
        frame_free(table.root);
}

/* How many of the first three pages from each number on lie in a range. The numbers ascend; no page counts twice. */
static size_t first_pages_in(struct vrange range, const uintptr_t first[], size_t count)
{
        uintptr_t next = 0;
        size_t found = 0;

        for (size_t i = 0; i < count; i++) {
                for (uintptr_t page = first[i]; page < first[i] + 3; page++) {
                        found += page >= next && vrange_contains(range, page * PAGE_SIZE);
                        next = page >= next ? page + 1 : next;
                }
        }
        return found;
}

TEST(page_table_counts_its_pages_and_walks_those_of_any_range)
{
        static const uintptr_t first[] = { 0, 510, 512, 1000, 262143, 262144, 134217727, 134217728 };
        enum { BORDERS = sizeof first / sizeof *first };
        const size_t free = free_frames();
        struct page_table table = { 0 };
        size_t pages = 0;

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        for (size_t i = 0; i < BORDERS; i++) {
                for (uintptr_t page = first[i]; page < first[i] + 3; page++)
                        pages += !page_table_map(&table, page * PAGE_SIZE, some_frame, PROTECT_READ).code;
        }
        CHECK(table.pages == pages);
        for (size_t i = 0; i < BORDERS; i++) {
                for (size_t j = i; j < BORDERS; j++) {
                        struct vrange range = { (first[i] + 1) * PAGE_SIZE, (first[j] + 2) * PAGE_SIZE }, rest = range;
                        size_t walked = 0;

                        while (!vrange_is_empty(rest)) {
                                struct page_walk walk = { .table = &table, .rest = &rest };

                                while (page_table_next(&walk))
                                        walked++;
                        }
                        CHECK(walked == first_pages_in(range, first, BORDERS));
                }
        }
        unmap(&table, (struct vrange){ 511 * PAGE_SIZE, 1001 * PAGE_SIZE });
        CHECK(table.pages == pages - 5);
        unmap(&table, (struct vrange){ 0, USER_END });
        CHECK(table.pages == 0);
        frame_free(table.root);
        CHECK(free_frames() == free);
}

TEST(page_table_refuses_writing_and_executing_together_and_ragged_pages)
{
        struct page_table table = { 0 };

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        CHECK_ERROR(page_table_map(&table, across.base, some_frame, read_write | PROTECT_EXECUTE), BAD_ARGUMENT);
        CHECK_ERROR(page_table_map(&table, across.base + 1, some_frame, read_write), BAD_ARGUMENT);
        CHECK(is_unmapped(&table, across));
        frame_free(table.root);
}

TEST(page_table_shows_the_frame_that_the_direct_map_shows)
{
        const uintptr_t address = 0xffffd00000000000;
        struct vrange page = { address, address + PAGE_SIZE };
        uintptr_t frame;

        CHECK_OK(frame_allocate(PURPOSE_TEST, &frame));
        CHECK_OK(page_table_map(&kernel_page_table, page.base, frame, read_write));
        *(volatile uint64_t *)address = 0x1122334455667788;
        CHECK(*(uint64_t *)direct_map(frame) == 0x1122334455667788);
        page_table_drop(&kernel_page_table, page);
}

/* More pages and more tables than a batch holds. */
TEST(page_table_unmap_goes_on_where_a_batch_was_full)
{
        const struct vrange many = { across.base, across.base + 200 * PAGE_SIZE };
        struct page_batch batch = { 0 };
        struct page_table table = { 0 };
        uintptr_t reached;
        size_t free;

        CHECK_OK(frame_allocate(PURPOSE_PAGE_TABLE, &table.root));
        free = free_frames();
        CHECK_OK(map(&table, many, some_frame, read_write));
        reached = page_table_unmap(&table, many, &batch);
        CHECK(reached > many.base && reached < many.end);
        CHECK(batch.count <= PAGE_BATCH_SIZE);
        CHECK(is_mapped(&table, reached, some_frame + (reached - many.base), read_write));
        CHECK(is_unmapped(&table, (struct vrange){ many.base, reached }));
        free_tables(&batch);
        CHECK(unmap(&table, many) + batch.count == 200 + 4);
        for (size_t i = 0; i < 100; i++)
                CHECK_OK(page_table_map(&table, i << 30, some_frame, read_write));
        CHECK(unmap(&table, (struct vrange){ 0, (size_t)1 << 40 }) == 100 + 100 + 100 + 1);
        CHECK(free_frames() == free);
        frame_free(table.root);
}
