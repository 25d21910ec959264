/*
 * What mm/region_tree_lookup.c uses, and finding the lowest region of a range, which uses it.
 */
#pragma once

#include "mm/region_tree_internal.h"

/* A lookup begins; a range of one byte is an address. */
static inline void begin_find(struct region_tree *tree, struct vrange range)
{
        const struct placement request = { .size = vrange_size(range), .alignment = 1, .window = tree->range };

        operation_begin(tree, FIND, NULL, &request, range.base);
}

/* It ends: with a region, or NULL if there is none. Yields it. */
static inline struct region *end_find(const struct region_tree *tree, struct region *found)
{
        operation_end(tree, found ? ERROR_OK : ERROR_NOT_FOUND, found);
        return found;
}
