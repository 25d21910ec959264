/*
 * What becomes of regions that are in a tree: removing, resizing and splitting them, and finding them, as pictures
 * (test/drawn_tree.h).
 */
#include "test/drawn_tree.h"
#include "test/picture.h"
#include "test/test.h"

static struct placement pages(size_t count)
{
        return (struct placement){ count * PAGE_SIZE, PAGE_SIZE, 0, 0, { 0, -PAGE_SIZE } };
}

TEST(a_region_is_in_one_tree_at_a_time)
{
        struct placement request = pages(1);

        CHECK_OK(draw("..a..b.."));
        CHECK_ERROR(region_tree_remove(&drawn_tree, drawn_x), NOT_FOUND);
        CHECK_OK(region_tree_place_anywhere(&drawn_tree, drawn_x, &request));
        CHECK_ERROR(region_tree_place_anywhere(&drawn_tree, drawn_x, &request), BAD_ARGUMENT);
        CHECK_ERROR(region_tree_place_near(&drawn_tree, drawn_x, &request, 0), BAD_ARGUMENT);
        CHECK(looks_like("x.a..b.."));
        CHECK_OK(region_tree_remove(&drawn_tree, drawn_x));
        CHECK_ERROR(region_tree_remove(&drawn_tree, drawn_x), NOT_FOUND);
        CHECK(looks_like("..a..b.."));
        request = pages(2);
        CHECK_OK(region_tree_place_specifically(&drawn_tree, drawn_x, &request, picture_address(3)));
        CHECK(looks_like("..axxb.."));
        draw_nothing();
}

TEST(regions_may_be_removed_while_walking)
{
        struct region *region, *next;

        CHECK_OK(draw("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p"));
        for (region = region_tree_first(&drawn_tree); region; region = next) {
                next = region_tree_next(region);
                if (region->name[0] % 2)
                        continue;
                CHECK_OK(region_tree_remove(&drawn_tree, region));
                region_free(region);
        }
        CHECK(looks_like("a...c...e...g...i...k...m...o.."));
        draw_nothing();
}

TEST(resize_moves_either_end_up_to_the_neighbours)
{
        CHECK_OK(draw(".a..bb..c|"));
        CHECK_OK(region_tree_resize(&drawn_tree, named('b'), picture_pages(2, 8), 0, 0));
        CHECK(looks_like(".abbbbbbc|"));
        CHECK_ERROR(region_tree_resize(&drawn_tree, named('b'), picture_pages(1, 8), 0, 0), OVERLAP);
        CHECK_ERROR(region_tree_resize(&drawn_tree, named('b'), picture_pages(2, 9), 0, 0), OVERLAP);
        CHECK_ERROR(region_tree_resize(&drawn_tree, named('c'), picture_pages(8, 11), 0, 0), OUT_OF_RANGE);
        CHECK_ERROR(region_tree_resize(&drawn_tree, named('b'), picture_pages(4, 4), 0, 0), BAD_ARGUMENT);
        CHECK(looks_like(".abbbbbbc|"));
        CHECK_OK(region_tree_resize(&drawn_tree, named('b'), picture_pages(4, 5), PAGE_SIZE, 0));
        CHECK_OK(region_tree_resize(&drawn_tree, named('c'), picture_pages(7, 10), 0, 0));
        CHECK(looks_like(".a.|b..ccc"));
        draw_nothing();
}

TEST(split_gives_each_part_its_own_guard)
{
        CHECK_OK(draw("..|aaaa|."));
        CHECK_ERROR(region_tree_split(&drawn_tree, named('a'), picture_address(3), drawn_x), BAD_ARGUMENT);
        CHECK_ERROR(region_tree_split(&drawn_tree, named('a'), picture_address(7), drawn_x), BAD_ARGUMENT);
        CHECK_ERROR(region_tree_split(&drawn_tree, named('a'), picture_address(4) + 1, drawn_x), BAD_ARGUMENT);
        CHECK_OK(region_tree_split(&drawn_tree, named('a'), picture_address(4), drawn_x));
        CHECK(looks_like("..|axxx|."));
        CHECK(named('a')->guard_before == PAGE_SIZE && !named('a')->guard_after);
        CHECK(!drawn_x->guard_before && drawn_x->guard_after == PAGE_SIZE);
        draw_nothing();
}

TEST(find_tells_regions_from_holes_and_guards)
{
        CHECK_OK(draw("..|aa|.b"));
        CHECK(!region_tree_find_containing(&drawn_tree, picture_address(0)));
        CHECK(!region_tree_find_containing(&drawn_tree, picture_address(3) - 1));
        CHECK(region_tree_find_containing(&drawn_tree, picture_address(3)) == named('a'));
        CHECK(region_tree_find_containing(&drawn_tree, picture_address(5) - 1) == named('a'));
        CHECK(!region_tree_find_containing(&drawn_tree, picture_address(5)));
        CHECK(region_tree_find_containing(&drawn_tree, picture_address(8) - 1) == named('b'));
        CHECK(!region_tree_find_containing(&drawn_tree, picture_address(8)));
        CHECK(region_tree_find_intersecting(&drawn_tree, (struct vrange){ 0, -PAGE_SIZE }) == named('a'));
        CHECK(region_tree_find_intersecting(&drawn_tree, picture_pages(5, 8)) == named('b'));
        CHECK(!region_tree_find_intersecting(&drawn_tree, picture_pages(5, 7)));
        CHECK(!region_tree_find_intersecting(&drawn_tree, (struct vrange){ 0, picture_address(3) }));
        draw_nothing();
}
