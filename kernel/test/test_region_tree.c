/*
 * Every edge of placing, as pictures (test/picture.h):
 *
 *      becomes("aa..b", pages(2), ANYWHERE, 0, "aaxxb")
 *
 * lays out regions a and b, places x, two pages, in the lowest hole that fits, and looks at what became of it. The same
 * file is run in the kernel and, under sanitizers, on the host.
 */
#include "lib/printf.h"
#include "test/drawn_tree.h"
#include "test/picture.h"
#include "test/test.h"
#include "test/validate.h"

static struct placement pages(size_t count)
{
        return (struct placement){ count * PAGE_SIZE, PAGE_SIZE, 0, 0, { 0, -PAGE_SIZE } };
}

static struct placement aligned(size_t count, size_t alignment)
{
        return (struct placement){ count * PAGE_SIZE, alignment * PAGE_SIZE, 0, 0, { 0, -PAGE_SIZE } };
}

static struct placement guarded(size_t count, size_t before, size_t after)
{
        return (struct placement){
                count * PAGE_SIZE, PAGE_SIZE, before * PAGE_SIZE, after * PAGE_SIZE, { 0, -PAGE_SIZE },
        };
}

static struct placement within(size_t count, size_t base, size_t end)
{
        return (struct placement){ count * PAGE_SIZE, PAGE_SIZE, 0, 0, picture_pages(base, end) };
}

/* --- placing, as one line --------------------------------------------------------------------------------- */

enum how { ANYWHERE, AT, NEAR, AT_RANDOM };

static struct error place(struct placement request, enum how how, size_t page)
{
        struct rng rng = { 0 };

        switch (how) {
        case ANYWHERE:
                return region_tree_place_anywhere(&drawn_tree, drawn_x, &request);
        case AT:
                return region_tree_place_specifically(&drawn_tree, drawn_x, &request, picture_address(page));
        case NEAR:
                return region_tree_place_near(&drawn_tree, drawn_x, &request, picture_address(page));
        case AT_RANDOM:
                rng_seed(&rng, page);
                return region_tree_place_random(&drawn_tree, drawn_x, &request, &rng);
        }
        return SUCCESS;
}

static bool ends_as(const char *before, struct placement request, enum how how, size_t page, enum error_code code,
                    const char *after)
{
        struct error error = draw(before);
        bool right;

        if (!error.code)
                error = place(request, how, page);
        right = looks_like(after) && error_is(error, code);
        if (!error_is(error, code))
                kprintf("# expected %s, got %s\n", error_name(code), error_name((enum error_code)error.code));
        draw_nothing();
        return right;
}

static bool becomes(const char *before, struct placement request, enum how how, size_t page, const char *after)
{
        return ends_as(before, request, how, page, ERROR_OK, after);
}

/* An error leaves everything as it was. */
static bool refuses(const char *before, struct placement request, enum how how, size_t page, enum error_code code)
{
        return ends_as(before, request, how, page, code, before);
}

/* --- anywhere --------------------------------------------------------------------------------------------- */

TEST(place_takes_an_exact_fit_first_between_and_last)
{
        CHECK(becomes("..a.b.", pages(2), ANYWHERE, 0, "xxa.b."));
        CHECK(becomes(".a..b.", pages(2), ANYWHERE, 0, ".axxb."));
        CHECK(becomes(".a.b..", pages(2), ANYWHERE, 0, ".a.bxx"));
        CHECK(becomes("aa.bb", pages(1), ANYWHERE, 0, "aaxbb"));
}

TEST(place_takes_the_lowest_hole_that_fits)
{
        CHECK(becomes(".a..b...c..", pages(2), ANYWHERE, 0, ".axxb...c.."));
        CHECK(becomes(".a..b...c..", pages(3), ANYWHERE, 0, ".a..bxxxc.."));
        CHECK(becomes("........", pages(3), ANYWHERE, 0, "xxx....."));
}

