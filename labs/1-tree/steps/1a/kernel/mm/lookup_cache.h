/*
 * The region that was found last, kept for the next lookup: a program often uses the same region many times in a row. It is
 * asked first. What it remembers must be forgotten when the region leaves the tree, or it would point to freed memory.
 */
#pragma once

#include "mm/region_tree.h"
#include "trace/trace.h"

/* The region found last, if it has this address; else NULL, and the tree must be searched. O(1). */
static inline struct region *lookup_cache_find(const struct region_tree *tree, uintptr_t address)
{
        if (tree->last_found && vrange_contains(region_range(tree->last_found), address)) {
                trace_lookup_hit(tree->id, tree->last_found->id, address);
                return tree->last_found;
        }
        trace_lookup_missed(tree->id, address);
        return NULL;
}

/* `found` is the region found last; NULL changes nothing. O(1). */
static inline void lookup_cache_keep(struct region_tree *tree, struct region *found)
{
        if (found)
                tree->last_found = found;
}

/* A region leaves the tree. O(1). */
static inline void lookup_cache_drop(struct region_tree *tree, const struct region *region)
{
        if (tree->last_found != region)
                return;
        tree->last_found = NULL;
        trace_lookup_dropped(tree->id, region->id);
}
