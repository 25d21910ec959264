/*
 * A region tree as it should be: every rule that holds between two operations, looked for in memory.
 */
#pragma once

#include "mm/address_space.h"

/*
 * Looks at every node and checks every rule: links that agree, order, no overlap, range, colours, black height, gaps,
 * largest gaps, count. Returns NULL, or in words the first rule found broken. O(n), not traced.
 */
const char *region_tree_validate(const struct region_tree *tree);

/* Likewise the tree of a space, under its lock. */
static inline const char *address_space_validate(struct address_space *space)
{
        spinlock_acquire(&space->lock);
        const char *broken_rule = region_tree_validate(address_space_tree(space));
        spinlock_release(&space->lock);
        return broken_rule;
}
