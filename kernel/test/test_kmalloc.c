#include "lib/string.h"
#include "lib/vrange.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/memory_manager.h"
#include "test/test.h"

enum { MANY = 300 };

static const size_t sizes[] = { 1, 15, 16, 17, 63, 64, 65, 100, 192, 200, 1000, 1024, 1025, KMALLOC_MOST };
enum { SIZES = sizeof sizes / sizeof *sizes };

TEST(kmalloc_aligns_blocks_to_16_bytes_and_to_64_from_64_bytes_on)
{
        void *block[SIZES];

        for (size_t i = 0; i < SIZES; i++) {
                block[i] = kmalloc(sizes[i], PURPOSE_TEST);
                CHECK(block[i]);
                CHECK((uintptr_t)block[i] % (sizes[i] < 64 ? 16 : 64) == 0);
        }
        for (size_t i = 0; i < SIZES; i++)
                kfree(block[i]);
}

static bool is_all(const unsigned char *block, size_t size, unsigned char byte)
{
        for (size_t i = 0; i < size; i++) {
                if (block[i] != byte)
                        return false;
        }
        return true;
}

TEST(kmalloc_yields_zeroed_blocks_that_do_not_overlap)
{
        unsigned char *block[SIZES];

        for (int round = 0; round < 2; round++) {
                for (size_t i = 0; i < SIZES; i++) {
                        block[i] = kmalloc(sizes[i], PURPOSE_TEST);
                        CHECK(block[i] && is_all(block[i], sizes[i], 0));
                        memset(block[i], (int)i + 1, sizes[i]);
                }
                for (size_t i = 0; i < SIZES; i++) {
                        CHECK(is_all(block[i], sizes[i], (unsigned char)(i + 1)));
                        kfree(block[i]);
                }
        }
}

TEST(kmalloc_uses_freed_blocks_again)
{
        void *keep = kmalloc(100, PURPOSE_TEST), *block = kmalloc(100, PURPOSE_TEST);
        size_t free = free_frames();

        kfree(block);
        CHECK(kmalloc(100, PURPOSE_TEST) == block);
        CHECK(free_frames() == free);
        kfree(block);
        kfree(keep);
}

TEST(kmalloc_gives_its_frames_back_in_whatever_order_blocks_are_freed)
{
        static void *block[MANY];
        size_t free = free_frames();

        for (size_t i = 0; i < MANY; i++) {
                block[i] = kmalloc(100, PURPOSE_TEST);
                CHECK(block[i]);
        }
        CHECK(free_frames() < free);
        for (size_t i = 0; i < MANY; i++)
                kfree(block[i * 7 % MANY]);
        CHECK(free_frames() == free);
}

TEST(kmalloc_refuses_what_it_cannot_give)
{
        static void *block[MANY];
        size_t count = 0;

        CHECK(!kmalloc(SIZE_MAX, PURPOSE_TEST));
        CHECK(!kmalloc(KMALLOC_MOST + 1, PURPOSE_TEST));
        frames_fail_after(0);
        while (count < MANY && (block[count] = kmalloc(KMALLOC_MOST, PURPOSE_TEST)))
                count++;                        /* what is free in pages that are there */
        frames_fail_after(FAIL_NEVER);
        for (size_t i = 0; i < count; i++)
                kfree(block[i]);
        CHECK(count < MANY);
        kfree(NULL);
}

/* A page is made once, and not taken away between two blocks. */
TEST(kmalloc_keeps_a_spare_page_for_the_next_block_of_a_size)
{
        const size_t free = free_frames();
        void *first = kmalloc(KMALLOC_MOST, PURPOSE_TEST), *second;
        size_t between;

        kfree(first);
        between = frames_free_count();
        frames_fail_after(0);
        second = kmalloc(KMALLOC_MOST, PURPOSE_TEST);
        frames_fail_after(FAIL_NEVER);
        kfree(second);
        CHECK(second);
        CHECK(frames_free_count() == between);
        CHECK(free_frames() == free);
        CHECK(kmalloc_trim() == 0);
}

