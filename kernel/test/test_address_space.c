#include "mm/address_space.h"
#include "mm/frames.h"
#include "test/test.h"

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
                return map(space, range, (enum where)rng_below(rng, MAP_RANDOM + 1));
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
                broken = region_tree_validate(&space->tree);
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
        frames_fail_after(FRAMES_FAIL_NEVER);
        broken = region_tree_validate(&space->tree);
        CHECK(space->tree.count == mapped);
        address_space_destroy(space);
        CHECK(mapped < 100);
        CHECK(!broken);
}
