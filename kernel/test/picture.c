#include "test/picture.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "test/validate.h"

uintptr_t picture_address(size_t page)
{
        return (PICTURE_FIRST + page) * PAGE_SIZE;
}

struct vrange picture_pages(size_t base, size_t end)
{
        return (struct vrange){ picture_address(base), picture_address(end) };
}

struct vrange picture_range(const char *picture)
{
        return picture_pages(0, strlen(picture));
}

/* How many characters of this kind there are from `at` on. */
static size_t run_of(const char *picture, size_t at, char kind)
{
        size_t length = 0;

        while (picture[at + length] == kind)
                length++;
        return length;
}

bool picture_next(const char *picture, size_t *at, struct picture_region *out)
{
        *at += run_of(picture, *at, '.');
        if (!picture[*at])
                return false;
        out->before = run_of(picture, *at, '|');
        out->base = *at + out->before;
        out->name[0] = picture[out->base];
        out->name[1] = 0;
        out->end = out->base + run_of(picture, out->base, picture[out->base]);
        out->after = run_of(picture, out->end, '|');
        *at = out->end + out->after;
        return true;
}

static void fill(char *picture, uintptr_t base, uintptr_t end, char with)
{
        memset(picture + base / PAGE_SIZE - PICTURE_FIRST, with, (end - base) / PAGE_SIZE);
}

static void draw(const struct region_tree *tree, char *picture)
{
        size_t length = vrange_size(tree->range) / PAGE_SIZE;

        memset(picture, '.', length);
        picture[length] = 0;
        for (const struct region *region = region_tree_first(tree); region; region = region_tree_next(region)) {
                fill(picture, region->base, region->end, '|');
                fill(picture, region_range(region).base, region_range(region).end, region->name[0]);
        }
}

bool picture_matches(const char *picture, const struct region_tree *tree)
{
        const char *broken = region_tree_validate(tree);
        char now[PICTURE_MAX + 1];

        if (broken) {
                kprintf("# the tree is broken: %s\n", broken);
                return false;
        }
        draw(tree, now);
        if (!strcmp(now, picture))
                return true;
        kprintf("# expected %s\n#      got %s\n", picture, now);
        return false;
}
