#include "arch/clock.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "test/test.h"

TEST(the_frame_freed_last_is_allocated_first)
{
        uintptr_t first, second, again, and_again;

        CHECK_OK(frame_allocate(PURPOSE_TEST, &first));
        CHECK_OK(frame_allocate(PURPOSE_TEST, &second));
        CHECK(first != second);
        frame_free(second);
        frame_free(first);
        CHECK_OK(frame_allocate(PURPOSE_TEST, &again));
        CHECK_OK(frame_allocate(PURPOSE_TEST, &and_again));
        CHECK(again == first && and_again == second);
        frame_free(again);
        frame_free(and_again);
}

TEST(frames_are_zeroed_even_when_they_were_used_before)
{
        uintptr_t frame, again;
        const uint64_t *words;

        CHECK_OK(frame_allocate(PURPOSE_TEST, &frame));
        memset(direct_map(frame), 0xa5, PAGE_SIZE);
        frame_free(frame);
        CHECK_OK(frame_allocate(PURPOSE_TEST, &again));
        CHECK(again == frame);
        words = direct_map(again);
        for (size_t i = 0; i < PAGE_SIZE / sizeof *words; i++)
                CHECK(words[i] == 0);
        frame_free(again);
}

TEST(frames_are_counted)
{
        size_t free = free_frames();
        uintptr_t frame;

        CHECK(free > 0 && free <= frames_total());
        CHECK_OK(frame_allocate(PURPOSE_TEST, &frame));
        CHECK(free_frames() == free - 1);
        CHECK(frame_shares(frame));
        frame_free(frame);
        CHECK(free_frames() == free);
        CHECK(!frame_shares(frame));
}

TEST(a_frame_that_is_shared_is_free_when_its_last_owner_gives_it_back)
{
        size_t free = free_frames();
        uintptr_t frame;

        CHECK_OK(frame_allocate(PURPOSE_TEST, &frame));
        CHECK(frame_shares(frame) == 1);
        frame_share(frame);
        frame_share(frame);
        CHECK(frame_shares(frame) == 3);
        frame_free(frame);
        frame_free(frame);
        CHECK(frame_shares(frame) == 1 && free_frames() == free - 1);
        frame_free(frame);
        CHECK(frame_shares(frame) == 0 && free_frames() == free);
        CHECK(frame_shares(frame + 1) == 0 && frame_shares(UINTPTR_MAX) == 0);
}

TEST(frames_run_out_with_an_error_and_come_back)
{
        size_t free = free_frames();
        uintptr_t all, one;

        /* Each one holds the address of the one before. */
        for (all = 0; !frame_allocate(PURPOSE_TEST, &one).code; all = one)
                *(uintptr_t *)direct_map(one) = all;
        CHECK(free_frames() == 0);
        for (; all; all = one) {
                one = *(uintptr_t *)direct_map(all);
                frame_free(all);
        }
        CHECK(free_frames() == free);
}

/*
 * How long it takes to allocate two frames and free them, in ticks: the shortest of some, as others may come between.
 */
static uint64_t time_of_two(void)
{
        uint64_t shortest = UINT64_MAX;

        for (int i = 0; i < 8; i++) {
                const uint64_t begin = clock_ticks();
                uintptr_t first, second;

                if (frame_allocate(PURPOSE_TEST, &first).code)
                        return UINT64_MAX;
                if (frame_allocate(PURPOSE_TEST, &second).code) {
                        frame_free(first);
                        return UINT64_MAX;
                }
                frame_free(first);
                frame_free(second);
                if (clock_ticks() - begin < shortest)
                        shortest = clock_ticks() - begin;
        }
        return shortest;
}

/*
 * Of all frames only the first and the last that were allocated are free: a search would have to go far for the second.
 */
TEST(a_frame_is_allocated_as_fast_when_hardly_any_is_free)
{
        const uint64_t fast = time_of_two();
        uintptr_t first, last = 0, all = 0, one;
        uint64_t slow;

        CHECK_OK(frame_allocate(PURPOSE_TEST, &first));
        while (!frame_allocate(PURPOSE_TEST, &one).code) {
                if (last) {
                        *(uintptr_t *)direct_map(last) = all;
                        all = last;
                }
                last = one;
        }
        frame_free(first);
        frame_free(last);
        slow = time_of_two();
        for (; all; all = one) {
                one = *(uintptr_t *)direct_map(all);
                frame_free(all);
        }
        CHECK(slow < 4 * fast);
}

TEST(the_kernel_itself_is_in_no_free_frame)
{
        for (uintptr_t frame = 0; frame < image_physical(kernel_image_end); frame += PAGE_SIZE)
                CHECK(frame_shares(frame));
}
