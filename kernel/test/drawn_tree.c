#include "test/drawn_tree.h"
#include "test/picture.h"

struct region_tree drawn_tree;
struct region *drawn_x;

struct error draw(const char *picture)
{
        struct picture_region shown;
        size_t at = 0;

        region_tree_init(&drawn_tree, picture_range(picture));
        TRY(region_create("x", PROTECT_READ, &drawn_x));
        while (picture_next(picture, &at, &shown)) {
                struct placement request = {
                        .size = (shown.end - shown.base) * PAGE_SIZE, .alignment = PAGE_SIZE,
                        .guard_before = shown.before * PAGE_SIZE, .guard_after = shown.after * PAGE_SIZE,
                        .window = { 0, -PAGE_SIZE },
                };
                struct region *region;

                TRY(region_create(shown.name, PROTECT_READ, &region));
                TRY(region_tree_place_specifically(&drawn_tree, region, &request, picture_address(shown.base)));
        }
        return SUCCESS;
}

bool looks_like(const char *picture)
{
        return picture_matches(picture, &drawn_tree);
}

void draw_nothing(void)
{
        struct region *region;

        while ((region = region_tree_first(&drawn_tree))) {
                error_ignore(region_tree_remove(&drawn_tree, region));
                if (region != drawn_x)
                        region_free(region);
        }
        region_free(drawn_x);
        region_tree_destroy(&drawn_tree);
}

struct region *named(char name)
{
        struct region *region = region_tree_first(&drawn_tree);

        while (region && region->name[0] != name)
                region = region_tree_next(region);
        return region;
}
