#include "mm/region_tree.h"
#include "test/test.h"

static const struct vrange range = { 0x10000, 0x20000 };

static struct placement pages(size_t count)
{
        return (struct placement){ .size = count * PAGE_SIZE, .alignment = PAGE_SIZE, .window = range };
}

/* A tree with two pages, a hole of one, and one page, from the beginning of its range on; and a region to place. */
struct scene {
        struct region_tree tree;
        struct region *low, *high, *spare;
};

static struct error set_up(struct scene *scene)
{
        const struct placement two = pages(2), one = pages(1);

        region_tree_init(&scene->tree, range);
        TRY(region_create("low", PROTECT_READ, &scene->low));
        TRY(region_create("high", PROTECT_READ, &scene->high));
        TRY(region_create("spare", PROTECT_READ, &scene->spare));
        TRY(region_tree_place_anywhere(&scene->tree, scene->low, &two));
        return region_tree_place_specifically(&scene->tree, scene->high, &one, range.base + 3 * PAGE_SIZE);
}

static void take_down(struct scene *scene)
{
        struct region *region;

        while ((region = region_tree_first(&scene->tree)))
                region_tree_remove(&scene->tree, region);
        region_tree_destroy(&scene->tree);
        region_free(scene->low);
        region_free(scene->high);
        region_free(scene->spare);
}

TEST(place_takes_the_lowest_hole_of_exactly_the_size)
{
        const struct placement one = pages(1);
        struct scene scene;

        CHECK_OK(set_up(&scene));
        CHECK_OK(region_tree_place_anywhere(&scene.tree, scene.spare, &one));
        CHECK(region_range(scene.spare).base == range.base + 2 * PAGE_SIZE);
        CHECK(!region_tree_validate(&scene.tree));
        take_down(&scene);
}

TEST(place_refuses_what_fits_nowhere_and_what_is_taken)
{
        const struct placement most = pages(12), more = pages(13);
        const uintptr_t hole = range.base + 2 * PAGE_SIZE;
        struct scene scene;

        CHECK_OK(set_up(&scene));
        CHECK_ERROR(region_tree_place_anywhere(&scene.tree, scene.spare, &more), NO_MEMORY);
        CHECK_ERROR(region_tree_place_specifically(&scene.tree, scene.spare, &most, hole), OVERLAP);
        CHECK(!scene.spare->in_tree && !region_tree_validate(&scene.tree));
        CHECK_OK(region_tree_place_anywhere(&scene.tree, scene.spare, &most));
        take_down(&scene);
}

TEST(find_tells_a_region_from_the_hole_beside_it)
{
        struct scene scene;

        CHECK_OK(set_up(&scene));
        CHECK(region_tree_find_containing(&scene.tree, range.base) == scene.low);
        CHECK(region_tree_find_containing(&scene.tree, range.base + 2 * PAGE_SIZE - 1) == scene.low);
        CHECK(!region_tree_find_containing(&scene.tree, range.base + 2 * PAGE_SIZE));
        CHECK(region_tree_find_containing(&scene.tree, range.base + 3 * PAGE_SIZE) == scene.high);
        CHECK(region_tree_find_intersecting(&scene.tree, range) == scene.low);
        take_down(&scene);
}
