/*
 * Trees as pictures: a character for each page of the tree's range, a dot for a free one, a letter for a region's (the
 * first of its name), a bar for a guard.
 *
 *      "aa..|b|."      region a of two pages, a hole of two, region b between guards, a hole
 *
 * The range begins at page PICTURE_FIRST and is as long as the picture.
 */
#pragma once

#include "mm/region_tree.h"

enum { PICTURE_FIRST = 64, PICTURE_MAX = 64 };

/* A region in a picture: pages counted from the picture's first character; bars beside it are its guards. */
struct picture_region {
        char name[2];
        size_t base, end;
        size_t before, after;
};

/* The address of a page of a picture, the range of pages from `base` up to `end`, and the range of a whole picture. */
uintptr_t picture_address(size_t page);
struct vrange picture_pages(size_t base, size_t end);
struct vrange picture_range(const char *picture);

/* Yields the next region from `*at` on, and moves that behind it; false at the end of the picture. */
[[nodiscard]] bool picture_next(const char *picture, size_t *at, struct picture_region *out);

/* Whether a tree looks so and obeys every rule. If not, the console shows both. */
bool picture_matches(const char *picture, const struct region_tree *tree);
