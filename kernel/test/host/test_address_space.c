/*
 * The address space against a map of pages that says, for each, whether it is mapped and what may be done with it;
 * and every operation with every allocation failing: nothing may have changed.
 */
#include "host_env.h"
#include "mm/address_space.h"
#include "mm/region_backing.h"
#include "task/system_call.h"
#include "test/space_find.h"
#include "test/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { FIRST = 16, PAGES = 200, UNMAPPED = 0xff };

static const struct vrange whole = { FIRST * PAGE_SIZE, (FIRST + PAGES) * PAGE_SIZE };

/* What each page allows, or UNMAPPED. */
struct picture {
        uint8_t page[PAGES];
};

static struct address_space *space;

static int set_up([[maybe_unused]] void **state)
{
        return address_space_create("test", whole, 1, &space).code;
}

/* A destroyed space leaves nothing behind. */
static int tear_down([[maybe_unused]] void **state)
{
        address_space_destroy(space);
        return host_kmalloc_live() != 0;
}

static struct vrange pages(size_t first, size_t count)
{
        return (struct vrange){ (FIRST + first) * PAGE_SIZE, (FIRST + first + count) * PAGE_SIZE };
}

static void paint(struct picture *picture, struct vrange range, uint8_t what)
{
        for (uintptr_t at = range.base; at < range.end; at += PAGE_SIZE)
                if (vrange_contains(whole, at))
                        picture->page[(at - whole.base) / PAGE_SIZE] = what;
}

/* The space as it is. */
static struct picture picture_now(void)
{
        static struct region_listing listing[PAGES];
        struct picture picture;
        size_t count;

        memset(&picture, UNMAPPED, sizeof picture);
        count = address_space_list(space, 0, listing, PAGES);
        for (size_t i = 0; i < count; i++)
                paint(&picture, (struct vrange){ listing[i].base, listing[i].end }, (uint8_t)listing[i].protection);
        return picture;
}

static void assert_picture(const struct picture *expected)
{
        struct picture now = picture_now();
        const char *broken = address_space_validate(space);

        if (broken)
                fail_msg("%s", broken);
        assert_memory_equal(now.page, expected->page, PAGES);
}

/* All that a region is, but its place in the tree. */
struct snapshot {
        size_t count;
        struct region region[PAGES];
};

static struct snapshot snapshot(void)
{
        struct snapshot snapshot = { 0 };

        spinlock_acquire(&space->lock);
        for (const struct region *region = region_tree_first(address_space_tree(space)); region;
             region = region_tree_next(region)) {
                struct region *copy = &snapshot.region[snapshot.count++];

                memcpy(copy, region, sizeof *copy);
                copy->links = (struct region_links){ 0 };
        }
        spinlock_release(&space->lock);
        return snapshot;
}

static uintptr_t map_at(struct vrange range, enum where where)
{
        struct mapping mapping = {
                .name = "test", .size = vrange_size(range), .protection = PROTECT_READ,
                .where = where, .address = range.base,
        };
        uintptr_t base = 0;

        assert_int_equal(address_space_map(space, &mapping, &base).code, ERROR_OK);
        return base;
}

/* --- random operations ------------------------------------------------------------------------------------ */

static bool is_mapped(const struct picture *picture, struct vrange range)
{
        if (!vrange_contains_range(whole, range))
                return false;
        for (uintptr_t at = range.base; at < range.end; at += PAGE_SIZE)
                if (picture->page[(at - whole.base) / PAGE_SIZE] == UNMAPPED)
                        return false;
        return true;
}

/* Regions that protect has made alike and that touch, in or at its range, are one. All here are called the same. */
static void assert_joined(struct vrange range)
{
        struct snapshot now = snapshot();

        for (size_t i = 1; i < now.count; i++) {
                const struct region *lower = &now.region[i - 1], *upper = &now.region[i];

                assert_false(lower->end == upper->base && range.base <= upper->base && upper->base <= range.end &&
                             lower->protection == upper->protection && region_sharing(lower) == MAP_PRIVATE &&
                             region_sharing(upper) == MAP_PRIVATE);
        }
}

static struct error clone_and_destroy(void)
{
        struct address_space *child;

        TRY(address_space_clone(space, "child", 1, &child));
        address_space_destroy(child);
        return SUCCESS;
}

/* Carries out a random operation, and changes the picture to what must come of it. */
static struct error do_something(struct rng *rng, struct picture *picture)
{
        struct vrange range = pages(rng_below(rng, PAGES), 1 + rng_below(rng, 12));
        enum protection protection = (enum protection)rng_below(rng, 8);
        struct mapping mapping = {
                .name = "random", .size = vrange_size(range), .protection = protection, .address = range.base,
                .where = rng_below(rng, 2) ? MAP_REPLACE : MAP_ANYWHERE,
                .sharing = rng_below(rng, 4) ? MAP_PRIVATE : MAP_SHARED,
        };
        struct error error;
        uintptr_t base;

