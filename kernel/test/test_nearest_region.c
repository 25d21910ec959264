/* What the report of a wrong access names: the region that the address lies in, or else the nearest one. */
#include "lib/string.h"
#include "mm/layout.h"
#include "mm/page_fault.h"
#include "test/test.h"

static const struct vrange whole = { USER_BASE, USER_BASE + 64 * PAGE_SIZE };

static uintptr_t page(size_t n)
{
        return whole.base + n * PAGE_SIZE;
}

static struct error map_pages(struct address_space *space, const char *name, size_t first, size_t count)
{
        const struct mapping mapping = { .name = name, .size = count * PAGE_SIZE, .protection = PROTECT_READ,
                                         .where = MAP_SPECIFICALLY, .address = page(first) };
        uintptr_t base;

        return address_space_map(space, &mapping, &base);
}

static struct region_seen nearest(struct address_space *space, uintptr_t address)
{
        return page_fault_resolve(space, address, ACCESS_READ).region;
}

static bool nearest_is(struct address_space *space, uintptr_t address, const char *name)
{
        return !strcmp(nearest(space, address).name, name);
}

/* The root of the tree is neither the first region nor the last: so a way down ends on either side of it. */
static struct error make_space(struct address_space **out)
{
        TRY(address_space_create("neighbours", whole, 1, out));
        TRY(map_pages(*out, "middle", 20, 4));
        TRY(map_pages(*out, "low", 10, 2));
        return map_pages(*out, "high", 40, 2);
}

TEST(the_nearest_region_is_the_one_above_or_the_one_below)
{
        struct address_space *space;

        CHECK_OK(make_space(&space));
        CHECK(nearest_is(space, page(11), "low"));
        CHECK(nearest_is(space, page(14), "low") && nearest_is(space, page(18), "middle"));
        CHECK(nearest_is(space, page(28), "middle") && nearest_is(space, page(36), "high"));
        address_space_destroy(space);
}

TEST(the_nearest_region_to_an_end_of_the_space_is_the_first_or_the_last)
{
        struct address_space *space;

        CHECK_OK(make_space(&space));
        CHECK(nearest_is(space, page(0), "low"));
        CHECK(nearest_is(space, page(42), "high") && nearest_is(space, page(63), "high"));
        CHECK_OK(address_space_unmap(space, whole));
        CHECK(!nearest(space, page(20)).range.end);
        address_space_destroy(space);
}