TEST(place_takes_the_whole_range_and_no_more)
{
        CHECK(becomes("....", pages(4), ANYWHERE, 0, "xxxx"));
        CHECK(refuses("....", pages(5), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("aabb", pages(1), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses(".a.b.c.", pages(2), ANYWHERE, 0, ERROR_NO_MEMORY));
}

TEST(a_request_that_no_tree_could_meet_is_a_bad_argument)
{
        for (enum how how = ANYWHERE; how <= AT_RANDOM; how++) {
                struct placement zero = pages(0), ragged = pages(1), unaligned = pages(1), three = aligned(1, 3);
                struct placement half = pages(1), guard = pages(1), inverted = within(1, 4, 2), window = pages(1);

                ragged.size += 1;
                unaligned.alignment = 0;
                half.alignment = PAGE_SIZE / 2;
                guard.guard_after = 1;
                window.window.base = 1;
                CHECK(refuses("..a..", zero, how, 0, ERROR_BAD_ARGUMENT));
                CHECK(refuses("..a..", ragged, how, 0, ERROR_BAD_ARGUMENT));
                CHECK(refuses("..a..", unaligned, how, 0, ERROR_BAD_ARGUMENT));
                CHECK(refuses("..a..", three, how, 0, ERROR_BAD_ARGUMENT));
                CHECK(refuses("..a..", half, how, 0, ERROR_BAD_ARGUMENT));
                CHECK(refuses("..a..", guard, how, 0, ERROR_BAD_ARGUMENT));
                CHECK(refuses("..a..", inverted, how, 0, ERROR_BAD_ARGUMENT));
                CHECK(refuses("..a..", window, how, 0, ERROR_BAD_ARGUMENT));
        }
}

TEST(sums_that_overflow_are_refused)
{
        const size_t most = (SIZE_MAX & ~(PAGE_SIZE - 1)) / PAGE_SIZE;

        for (enum how how = ANYWHERE; how <= AT_RANDOM; how++) {
                enum error_code code = how == AT ? ERROR_OUT_OF_RANGE : ERROR_NO_MEMORY;

                CHECK(refuses("..a..", pages(most), how, 0, code));
                CHECK(refuses("..a..", guarded(1, most, 0), how, 0, code));
                CHECK(refuses("..a..", guarded(most, 0, 1), how, 0, code));
                CHECK(refuses("..a..", guarded(1, most / 2 + 1, most / 2 + 1), how, 0, code));
        }
        CHECK(refuses("..a..", aligned(most, (size_t)1 << 51), ANYWHERE, 0, ERROR_NO_MEMORY));
}

/* --- alignment -------------------------------------------------------------------------------------------- */

TEST(alignment_is_exact_and_pads_nothing)
{
        CHECK(becomes("a.......", aligned(4, 4), ANYWHERE, 0, "a...xxxx"));
        CHECK(becomes("a...b...", aligned(2, 2), ANYWHERE, 0, "a.xxb..."));
        CHECK(becomes(".a...b....", aligned(2, 8), ANYWHERE, 0, ".a...b..xx"));
        CHECK(refuses(".a...b..c.", aligned(2, 8), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("..a..", aligned(1, 2), AT, 1, ERROR_BAD_ARGUMENT));
}

TEST(alignment_larger_than_the_range_still_finds_the_one_aligned_page)
{
        CHECK(becomes("....", aligned(1, PICTURE_FIRST), ANYWHERE, 0, "x..."));
        CHECK(refuses("a...", aligned(1, PICTURE_FIRST), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("....", aligned(1, 262144), ANYWHERE, 0, ERROR_NO_MEMORY));
}

TEST(alignment_binds_the_region_and_not_its_guard)
{
        struct placement request = guarded(2, 1, 1);

        request.alignment = 4 * PAGE_SIZE;
        CHECK(becomes("........", request, ANYWHERE, 0, "...|xx|."));
        CHECK(becomes("..a|...b", guarded(1, 1, 1), ANYWHERE, 0, "..a||x|b"));
}

/* --- guards and windows ----------------------------------------------------------------------------------- */

TEST(guards_may_touch_the_ends_of_the_range_and_each_other)
{
        CHECK(becomes("....", guarded(2, 1, 1), ANYWHERE, 0, "|xx|"));
        CHECK(refuses("...", guarded(2, 1, 1), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(becomes("aa|....|b", guarded(2, 1, 1), ANYWHERE, 0, "aa||xx||b"));
        CHECK(refuses("....", guarded(1, 1, 0), AT, 0, ERROR_OUT_OF_RANGE));
        CHECK(refuses("....", guarded(1, 0, 1), AT, 3, ERROR_OUT_OF_RANGE));
        CHECK(refuses("a|..", pages(1), AT, 1, ERROR_OVERLAP));
}

TEST(a_window_clips_holes)
{
        CHECK(becomes("..........", within(2, 3, 7), ANYWHERE, 0, "...xx....."));
        CHECK(becomes("..a....b..", within(3, 0, 9), ANYWHERE, 0, "..axxx.b.."));
        CHECK(refuses("..a....b..", within(3, 0, 5), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("..a....b..", within(3, 5, 10), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("..........", within(1, 4, 4), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("..........", within(2, 4, 5), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("..........", within(2, 20, 30), ANYWHERE, 0, ERROR_NO_MEMORY));
        CHECK(refuses("..........", within(2, 4, 8), AT, 3, ERROR_OUT_OF_RANGE));
        CHECK(becomes(".a.a.a.a..", within(1, 5, 8), ANYWHERE, 0, ".a.a.axa.."));
}

/* --- specifically ----------------------------------------------------------------------------------------- */

TEST(specifically_takes_the_first_and_the_last_page)
{
        CHECK(becomes(".aa.", pages(1), AT, 0, "xaa."));
        CHECK(becomes(".aa.", pages(1), AT, 3, ".aax"));
        CHECK(refuses(".aa.", pages(2), AT, 3, ERROR_OUT_OF_RANGE));
        CHECK(refuses(".aa.", pages(1), AT, 4, ERROR_OUT_OF_RANGE));
        CHECK(refuses(".aa.", pages(1), AT, (size_t)-1, ERROR_OUT_OF_RANGE));
}

TEST(specifically_refuses_every_kind_of_overlap)
{
        CHECK(refuses("..aaa..", pages(3), AT, 2, ERROR_OVERLAP));      /* the same */
        CHECK(refuses("..aaa..", pages(1), AT, 3, ERROR_OVERLAP));      /* inside */
        CHECK(refuses("..aaa..", pages(7), AT, 0, ERROR_OVERLAP));      /* around */
        CHECK(refuses("..aaa..", pages(3), AT, 1, ERROR_OVERLAP));      /* a page lower */
        CHECK(refuses("..aaa..", pages(3), AT, 3, ERROR_OVERLAP));      /* a page higher */
        CHECK(refuses(".a.b.c.", pages(7), AT, 0, ERROR_OVERLAP));      /* across three */
        CHECK(becomes("..aaa..", pages(2), AT, 0, "xxaaa.."));
        CHECK(becomes("..aaa..", pages(2), AT, 5, "..aaaxx"));
}

TEST(the_range_may_end_at_the_top_of_the_address_space)
{
        struct placement request = { PAGE_SIZE, PAGE_SIZE, 0, 0, { 0, -PAGE_SIZE } };

        region_tree_init(&drawn_tree, (struct vrange){ -9 * PAGE_SIZE, -PAGE_SIZE });
        CHECK_OK(region_create("x", PROTECT_READ, &drawn_x));
        CHECK_OK(region_tree_place_specifically(&drawn_tree, drawn_x, &request, -2 * PAGE_SIZE));
        CHECK(drawn_tree.tail_gap == 0 && !region_tree_validate(&drawn_tree));
        CHECK(region_tree_find_containing(&drawn_tree, -PAGE_SIZE - 1) == drawn_x);
        CHECK_OK(region_tree_remove(&drawn_tree, drawn_x));
        request.size = 8 * PAGE_SIZE;
        CHECK_OK(region_tree_place_near(&drawn_tree, drawn_x, &request, -1));
        CHECK(region_range(drawn_x).base == (uintptr_t)(-9 * PAGE_SIZE));
        CHECK_OK(region_tree_remove(&drawn_tree, drawn_x));
        request.size = 9 * PAGE_SIZE;
        CHECK_ERROR(region_tree_place_specifically(&drawn_tree, drawn_x, &request, -9 * PAGE_SIZE), OUT_OF_RANGE);
        CHECK_ERROR(region_tree_place_specifically(&drawn_tree, drawn_x, &request, -2 * PAGE_SIZE), OUT_OF_RANGE);
        draw_nothing();
}

/* --- near and at random ---------------------------------------------------------------------------------- */

TEST(near_takes_the_nearest_place_and_of_two_the_lower)
{
        CHECK(becomes("........", pages(2), NEAR, 3, "...xx..."));
        CHECK(becomes("...aa...", pages(1), NEAR, 3, "..xaa..."));
        CHECK(becomes("...aa...", pages(1), NEAR, 4, "...aax.."));
        CHECK(becomes("...aaa..", pages(1), NEAR, 4, "..xaaa.."));
        CHECK(becomes("........", pages(2), NEAR, 7, "......xx"));
        CHECK(becomes("........", pages(2), NEAR, 500, "......xx"));
        CHECK(becomes("........", pages(2), NEAR, (size_t)-PICTURE_FIRST, "xx......"));
        CHECK(becomes("...aa...", guarded(1, 1, 1), NEAR, 3, "|x|aa..."));
        CHECK(refuses("..aaa..", pages(3), NEAR, 3, ERROR_NO_MEMORY));
}

TEST(at_random_succeeds_whenever_a_hole_fits)
{
        for (size_t seed = 0; seed < 50; seed++) {
                CHECK(becomes("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbb", pages(1), AT_RANDOM, seed,
                              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaxbbbbbbbbbbbbbbbb"));
                CHECK(becomes("aaaaaaaa.aaaaaaaa..aaaaaaaaaaaaa.bbbbbbbbbbbbbbbb", aligned(1, 16), AT_RANDOM, seed,
                              "aaaaaaaa.aaaaaaaa..aaaaaaaaaaaaaxbbbbbbbbbbbbbbbb"));
                CHECK(refuses("aaaa.aaaa.bbbb", pages(2), AT_RANDOM, seed, ERROR_NO_MEMORY));
        }
}

/* xorshift of state 0 yields zeros for ever: every draw is the lowest address. */
TEST(at_random_works_with_a_generator_that_is_stuck)
{
        struct rng stuck = { 0 };
        struct placement request = pages(2);

        CHECK_OK(draw("aaaa..bbbb"));
        CHECK_OK(region_tree_place_random(&drawn_tree, drawn_x, &request, &stuck));
        CHECK(looks_like("aaaaxxbbbb"));
        draw_nothing();
}

/* A seed whose first `draws` numbers all lie in the upper half. */
static uint64_t seed_of_high_draws(int draws)
{
        for (uint64_t seed = 0;; seed++) {
                struct rng rng;
                int high = 0;

                rng_seed(&rng, seed);
                while (high < draws && rng_next(&rng) >> 63)
                        high++;
                if (high == draws)
                        return seed;
        }
}

/* Of two addresses every draw is the higher one, which is taken. */
TEST(at_random_works_with_a_generator_that_always_draws_the_highest)
{
        struct placement request = within(2, 3, 6);
        struct rng high;

        rng_seed(&high, seed_of_high_draws(9));
        CHECK_OK(draw("aaa..bbbb"));
        CHECK_OK(region_tree_place_random(&drawn_tree, drawn_x, &request, &high));
        CHECK(looks_like("aaaxxbbbb"));
        draw_nothing();
}
