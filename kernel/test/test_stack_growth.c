/* Stacks that grow: when, how far, and what is in the way. */
#include "mm/layout.h"
#include "test/space_find.h"
#include "test/space_pages.h"
#include "test/test.h"

static const struct vrange whole = { USER_BASE, USER_BASE + 512 * PAGE_SIZE };
static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;

static struct error make_stack(struct vrange range, struct address_space **out, uintptr_t *base)
{
        const struct mapping stack = {
                .name = "stack", .size = 2 * PAGE_SIZE, .protection = read_write, .grows = true,
                .where = MAP_NEAR, .address = range.end, .guard_before = 2 * PAGE_SIZE, .guard_after = PAGE_SIZE,
        };

        TRY(address_space_create("stack", range, 1, out));
        return address_space_map(*out, &stack, base);
}

TEST(a_stack_grows_when_its_guard_is_touched_and_keeps_the_guard)
{
        struct address_space *space;
        struct vrange found;
        uintptr_t base;

        CHECK_OK(make_stack(whole, &space, &base));
        CHECK(space_store(space, base, 1) == FAULT_FILLED);
        CHECK(space_store(space, base - 8, 2) == FAULT_FILLED);
        CHECK(space_store(space, base - 3 * PAGE_SIZE, 3) == FAULT_FILLED);     /* the far end of the guard */
        CHECK(space_word(space, base) == 1 && space_word(space, base - 8) == 2);
        CHECK_OK(address_space_find(space, base - 3 * PAGE_SIZE, &found));
        CHECK(vrange_equals(found, (struct vrange){ base - 3 * PAGE_SIZE, base + 2 * PAGE_SIZE }));
        CHECK(space_store(space, found.end, 4) == FAULT_GUARD);
        CHECK(page_fault_resolve(space, found.base - 3 * PAGE_SIZE, ACCESS_EXECUTE).verdict == FAULT_NOT_MAPPED);
        CHECK(page_fault_resolve(space, found.base - 8, ACCESS_EXECUTE).verdict == FAULT_GUARD);
        address_space_destroy(space);
}

/* As a function does whose local array is larger than the guard. */
TEST(a_stack_grows_to_where_it_is_touched_though_that_is_far_below_its_guard)
{
        struct address_space *space;
        struct vrange found;
        uintptr_t base;

        CHECK_OK(make_stack(whole, &space, &base));
        CHECK(space_store(space, base - 100 * PAGE_SIZE, 1) == FAULT_FILLED);
        CHECK_OK(address_space_find(space, base, &found));
        CHECK(found.base == base - 100 * PAGE_SIZE && address_space_totals(space).pages == 1);
        CHECK(page_fault_resolve(space, found.base - 2 * PAGE_SIZE, ACCESS_EXECUTE).verdict == FAULT_GUARD);
        CHECK(page_fault_resolve(space, found.base - 3 * PAGE_SIZE, ACCESS_EXECUTE).verdict == FAULT_NOT_MAPPED);
        CHECK(space_word(space, base - 100 * PAGE_SIZE) == 1);
        address_space_destroy(space);
}

TEST(a_stack_does_not_grow_over_a_region_that_lies_between)
{
        struct mapping between = { .name = "between", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };
        struct address_space *space;
        uintptr_t base, ignored;

        CHECK_OK(make_stack(whole, &space, &base));
        between.address = base - 10 * PAGE_SIZE;
        CHECK_OK(address_space_map(space, &between, &ignored));
        CHECK(space_store(space, base - 11 * PAGE_SIZE, 1) == FAULT_NOT_MAPPED);
        CHECK(space_store(space, base - 8 * PAGE_SIZE, 1) == FAULT_NOT_MAPPED);        /* no room for the guard */
        CHECK(space_store(space, base - 7 * PAGE_SIZE, 1) == FAULT_FILLED);
        address_space_destroy(space);
}

TEST(a_stack_grows_until_its_guard_would_meet_a_region)
{
        struct mapping below = { .name = "below", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };
        struct address_space *space;
        uintptr_t base, ignored;

        CHECK_OK(make_stack(whole, &space, &base));
        below.address = base - 5 * PAGE_SIZE;
        CHECK_OK(address_space_map(space, &below, &ignored));
        CHECK(space_store(space, base - PAGE_SIZE, 1) == FAULT_FILLED);
        CHECK(space_store(space, base - 2 * PAGE_SIZE, 2) == FAULT_FILLED);
        CHECK(space_store(space, base - 3 * PAGE_SIZE, 3) == FAULT_GUARD);
        CHECK(address_space_totals(space).pages == 2);
        address_space_destroy(space);
}

TEST(a_stack_grows_to_8_mib_at_most)
{
        const struct vrange large = { USER_BASE, USER_BASE + ((size_t)64 << 20) };
        struct address_space *space;
        struct vrange found;
        uintptr_t base, at;

        CHECK_OK(make_stack(large, &space, &base));
        for (at = base; space_store(space, at, at) <= FAULT_DONE; at -= PAGE_SIZE)
                CHECK(at > large.base);
        CHECK(page_fault_resolve(space, at, ACCESS_WRITE).verdict == FAULT_GUARD);
        CHECK_OK(address_space_find(space, base, &found));
        CHECK(vrange_size(found) == (size_t)8 << 20 && found.base == at + PAGE_SIZE);
        CHECK(space_word(space, found.base) == found.base);
        address_space_destroy(space);
}
