#include "arch/clock.h"
#include "mm/address_space.h"
#include "mm/frames.h"
#include "mm/layout.h"
#include "task/system_call.h"
#include "test/space_find.h"
#include "test/test.h"
#include "test/validate.h"

static const struct vrange whole = { 0x10000, 0x10000 + 512 * PAGE_SIZE };

static struct vrange pages(size_t first, size_t count)
{
        return (struct vrange){ whole.base + first * PAGE_SIZE, whole.base + (first + count) * PAGE_SIZE };
}

static struct error map(struct address_space *space, struct vrange range, enum where where)
{
        uintptr_t base;

        return address_space_map(space, &(struct mapping){ .name = "test", .size = vrange_size(range),
                                 .protection = PROTECT_READ, .where = where, .address = range.base }, &base);
}

static struct error do_something(struct address_space *space, struct rng *rng)
{
        struct vrange range = pages(rng_below(rng, 512), 1 + rng_below(rng, 16)), found;

        switch (rng_below(rng, 6)) {
        default:
                return map(space, range, (enum where)rng_below(rng, MAP_NEAR + 1));
        case 3:
                return address_space_unmap(space, range);
        case 4:
                return address_space_protect(space, range, (enum protection)rng_below(rng, 8));
        case 5:
                return address_space_find(space, range.base, &found);
        }
}

TEST(random_operations_keep_every_rule_of_the_tree)
{
        struct address_space *space;
        const char *broken = NULL;
        struct rng rng;

        rng_seed(&rng, 1);
        CHECK_OK(address_space_create("random", whole, 1, &space));
        for (int i = 0; i < 500 && !broken; i++) {
                error_ignore(do_something(space, &rng));
                broken = address_space_validate(space);
        }
        address_space_destroy(space);
        CHECK(!broken);
}

TEST(a_map_that_finds_no_frame_changes_nothing)
{
        struct address_space *space;
        struct error error = SUCCESS;
        size_t mapped = 0;
        const char *broken;

        CHECK_OK(address_space_create("poor", whole, 1, &space));
        frames_fail_after(0);
        while (!error.code && mapped < 100) {           /* until kmalloc has used up the frames it has */
                error = map(space, pages(0, 1), MAP_ANYWHERE);
                mapped += !error.code;
        }
        frames_fail_after(FAIL_NEVER);
        broken = address_space_validate(space);
        CHECK(address_space_totals(space).regions == mapped);
        address_space_destroy(space);
        CHECK(mapped < 100);
        CHECK(!broken);
}

static struct error map_by_default(uint64_t seed, uintptr_t *base)
{
        struct address_space *space;
        struct error error;

        TRY(address_space_create("random", (struct vrange){ USER_BASE, USER_END }, seed, &space));
        error = address_space_map(space, &(struct mapping){ .name = "test", .size = PAGE_SIZE }, base);
        address_space_destroy(space);
        return error;
}

TEST(what_does_not_say_where_is_placed_by_28_random_bits_or_more_and_a_seed_repeats_it)
{
        uintptr_t first, base, different = 0;
        size_t bits = 0;

        CHECK_OK(map_by_default(1, &first));
        CHECK_OK(map_by_default(1, &base));
        CHECK(base == first);
        for (uint64_t seed = 2; seed < 64; seed++) {
                CHECK_OK(map_by_default(seed, &base));
                different |= base ^ first;
        }
        for (; different; different &= different - 1)
                bits++;
        CHECK(bits >= 28);
}

TEST(regions_listed_in_parts_are_all_there_once_and_in_order)
{
        enum { COUNT = 7, PART = 3 };
        struct region_listing part[PART];
        struct address_space *space;
        uintptr_t from = 0;
        size_t listed = 0, count;

        CHECK_OK(address_space_create("listed", whole, 1, &space));
        for (size_t i = 0; i < COUNT; i++)
                CHECK_OK(map(space, pages(3 * i, 1 + i % 3), MAP_SPECIFICALLY));
        while ((count = address_space_list(space, from, part, PART))) {
                for (size_t i = 0; i < count; i++, listed++)
                        CHECK(part[i].base == pages(3 * listed, 1).base);
                from = part[count - 1].end;
        }
        CHECK(listed == COUNT);
        CHECK(address_space_totals(space).regions == COUNT);
        address_space_destroy(space);
}

/* How long it takes to list all regions in parts, a region: the shortest of a few tries, in ticks. */
static uint64_t time_of_listing_one(struct address_space *space, size_t regions)
{
        struct region_listing part[8];
        uint64_t shortest = UINT64_MAX;

        for (int try = 0; try < 4; try++) {
                const uint64_t begin = clock_ticks();
                uintptr_t from = 0;
                size_t count;

                while ((count = address_space_list(space, from, part, sizeof part / sizeof *part)))
                        from = part[count - 1].end;
                if (clock_ticks() - begin < shortest)
                        shortest = clock_ticks() - begin;
        }
        return shortest / regions;
}

TEST(a_region_is_listed_as_fast_among_many_as_among_few)
{
        enum { FEW = 24, MANY = 240 };
        struct address_space *space;
        uint64_t among_few = 0;

        CHECK_OK(address_space_create("listed", whole, 1, &space));
        for (size_t i = 0; i < MANY; i++) {
                CHECK_OK(map(space, pages(2 * i, 1), MAP_SPECIFICALLY));
                if (i + 1 == FEW)
                        among_few = time_of_listing_one(space, FEW);
        }
        CHECK(time_of_listing_one(space, MANY) < 2 * among_few);
        address_space_destroy(space);
}
