/*
 * The region tree against an reference that cannot be wrong about holes: a map of pages, searched from one end to the
 * other.
 */
#include "host_env.h"
#include "mm/region_tree.h"
#include "test/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { FIRST = 16, PAGES = 256, REGIONS = 64 };        /* the range: PAGES pages from page FIRST on */

static const struct vrange whole = { FIRST * PAGE_SIZE, (FIRST + PAGES) * PAGE_SIZE };

/* A tree, its regions, and the map: what each page is taken by, 0 for nothing. */
struct fixture {
        struct region_tree tree;
        struct region region[REGIONS];
        uint8_t page[PAGES];
        struct rng rng;
};

static struct fixture fixture;

static int set_up(void **state)
{
        memset(&fixture, 0, sizeof fixture);
        region_tree_init(&fixture.tree, whole);
        for (size_t i = 0; i < REGIONS; i++)
                fixture.region[i].id = i + 1;
        rng_seed(&fixture.rng, 1);
        *state = &fixture;
        return 0;
}

static struct placement pages(size_t size)
{
        return (struct placement){ .size = size * PAGE_SIZE, .alignment = PAGE_SIZE, .window = whole };
}

/* Fills the map with what lies between two regions' ends, guards included. */
static void mark(struct fixture *f, const struct region *region, uint8_t by)
{
        memset(f->page + (region->base - whole.base) / PAGE_SIZE, by, (region->end - region->base) / PAGE_SIZE);
}

/* Whether a request could lie at `base`: every page inside range and window, and free. */
static bool fits(const struct fixture *f, const struct placement *request, uintptr_t base)
{
        uintptr_t low = base - request->guard_before, high = base + request->size + request->guard_after;

        if (base % request->alignment || low < whole.base || low < request->window.base || high > whole.end ||
            high > request->window.end)
                return false;
        for (uintptr_t page = low; page < high; page += PAGE_SIZE)
                if (f->page[(page - whole.base) / PAGE_SIZE])
                        return false;
        return true;
}

/* The base that fits and is nearest to `hint` (0: the lowest of all); 0 if none fits. */
static uintptr_t nearest(const struct fixture *f, const struct placement *request, uintptr_t hint)
{
        uintptr_t best = 0;

        for (uintptr_t base = whole.base; base < whole.end; base += PAGE_SIZE) {
                uintptr_t distance = base < hint ? hint - base : base - hint;
                uintptr_t best_distance = best < hint ? hint - best : best - hint;

                if (fits(f, request, base) && (!best || distance < best_distance))
                        best = base;
        }
        return best;
}

static void assert_valid(const struct fixture *f)
{
        const char *broken = region_tree_validate(&f->tree);

        if (broken)
                fail_msg("after operation %lu: %s", (unsigned long)f->tree.operations, broken);
}

/* Puts a region somewhere, which must work. */
static void put(struct fixture *f, size_t i, size_t page, size_t size)
{
        struct placement request = pages(size);

        assert_int_equal(region_tree_place_specifically(&f->tree, &f->region[i], &request, page * PAGE_SIZE).code,
                         ERROR_OK);
        mark(f, &f->region[i], 1);
}

/* --- random operations ------------------------------------------------------------------------------------ */

static size_t up_to(struct fixture *f, size_t most)
{
        return rng_below(&f->rng, most + 1);
}

static struct placement random_request(struct fixture *f)
{
        struct placement request = pages(1 + up_to(f, up_to(f, 3) ? 6 : 40));

        if (!up_to(f, 3))
                request.alignment = PAGE_SIZE << up_to(f, 5);
        if (!up_to(f, 3)) {
                request.guard_before = up_to(f, 2) * PAGE_SIZE;
                request.guard_after = up_to(f, 2) * PAGE_SIZE;
        }
        if (!up_to(f, 3)) {
                request.window.base = (FIRST - 4 + up_to(f, PAGES)) * PAGE_SIZE;
                request.window.end = request.window.base + up_to(f, PAGES / 2) * PAGE_SIZE;
        }
        return request;
}

static void expect_placed(struct fixture *f, struct region *region, struct error error, uintptr_t base)
{
        assert_int_equal(error.code, base ? ERROR_OK : ERROR_NO_MEMORY);
        if (base) {
                assert_int_equal(region_range(region).base, base);
                mark(f, region, 1);
        }
}

