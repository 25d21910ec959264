/*
 * How much of a tree an operation looks at, counted in visits, against the bounds that region_tree.h states.
 */
#include "host_env.h"
#include "mm/address_space.h"
#include "test/space_find.h"

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
        return log2((double)address_space_totals(space).regions + 1);
}

static void unmap(uintptr_t base, size_t size)
{
        assert_int_equal(address_space_unmap(space, (struct vrange){ base, base + size }).code, ERROR_OK);
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
                        unmap(base, mapping.size);
        }
        print_message("at most %zu nodes visited of %zu; 4 log2(n + 1) = %.1f\n",
                      most, address_space_totals(space).regions, 4 * log2_of_count());
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
        print_message("at most %zu nodes visited of %zu; 2 log2(n + 1) = %.1f\n",
                      most, address_space_totals(space).regions, 2 * log2_of_count());
        assert_true((double)most <= 2 * log2_of_count());
}

static void that_nothing_fits_is_decided_at_one_node([[maybe_unused]] void **state)
{
        struct mapping mapping = { .name = "huge", .where = MAP_ANYWHERE, .size = (size_t)1 << 60 };
        uintptr_t base;

        host_visits_reset();
        assert_int_equal(address_space_map(space, &mapping, &base).code, ERROR_NO_MEMORY);
        assert_int_equal(host_visits(HOST_VISITED), 2);         /* the root, and the tail gap */
}

/* How many holes below a region have at least one size and less than another. */
static size_t holes_from(size_t least, size_t limit)
{
        size_t count = 0;

        spinlock_acquire(&space->lock);
        for (const struct region *region = region_tree_first(address_space_tree(space)); region;
             region = region_tree_next(region))
                count += region->links.gap >= least && region->links.gap < limit;
        spinlock_release(&space->lock);
        return count;
}

/* --- larger alignments ------------------------------------------------------------------------------------ */

/*
 * Only holes that are large enough but perhaps not aligned are judged so, and between two of them lies at most a way
 * down.
 */
static void larger_alignments_visit_in_vain_only_holes_that_might_have_fitted([[maybe_unused]] void **state)
{
        for (int i = 0; i < 500; i++) {
                struct mapping mapping = {
                        .name = "aligned", .where = MAP_ANYWHERE, .size = (30 + rng_below(&rng, 30)) * PAGE_SIZE,
                        .alignment = PAGE_SIZE << (1 + rng_below(&rng, 8)),
                };
                size_t candidates, bound;
                uintptr_t base;

                candidates = holes_from(mapping.size, mapping.size + mapping.alignment - PAGE_SIZE);
                host_visits_reset();
                assert_int_equal(address_space_map(space, &mapping, &base).code, ERROR_OK);
                bound = (size_t)((double)(candidates + 2) * 2 * log2_of_count());
                assert_true(host_visits(HOST_MISALIGNED) <= candidates);
                assert_true(host_visits(HOST_VISITED) <= bound);
                unmap(base, mapping.size);
        }
}

static struct address_space *street;
static uintptr_t street_end;            /* where the next region may begin */

static void begin_street(void)
{
        street_end = 0x40000000;
        const struct vrange range = { street_end, (uintptr_t)1 << 46 };
        assert_int_equal(address_space_create("street", range, 1, &street).code, 0);
}

static void add_region_after_hole(size_t hole, size_t size)
{
        struct mapping mapping = {
                .name = "house", .size = size, .where = MAP_SPECIFICALLY, .address = street_end + hole,
        };
        uintptr_t base;

        host_visits_reset();            /* or the visits of so many mappings would be kept */
        assert_int_equal(address_space_map(street, &mapping, &base).code, ERROR_OK);
        street_end = base + size;
}

/*
 * The worst that can happen to a request for `alignment` bytes at a multiple of that: the largest hole in which it does
 * not fit, 2 alignments less 2 pages, between a page after one multiple and a page before another.
 */
static void add_hole_in_vain(size_t alignment)
{
        uintptr_t begin = ((street_end + alignment) & ~(alignment - 1)) + PAGE_SIZE;

        add_region_after_hole(0, begin - street_end);
        add_region_after_hole(2 * (alignment - PAGE_SIZE), PAGE_SIZE);
}

/*
 * `regions` regions, and among them `in_vain` such holes; the other holes are too small; at the very end comes one that
 * fits. Expects it to be found, and what was in its way to be looked at no more often than region_tree.h says.
 */