        if (!rng_below(rng, 64))
                return clone_and_destroy();
        switch (rng_below(rng, 4)) {
        default:
                error = address_space_map(space, &mapping, &base);
                if (!error.code)
                        paint(picture, (struct vrange){ base, base + mapping.size }, (uint8_t)protection);
                return error;
        case 2:
                range.end += rng_below(rng, 20) * PAGE_SIZE;
                error = address_space_unmap(space, range);
                if (!error.code)
                        paint(picture, range, UNMAPPED);
                return error;
        case 3:
                error = address_space_protect(space, range, protection);
                if (!error_is(error, ERROR_NO_MEMORY))
                        assert_int_equal(!error.code, is_mapped(picture, range));
                if (error.code)
                        return error;
                paint(picture, range, (uint8_t)protection);
                assert_joined(range);
                return error;
        }
}

static void random_operations_agree_with_a_map_of_pages([[maybe_unused]] void **state)
{
        struct picture picture = picture_now();
        struct rng rng;

        rng_seed(&rng, 2);
        for (int i = 0; i < 100000; i++) {
                error_ignore(do_something(&rng, &picture));
                assert_picture(&picture);
        }
}

/* Each operation is tried with its first allocation failing, then its second, until it needs no more. */
static void an_operation_that_runs_out_of_memory_changes_nothing([[maybe_unused]] void **state)
{
        struct picture picture = picture_now();
        struct rng rng;
        size_t refused = 0;

        rng_seed(&rng, 3);
        for (int i = 0; i < 20000; i++) {
                for (uint64_t n = 1;; n++) {
                        struct picture before = picture;
                        struct snapshot old = snapshot(), new;
                        struct rng same = rng;
                        size_t live = host_kmalloc_live();
                        struct error error;

                        host_kmalloc_fail_at(n);
                        error = do_something(&same, &picture);
                        if (!error.code || !host_kmalloc_failed()) {
                                rng = same;
                                break;
                        }
                        refused++;
                        assert_int_equal(error.code, ERROR_NO_MEMORY);
                        assert_picture(&before);
                        assert_int_equal(host_kmalloc_live(), live);
                        new = snapshot();
                        assert_memory_equal(&new, &old, sizeof new);
                }
        }
        host_kmalloc_fail_at(0);
        assert_true(refused > 10000);
}

/* --- named cases; test/test_unmap.c has more ---------------------------------------------------------------- */

static void unmap_inside_a_region_leaves_both_ends([[maybe_unused]] void **state)
{
        struct vrange found;

        map_at(pages(10, 9), MAP_SPECIFICALLY);
        assert_int_equal(address_space_unmap(space, pages(12, 3)).code, ERROR_OK);
        assert_int_equal(address_space_totals(space).regions, 2);
        assert_int_equal(address_space_find(space, pages(10, 1).base, &found).code, ERROR_OK);
        assert_true(vrange_equals(found, pages(10, 2)));
        assert_int_equal(address_space_find(space, pages(15, 1).base, &found).code, ERROR_OK);
        assert_true(vrange_equals(found, pages(15, 4)));
        assert_int_equal(address_space_find(space, pages(13, 1).base, &found).code, ERROR_NOT_FOUND);
}

static void unmapping_a_part_keeps_the_guard_at_the_other_end([[maybe_unused]] void **state)
{
        struct mapping stack = {
                .name = "stack", .size = 8 * PAGE_SIZE, .where = MAP_SPECIFICALLY, .address = pages(10, 1).base,
                .guard_before = PAGE_SIZE, .guard_after = 2 * PAGE_SIZE,
        };
        struct snapshot left;
        uintptr_t base;

        assert_int_equal(address_space_map(space, &stack, &base).code, ERROR_OK);
        assert_int_equal(address_space_unmap(space, pages(10, 3)).code, ERROR_OK);
        left = snapshot();
        assert_int_equal(left.region[0].guard_before, 0);
        assert_int_equal(left.region[0].guard_after, 2 * PAGE_SIZE);
        assert_int_equal(map_at(pages(9, 4), MAP_SPECIFICALLY), pages(9, 4).base);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
                CASE(random_operations_agree_with_a_map_of_pages),
                CASE(an_operation_that_runs_out_of_memory_changes_nothing),
                CASE(unmap_inside_a_region_leaves_both_ends),
                CASE(unmapping_a_part_keeps_the_guard_at_the_other_end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
