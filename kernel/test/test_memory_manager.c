#include "lib/string.h"
#include "mm/frames.h"
#include "mm/layout.h"
#include "mm/memory_manager.h"
#include "mm/page_table.h"
#include "test/test.h"
#include "test/validate.h"

static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;

static bool is_mapped(uintptr_t address)
{
        struct translation behind;

        return page_table_translate(&kernel_page_table, address, &behind);
}

static size_t regions(void)
{
        spinlock_acquire(&memory_manager_lock);
        const size_t count = memory_manager_tree()->count;
        spinlock_release(&memory_manager_lock);
        return count;
}

static const char *broken(void)
{
        spinlock_acquire(&memory_manager_lock);
        const char *broken_rule = region_tree_validate(memory_manager_tree());
        spinlock_release(&memory_manager_lock);
        return broken_rule;
}

TEST(kernel_memory_is_mapped_zeroed_and_writable)
{
        struct region *region;
        struct vrange range;
        unsigned char *bytes;

        CHECK_OK(memory_manager_allocate("test", 3 * PAGE_SIZE + 1, read_write, WITHOUT_GUARDS, &region));
        range = region_range(region);
        bytes = (unsigned char *)range.base;
        CHECK(vrange_size(range) == 4 * PAGE_SIZE);
        for (size_t i = 0; i < vrange_size(range); i++)
                CHECK(bytes[i] == 0);
        memset(bytes, 0x5a, vrange_size(range));
        memory_manager_free(region);
        CHECK(!is_mapped(range.base) && !is_mapped(range.end - 1));
}

TEST(kernel_memory_that_was_freed_is_placed_again_in_the_lowest_hole)
{
        struct region *region[3], *again;
        uintptr_t freed;

        for (size_t i = 0; i < 3; i++)
                CHECK_OK(memory_manager_allocate("test", 2 * PAGE_SIZE, read_write, WITH_GUARDS, &region[i]));
        freed = region_range(region[1]).base;
        memory_manager_free(region[1]);
        CHECK_OK(memory_manager_allocate("again", 2 * PAGE_SIZE, read_write, WITH_GUARDS, &again));
        CHECK(region_range(again).base <= freed);
        memory_manager_free(again);
        memory_manager_free(region[2]);
        memory_manager_free(region[0]);
}

TEST(kernel_memory_has_guard_pages_that_are_not_mapped_and_where_nothing_is_placed)
{
        struct region *guarded, *next;
        struct vrange range;

        CHECK_OK(memory_manager_allocate("guarded", PAGE_SIZE, read_write, WITH_GUARDS, &guarded));
        CHECK_OK(memory_manager_allocate("next", PAGE_SIZE, read_write, WITHOUT_GUARDS, &next));
        range = region_range(guarded);
        CHECK(is_mapped(range.base));
        CHECK(!is_mapped(range.base - 1) && !is_mapped(range.end));
        CHECK(vrange_widen(&range, range, PAGE_SIZE, PAGE_SIZE));
        CHECK(!vrange_overlaps(region_range(next), range));
        CHECK(memory_manager_occupant(range.end - 1) == guarded);
        memory_manager_free(next);
        memory_manager_free(guarded);
}

TEST(the_stacks_have_guard_pages)
{
        char here;
        const struct region *stack = memory_manager_occupant((uintptr_t)&here);

        CHECK(stack);
        CHECK(is_mapped(region_range(stack).base));
        CHECK(!is_mapped(region_range(stack).base - 1) && !is_mapped(region_range(stack).end));
}

TEST(reserved_kernel_memory_has_addresses_but_no_frames)
{
        struct region *region;
        size_t free;

        CHECK_OK(region_create("reserved", PROTECT_NONE, &region));
        free = free_frames();
        CHECK_OK(memory_manager_reserve(region, (size_t)1 << 40));
        CHECK(vrange_size(region_range(region)) == (size_t)1 << 40);
        CHECK(!is_mapped(region_range(region).base));
        CHECK(free_frames() == free);
        memory_manager_free(region);
}

TEST(pages_of_a_reservation_get_frames_one_by_one_and_lose_them_again)
{
        uintptr_t first, second, third;
        const size_t free = free_frames();
        struct region *region;

        CHECK_OK(region_create("reserved", read_write, &region));
        CHECK_OK(memory_manager_reserve(region, 3 * PAGE_SIZE));
        first = region_range(region).base;
        second = first + PAGE_SIZE;
        third = second + PAGE_SIZE;
        CHECK_OK(memory_manager_back(region, first));
        CHECK_OK(memory_manager_back(region, second));
        CHECK_OK(memory_manager_back(region, third));
        CHECK_ERROR(memory_manager_back(region, third), OVERLAP);
        CHECK_ERROR(memory_manager_back(region, third + PAGE_SIZE), OUT_OF_RANGE);
        *(char *)second = 1;
        memory_manager_unback(second);
        CHECK(is_mapped(first) && !is_mapped(second) && is_mapped(third));
        CHECK_OK(memory_manager_back(region, second));
        CHECK(*(char *)second == 0);
        memory_manager_unback(second);
        frames_fail_after(0);
        CHECK_ERROR(memory_manager_back(region, second), NO_MEMORY);
        frames_fail_after(FAIL_NEVER);
        CHECK(!is_mapped(second));
        memory_manager_free(region);            /* and the frames that are left */
        CHECK(free_frames() == free);
}

/* 600 pages, so that more than one page table is needed. */
TEST(kernel_memory_is_all_or_nothing_whichever_frame_is_missing)
{
        const size_t size = 600 * PAGE_SIZE, count = regions();
        struct region *region = NULL;

        for (size_t n = 0; !region; n = n < 8 ? n + 1 : n + 97) {
                size_t free = free_frames();
                struct error error;

                frames_fail_after(n);
                error = memory_manager_allocate("all or nothing", size, read_write, WITH_GUARDS, &region);
                frames_fail_after(FAIL_NEVER);
                if (error.code) {
                        CHECK(error_is(error, ERROR_NO_MEMORY));
                        CHECK(free_frames() == free);
                        CHECK(regions() == count);
                        CHECK(!broken());
                        region = NULL;
                }
        }
        CHECK(regions() == count + 1);
        memory_manager_free(region);
        CHECK(regions() == count);
}

TEST(kernel_memory_refuses_sizes_and_rights_that_make_no_sense)
{
        struct region *region;
        size_t count = regions();

        CHECK_ERROR(memory_manager_allocate("none", 0, read_write, WITHOUT_GUARDS, &region), BAD_ARGUMENT);
        CHECK_ERROR(memory_manager_allocate("all", SIZE_MAX, read_write, WITHOUT_GUARDS, &region), NO_MEMORY);
        CHECK_ERROR(memory_manager_allocate("wx", PAGE_SIZE, read_write | PROTECT_EXECUTE, WITHOUT_GUARDS, &region),
                    BAD_ARGUMENT);
        CHECK(regions() == count);
}