static void assert_bounded(size_t alignment, size_t regions, size_t in_vain)
{
        struct mapping mapping = {
                .name = "aligned", .where = MAP_ANYWHERE, .size = alignment, .alignment = alignment,
        };
        size_t nodes, bound;
        uintptr_t base;

        begin_street();
        for (size_t i = 0; i < in_vain; i++) {
                add_hole_in_vain(alignment);
                for (size_t more = regions / in_vain - 2; more; more--)
                        add_region_after_hole(rng_below(&rng, 4) * PAGE_SIZE, PAGE_SIZE);
        }
        nodes = address_space_totals(street).regions;
        bound = (size_t)((double)(in_vain + 2) * 2 * log2((double)nodes + 1));
        host_visits_reset();
        assert_int_equal(address_space_map(street, &mapping, &base).code, ERROR_OK);
        print_message("%4zu KiB: %zu of %zu holes misaligned, %zu nodes visited, at most %zu may be\n", alignment >> 10,
                      host_visits(HOST_MISALIGNED), nodes, host_visits(HOST_VISITED),
                      bound < nodes + 1 ? bound : nodes + 1);
        assert_int_equal(base, (street_end + alignment - 1) & ~(alignment - 1));
        assert_int_equal(host_visits(HOST_MISALIGNED), in_vain);
        assert_true(host_visits(HOST_VISITED) <= bound && host_visits(HOST_VISITED) <= nodes + 1);
        address_space_destroy(street);
}

static void a_few_holes_in_vain_cost_a_way_down_each([[maybe_unused]] void **state)
{
        for (size_t alignment = 16 << 10; alignment <= 1 << 20; alignment *= 2)
                assert_bounded(alignment, 4000, 16);
}

static void where_every_other_hole_is_in_vain_each_is_looked_at_once([[maybe_unused]] void **state)
{
        for (size_t alignment = 16 << 10; alignment <= 1 << 20; alignment *= 2)
                assert_bounded(alignment, 1000, 500);
}

/* A subtree without an aligned 2 MiB is skipped, whatever the size of its holes. */
static void two_mib_at_2_mib_never_come_back_from_a_hole_in_vain([[maybe_unused]] void **state)
{
        const size_t unit = (size_t)2 << 20;
        struct mapping mapping = { .name = "aligned", .where = MAP_ANYWHERE, .size = unit, .alignment = unit };
        uintptr_t base;

        begin_street();
        for (size_t i = 0; i < 500; i++) {
                add_hole_in_vain(unit);
                add_region_after_hole(rng_below(&rng, 4) * PAGE_SIZE, PAGE_SIZE);
        }
        street_end = (street_end + unit - 1) & ~(unit - 1);
        add_region_after_hole(unit, PAGE_SIZE);
        host_visits_reset();
        assert_int_equal(address_space_map(street, &mapping, &base).code, ERROR_OK);
        assert_int_equal(base, street_end - PAGE_SIZE - unit);
        print_message("2 MiB at 2 MiB: %zu of %zu nodes visited\n",
                      host_visits(HOST_VISITED), address_space_totals(street).regions);
        assert_true((double)host_visits(HOST_VISITED) <= 2 * log2((double)address_space_totals(street).regions + 1));

        /* The last one is filled but for the tail gap; the root's largest gaps say so. */
        assert_int_equal(address_space_map(street, &(struct mapping){ .name = "tail", .where = MAP_SPECIFICALLY,
                         .size = ((uintptr_t)1 << 46) - street_end, .address = street_end }, &base).code, ERROR_OK);
        host_visits_reset();
        assert_int_equal(address_space_map(street, &mapping, &base).code, ERROR_NO_MEMORY);
        assert_int_equal(host_visits(HOST_VISITED), 2);         /* the root, and the tail gap */
        address_space_destroy(street);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(placing_visits_at_most_4_log2_n_nodes),
                cmocka_unit_test(finding_visits_at_most_2_log2_n_nodes),
                cmocka_unit_test(that_nothing_fits_is_decided_at_one_node),
                cmocka_unit_test(larger_alignments_visit_in_vain_only_holes_that_might_have_fitted),
                cmocka_unit_test(a_few_holes_in_vain_cost_a_way_down_each),
                cmocka_unit_test(where_every_other_hole_is_in_vain_each_is_looked_at_once),
                cmocka_unit_test(two_mib_at_2_mib_never_come_back_from_a_hole_in_vain),
        };

        return cmocka_run_group_tests(tests, set_up, tear_down);
}
