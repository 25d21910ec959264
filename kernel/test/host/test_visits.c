/*
 * How much of a tree an operation looks at, counted in visits, against the bounds that region_tree.h states.
 */
#include "host_env.h"
#include "mm/address_space.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { REGIONS = 10000 };

/* A skyline of holes: regions of a page, each above a hole of 0 to 63 pages; none of 64 or more but the tail gap. */
static struct address_space *space;
static struct rng rng;

static int set_up([[maybe_unused]] void **state)
{
        struct vrange range = { 0x100000, 0x7ffffffff000 };
        uintptr_t at = range.base, base;

        rng_seed(&rng, 1);
        if (address_space_create("skyline", range, 1, &space).code)
                return -1;
        for (int i = 0; i < REGIONS; i++, at += PAGE_SIZE) {
                struct mapping mapping = { .name = "tower", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };

                at += rng_below(&rng, 64) * PAGE_SIZE;
                mapping.address = at;
                if (address_space_map(space, &mapping, &base).code)
                        return -1;
        }
        return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
        address_space_destroy(space);
        return 0;
}

static double log2_of_count(void)
{
        return log2((double)space->tree.count + 1);
}

static void placing_visits_at_most_4_log2_n_nodes([[maybe_unused]] void **state)
{
        size_t most = 0;

        for (int i = 0; i < 5000; i++) {
                uintptr_t low = 0x100000 + rng_below(&rng, REGIONS * 32) * PAGE_SIZE, base;
                struct mapping mapping = {
                        .name = "probe", .size = (1 + rng_below(&rng, 70)) * PAGE_SIZE,
                        .where = rng_below(&rng, 2) ? MAP_ANYWHERE : MAP_SPECIFICALLY, .address = low,
                };
                bool placed;

                if (mapping.where == MAP_ANYWHERE && rng_below(&rng, 2))
                        mapping.window = (struct vrange){ low, low + rng_below(&rng, 1000) * PAGE_SIZE };
                host_visits_reset();
                placed = !address_space_map(space, &mapping, &base).code;
                most = host_visits(HOST_VISITED) > most ? host_visits(HOST_VISITED) : most;
                if (placed)
                        assert_int_equal(address_space_unmap(space, (struct vrange){ base, base + mapping.size }).code, 0);
        }
        print_message("at most %zu nodes visited of %zu; 4 log2(n + 1) = %.1f\n", most, space->tree.count, 4 * log2_of_count());
        assert_true((double)most <= 4 * log2_of_count());
}

static void finding_visits_at_most_2_log2_n_nodes([[maybe_unused]] void **state)
{
        size_t most = 0;

        for (int i = 0; i < 5000; i++) {
                struct vrange found;

                host_visits_reset();
                error_ignore(address_space_find(space, 0x100000 + rng_below(&rng, REGIONS * 33) * PAGE_SIZE, &found));
                most = host_visits(HOST_VISITED) > most ? host_visits(HOST_VISITED) : most;
        }
        print_message("at most %zu nodes visited of %zu; 2 log2(n + 1) = %.1f\n", most, space->tree.count, 2 * log2_of_count());
        assert_true((double)most <= 2 * log2_of_count());
}

static void that_nothing_fits_is_decided_at_one_node([[maybe_unused]] void **state)
{
        struct mapping mapping = { .name = "huge", .size = (size_t)1 << 60 };
        uintptr_t base;

        host_visits_reset();
        assert_int_equal(address_space_map(space, &mapping, &base).code, ERROR_NO_MEMORY);
        assert_int_equal(host_visits(HOST_VISITED), 2);         /* the root, and the tail gap */
}

/* Only holes that are large enough but perhaps not aligned are judged so, and between two of them lies at most a way down. */
static void larger_alignments_visit_in_vain_only_holes_that_might_have_fitted([[maybe_unused]] void **state)
{
        for (int i = 0; i < 500; i++) {
                struct mapping mapping = { .name = "aligned", .size = (30 + rng_below(&rng, 30)) * PAGE_SIZE,
                                           .alignment = PAGE_SIZE << (1 + rng_below(&rng, 8)) };
                size_t candidates = 0, bound;
                uintptr_t base;

                for (const struct region *region = region_tree_first(&space->tree); region; region = region_tree_next(region))
                        candidates += region->gap >= mapping.size && region->gap < mapping.size + mapping.alignment - PAGE_SIZE;
                host_visits_reset();
                assert_int_equal(address_space_map(space, &mapping, &base).code, ERROR_OK);
                bound = (size_t)((double)(candidates + 2) * 2 * log2_of_count());
                assert_true(host_visits(HOST_MISALIGNED) <= candidates);
                assert_true(host_visits(HOST_VISITED) <= bound);
                assert_int_equal(address_space_unmap(space, (struct vrange){ base, base + mapping.size }).code, 0);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(placing_visits_at_most_4_log2_n_nodes),
                cmocka_unit_test(finding_visits_at_most_2_log2_n_nodes),
                cmocka_unit_test(that_nothing_fits_is_decided_at_one_node),
                cmocka_unit_test(larger_alignments_visit_in_vain_only_holes_that_might_have_fitted),
        };

        return cmocka_run_group_tests(tests, set_up, tear_down);
}