static void place_somehow(struct fixture *f, struct region *region)
{
        struct placement request = random_request(f);
        uintptr_t hint = (FIRST - 8 + up_to(f, PAGES + 16)) * PAGE_SIZE + up_to(f, 1) * 123;
        struct error error;

        switch (up_to(f, 3)) {
        case 0:
                error = region_tree_place_anywhere(&f->tree, region, &request);
                expect_placed(f, region, error, nearest(f, &request, 0));
                break;
        case 1:
                error = region_tree_place_near(&f->tree, region, &request, hint);
                expect_placed(f, region, error, nearest(f, &request, hint));
                break;
        case 2:
                error = region_tree_place_random(&f->tree, region, &request, &f->rng);
                assert_int_equal(!error.code, !!nearest(f, &request, 0));
                if (!error.code) {
                        assert_true(fits(f, &request, region_range(region).base));
                        mark(f, region, 1);
                }
                break;
        default:
                hint &= ~(PAGE_SIZE - 1);
                error = region_tree_place_specifically(&f->tree, region, &request, hint);
                assert_int_equal(!error.code, fits(f, &request, hint));
                if (!error.code)
                        mark(f, region, 1);
        }
}

/* A new length for the region, its base and guards staying. */
static void resize_somehow(struct fixture *f, struct region *region)
{
        struct vrange range = region_range(region), wider;
        bool possible = true;
        struct error error;

        wider = (struct vrange){ range.base, range.base + (1 + up_to(f, 20)) * PAGE_SIZE };
        for (uintptr_t at = region->end; at < wider.end + region->guard_after; at += PAGE_SIZE)
                possible = possible && at < whole.end && !f->page[(at - whole.base) / PAGE_SIZE];
        mark(f, region, 0);
        error = region_tree_resize(&f->tree, region, wider, region->guard_before, region->guard_after);
        assert_int_equal(!error.code, possible);
        mark(f, region, 1);
}

static void split_somehow(struct fixture *f, struct region *region, struct region *upper)
{
        struct vrange range = region_range(region);
        uintptr_t at = range.base + up_to(f, vrange_size(range) / PAGE_SIZE) * PAGE_SIZE;
        struct error error = region_tree_split(&f->tree, region, at, upper);

        assert_int_equal(!error.code, at > range.base && at < range.end);
        if (!error.code) {
                assert_true(vrange_equals(region_range(region), (struct vrange){ range.base, at }));
                assert_true(vrange_equals(region_range(upper), (struct vrange){ at, range.end }));
        }
}

static void find_somewhere(struct fixture *f)
{
        uintptr_t address = (FIRST + up_to(f, PAGES - 1)) * PAGE_SIZE + up_to(f, PAGE_SIZE - 1);
        struct region *expected = NULL;

        for (size_t i = 0; i < REGIONS; i++)
                if (f->region[i].in_tree && vrange_contains(region_range(&f->region[i]), address))
                        expected = &f->region[i];
        assert_ptr_equal(region_tree_find_containing(&f->tree, address), expected);
}

static void random_operations_agree_with_a_map_of_pages(void **state)
{
        struct fixture *f = *state;

        for (int i = 0; i < 1000000; i++) {
                struct region *region = &f->region[up_to(f, REGIONS - 1)], *other = &f->region[up_to(f, REGIONS - 1)];

                if (!region->in_tree)
                        place_somehow(f, region);
                else if (!up_to(f, 2))
                        resize_somehow(f, region);
                else if (!other->in_tree && !up_to(f, 1))
                        split_somehow(f, region, other);
                else {
                        mark(f, region, 0);
                        error_ignore(region_tree_remove(&f->tree, region));
                }
                assert_valid(f);
                find_somewhere(f);
        }
}

/* --- named cases ------------------------------------------------------------------------------------------ */

static void place_takes_a_hole_of_exactly_the_size(void **state)
{
        struct fixture *f = *state;
        struct placement request = pages(4);

        put(f, 0, FIRST, 8);
        put(f, 1, FIRST + 12, PAGES - 12);
        assert_int_equal(region_tree_place_anywhere(&f->tree, &f->region[2], &request).code, ERROR_OK);
        assert_int_equal(region_range(&f->region[2]).base, (FIRST + 8) * PAGE_SIZE);
        assert_int_equal(f->tree.tail_gap, 0);
}

static void place_takes_the_only_aligned_spot_at_the_end_of_a_hole(void **state)
{
        struct fixture *f = *state;
        struct placement request = pages(8);

        request.alignment = 8 * PAGE_SIZE;
        put(f, 0, FIRST, 1);
        put(f, 1, FIRST + 16, PAGES - 16);
        assert_int_equal(region_tree_place_anywhere(&f->tree, &f->region[2], &request).code, ERROR_OK);
        assert_int_equal(region_range(&f->region[2]).base, (FIRST + 8) * PAGE_SIZE);
}

