/*
 * Holes of the size of large pages: whether each gap has the bit for an aligned 2 MiB in it, after any operation, and
 * whether a search for such a place finds the lowest one. The answers are found again by looking at every hole.
 */
#include "host_env.h"
#include "mm/region_links.h"
#include "mm/hole_search.h"
#include "test/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { REGIONS = 60, OPERATIONS = 20000 };

static const struct vrange whole = { 0x10000000, 0x10000000 + ((uintptr_t)64 << 20) };
static struct region_tree tree;
static struct region region[REGIONS];
static struct rng rng;

static int set_up([[maybe_unused]] void **state)
{
        rng_seed(&rng, 1);
        region_tree_init(&tree, whole);
        for (size_t i = 0; i < REGIONS; i++)
                region_init(&region[i], "region", PROTECT_READ);
        return 0;
}

static size_t pages(size_t most)
{
        return (1 + rng_below(&rng, most)) * PAGE_SIZE;
}

/* Near a multiple of 2 MiB, or exactly there: where one page more or less decides. */
static uintptr_t near_a_large_page(void)
{
        const uintptr_t base = whole.base + rng_below(&rng, 32) * LARGE_PAGE_SIZE;

        return rng_below(&rng, 3) ? base + rng_below(&rng, 3) * PAGE_SIZE - PAGE_SIZE * (base > whole.base) : base;
}

static struct placement request_for(size_t size)
{
        return (struct placement){ .size = size, .alignment = PAGE_SIZE, .window = whole };
}

static void change_something(void)
{
        struct region *one = &region[rng_below(&rng, REGIONS)], *other = &region[rng_below(&rng, REGIONS)];
        const struct vrange old = region_range(one);

        if (!one->in_tree) {
                const struct placement request = request_for(rng_below(&rng, 2) ? pages(4) : pages(1200));

                error_ignore(region_tree_place_specifically(&tree, one, &request, near_a_large_page()));
                return;
        }
        switch (rng_below(&rng, 4)) {
        case 0:
                error_ignore(region_tree_resize(&tree, one, (struct vrange){ old.base, near_a_large_page() }, 0, 0));
                break;
        case 1:
                error_ignore(region_tree_resize(&tree, one, (struct vrange){ near_a_large_page(), old.end }, 0, 0));
                break;
        case 2:
                if (!other->in_tree)
                        error_ignore(region_tree_split(&tree, one, near_a_large_page(), other));
                break;
        default:
                assert_int_equal(region_tree_remove(&tree, one).code, ERROR_OK);
        }
}

/* The lowest base at which a request fits; 0 if there is none. */
static uintptr_t lowest_base(const struct placement *request)
{
        const struct region *above = region_tree_first(&tree);

        for (;;) {
                const struct vrange room = vrange_intersection(hole_below(&tree, above), request->window);
                uintptr_t lowest, highest;

                if (!vrange_is_empty(room) && hole_bases(room, request, &lowest, &highest))
                        return lowest;
                if (!above)
                        return 0;
                above = region_tree_next(above);
        }
}

static void every_gap_knows_whether_a_large_page_lies_in_it([[maybe_unused]] void **state)
{
        for (int i = 0; i < OPERATIONS; i++) {
                change_something();
                assert_null(region_tree_validate(&tree));
        }
}

static void the_lowest_place_for_large_pages_is_found([[maybe_unused]] void **state)
{
        size_t found = 0, refused = 0;

        for (int i = 0; i < OPERATIONS; i++) {
                struct placement request = {
                        .size = rng_below(&rng, 2) ? LARGE_PAGE_SIZE << rng_below(&rng, 4)
                                                   : LARGE_PAGE_SIZE + pages(600),
                        .alignment = LARGE_PAGE_SIZE << rng_below(&rng, 3),
                        .guard_before = rng_below(&rng, 3) ? 0 : pages(2),
                        .guard_after = rng_below(&rng, 3) ? 0 : pages(2),
                        .window = whole,
                };
                struct region extra;
                uintptr_t expected;

                change_something();
                if (!rng_below(&rng, 3))
                        request.window = (struct vrange){ near_a_large_page(), whole.end - pages(4000) };
                if (request.window.base > request.window.end)
                        continue;
                expected = lowest_base(&request);
                region_init(&extra, "extra", PROTECT_READ);
                assert_int_equal(region_tree_place_anywhere(&tree, &extra, &request).code,
                                 expected ? ERROR_OK : ERROR_NO_MEMORY);
                if (expected) {
                        assert_int_equal(region_range(&extra).base, expected);
                        assert_int_equal(region_tree_remove(&tree, &extra).code, ERROR_OK);
                }
                found += expected != 0;
                refused += expected == 0;
        }
        print_message("%zu found, %zu refused\n", found, refused);
        assert_true(found > OPERATIONS / 10 && refused > OPERATIONS / 10);     /* both are tried often */
}

static void validate_notices_a_wrong_bit([[maybe_unused]] void **state)
{
        const struct placement request = request_for(PAGE_SIZE);

        const uintptr_t above = whole.base + 8 * LARGE_PAGE_SIZE;

        assert_int_equal(region_tree_place_specifically(&tree, &region[0], &request, above).code, 0);
        assert_int_equal(region_tree_place_specifically(&tree, &region[1], &request, whole.base).code, 0);
        assert_null(region_tree_validate(&tree));
        assert_int_equal(region[0].links.gap, (8 * LARGE_PAGE_SIZE - PAGE_SIZE) | GAP_HOLDS_LARGE_PAGE);
        region[0].links.gap ^= GAP_HOLDS_LARGE_PAGE;
        assert_non_null(region_tree_validate(&tree));
        region[0].links.gap ^= GAP_HOLDS_LARGE_PAGE;
        region[1].links.gap ^= GAP_HOLDS_LARGE_PAGE;
        assert_non_null(region_tree_validate(&tree));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(every_gap_knows_whether_a_large_page_lies_in_it, set_up),
                cmocka_unit_test_setup(the_lowest_place_for_large_pages_is_found, set_up),
                cmocka_unit_test_setup(validate_notices_a_wrong_bit, set_up),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