TEST(spare_pages_are_given_back_when_frames_run_out)
{
        uintptr_t all, one;
        size_t spares;

        for (size_t i = 0; i < SIZES; i++)
                kfree(kmalloc(sizes[i], PURPOSE_TEST));
        for (all = 0; !frame_allocate(PURPOSE_TEST, &one).code; all = one)
                *(uintptr_t *)direct_map(one) = all;
        spares = kmalloc_trim();
        for (; all; all = one) {
                one = *(uintptr_t *)direct_map(all);
                frame_free(all);
        }
        CHECK(spares == 0);
}

TEST(kmalloc_counts_blocks_and_bytes_that_are_live)
{
        const struct kmalloc_count before = kmalloc_live();
        void *small = kmalloc(65, PURPOSE_TEST), *large = kmalloc(KMALLOC_MOST, PURPOSE_TEST);
        const struct kmalloc_count between = kmalloc_live();
        struct kmalloc_count after;

        kfree(small);
        kfree(large);
        after = kmalloc_live();
        CHECK(between.blocks == before.blocks + 2 && between.bytes == before.bytes + 128 + KMALLOC_MOST);
        CHECK(after.blocks == before.blocks && after.bytes == before.bytes);
}

TEST(kmalloc_fails_at_the_request_it_is_told_to)
{
        void *block;

        kmalloc_fail_after(1);
        block = kmalloc(16, PURPOSE_TEST);
        CHECK(block && !kmalloc(16, PURPOSE_TEST) && !kmalloc(16, PURPOSE_TEST));
        kmalloc_fail_after(FAIL_NEVER);
        kfree(block);
}

TEST(the_heap_grows_through_the_memory_manager_and_takes_no_block_to_do_so)
{
        static void *block[MANY];
        const struct region *heap;
        size_t blocks;

        for (size_t i = 0; i < MANY; i++) {
                blocks = kmalloc_live().blocks;
                block[i] = kmalloc(KMALLOC_MOST, PURPOSE_TEST);
                CHECK(block[i] && kmalloc_live().blocks == blocks + 1);
        }
        heap = memory_manager_occupant((uintptr_t)block[0]);
        CHECK(heap && !strcmp(heap->name, "heap"));
        for (size_t i = 0; i < MANY; i++) {
                CHECK(memory_manager_occupant((uintptr_t)block[i]) == heap);
                kfree(block[i]);
        }
}

/* A frame takes one request; a block takes one for itself and, where the heap has no room for it, for its page. */
TEST(requests_for_blocks_and_frames_can_be_counted_as_one_sequence)
{
        void *keep = kmalloc(16, PURPOSE_TEST), *block;
        uintptr_t frame;

        for (size_t n = 0; n < 3; n++) {
                fault_injection_set(INJECT_INTO_BOTH, n);
                block = kmalloc(16, PURPOSE_TEST);
                CHECK(!block == (n < 1));
                CHECK((frame_allocate(PURPOSE_TEST, &frame).code == 0) == (n == 2));
                fault_injection_set(INJECT_INTO_BOTH, INJECT_NEVER);
                kfree(block);
                if (n == 2)
                        frame_free(frame);
        }
        kfree(keep);
}

TEST(a_block_is_refused_whichever_of_its_requests_is_and_nothing_is_lost)
{
        const struct kmalloc_count live = kmalloc_live();
        const size_t free = free_frames();
        void *block = NULL;

        for (size_t n = 0; !block; n++) {
                fault_injection_set(INJECT_INTO_BOTH, n);
                block = kmalloc(KMALLOC_MOST, PURPOSE_TEST);
                fault_injection_set(INJECT_INTO_BOTH, INJECT_NEVER);
                if (!block)
                        CHECK(free_frames() == free && kmalloc_live().bytes == live.bytes);
        }
        kfree(block);
        CHECK(free_frames() == free && kmalloc_live().blocks == live.blocks);
}