static void a_request_that_no_tree_could_meet_is_a_bad_argument(void **state)
{
        struct fixture *f = *state;
        struct placement bad[] = {
                { .size = 0, .alignment = PAGE_SIZE, .window = whole },
                { .size = 100, .alignment = PAGE_SIZE, .window = whole },
                { .size = PAGE_SIZE, .alignment = 0, .window = whole },
                { .size = PAGE_SIZE, .alignment = 3 * PAGE_SIZE, .window = whole },
                { .size = PAGE_SIZE, .alignment = 2048, .window = whole },
                { .size = PAGE_SIZE, .alignment = PAGE_SIZE, .guard_before = 1, .window = whole },
                { .size = PAGE_SIZE, .alignment = PAGE_SIZE, .window = { whole.end, whole.base } },
        };

        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                assert_int_equal(region_tree_place_anywhere(&f->tree, &f->region[0], &bad[i]).code, ERROR_BAD_ARGUMENT);
        assert_int_equal(f->tree.count, 0);
}

static void sizes_that_overflow_are_refused(void **state)
{
        struct fixture *f = *state;
        struct placement request = {
                .size = -PAGE_SIZE, .alignment = PAGE_SIZE, .guard_after = PAGE_SIZE, .window = whole,
        };

        assert_int_equal(region_tree_place_anywhere(&f->tree, &f->region[0], &request).code, ERROR_NO_MEMORY);
        assert_int_equal(region_tree_place_near(&f->tree, &f->region[0], &request, whole.base).code, ERROR_NO_MEMORY);
        assert_int_equal(region_tree_place_random(&f->tree, &f->region[0], &request, &f->rng).code, ERROR_NO_MEMORY);
        assert_int_equal(region_tree_place_specifically(&f->tree, &f->region[0], &request, whole.base).code,
                         ERROR_OUT_OF_RANGE);
}

static void random_placement_finds_the_only_hole_that_fits(void **state)
{
        struct fixture *f = *state;
        struct placement request = pages(1);

        put(f, 0, FIRST, 200);
        put(f, 1, FIRST + 201, PAGES - 201);
        assert_int_equal(region_tree_place_random(&f->tree, &f->region[2], &request, &f->rng).code, ERROR_OK);
        assert_int_equal(region_range(&f->region[2]).base, (FIRST + 200) * PAGE_SIZE);
}

static void a_removed_region_can_be_placed_again_and_not_twice(void **state)
{
        struct fixture *f = *state;
        struct placement request = pages(2);

        for (size_t i = 0; i < 10; i++)
                put(f, i, FIRST + 4 * i, 2);
        assert_int_equal(region_tree_remove(&f->tree, &f->region[5]).code, ERROR_OK);
        assert_int_equal(region_tree_place_anywhere(&f->tree, &f->region[5], &request).code, ERROR_OK);
        assert_int_equal(region_tree_place_anywhere(&f->tree, &f->region[5], &request).code, ERROR_BAD_ARGUMENT);
        assert_valid(f);
}

static void validate_notices_every_kind_of_damage(void **state)
{
        struct fixture *f = *state;
        struct region *root;

        for (size_t i = 0; i < 20; i++)
                put(f, i, FIRST + 4 * i, 2);
        root = (struct region *)f->tree.nodes.root;
        assert_valid(f);

#define ASSERT_NOTICED(damage, repair)                                                                              \
        do {                                                                                                        \
                damage;                                                                                             \
                assert_non_null(region_tree_validate(&f->tree));                                                    \
                repair;                                                                                             \
                assert_valid(f);                                                                                    \
        } while (0)
        ASSERT_NOTICED(root->links.node.parent_and_colour |= 1, root->links.node.parent_and_colour &= ~1ul);
        ASSERT_NOTICED(root->links.gap += PAGE_SIZE, root->links.gap -= PAGE_SIZE);
        ASSERT_NOTICED(root->links.max_gap[RIGHT]++, root->links.max_gap[RIGHT]--);
        ASSERT_NOTICED(f->tree.count++, f->tree.count--);
        ASSERT_NOTICED(f->tree.tail_gap++, f->tree.tail_gap--);
        ASSERT_NOTICED(root->end += 4 * PAGE_SIZE, root->end -= 4 * PAGE_SIZE);
        ASSERT_NOTICED(f->region[0].links.node.parent_and_colour ^= 1, f->region[0].links.node.parent_and_colour ^= 1);
        struct rbtree_node *leaf = &f->region[0].links.node;
        ASSERT_NOTICED(leaf->child[LEFT] = &root->links.node, leaf->child[LEFT] = NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(random_operations_agree_with_a_map_of_pages, set_up),
                cmocka_unit_test_setup(place_takes_a_hole_of_exactly_the_size, set_up),
                cmocka_unit_test_setup(place_takes_the_only_aligned_spot_at_the_end_of_a_hole, set_up),
                cmocka_unit_test_setup(a_request_that_no_tree_could_meet_is_a_bad_argument, set_up),
                cmocka_unit_test_setup(sizes_that_overflow_are_refused, set_up),
                cmocka_unit_test_setup(random_placement_finds_the_only_hole_that_fits, set_up),
                cmocka_unit_test_setup(a_removed_region_can_be_placed_again_and_not_twice, set_up),
                cmocka_unit_test_setup(validate_notices_every_kind_of_damage, set_up),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
