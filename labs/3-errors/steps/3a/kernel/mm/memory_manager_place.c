#include "mm/memory_manager.h"

/*
 * Where the next region goes. The kernel has so many addresses that none is used twice: each region lies above all that
 * were placed before it. So no record of what is free is needed here.
 */
static uintptr_t next GUARDED_BY(memory_manager_lock);

struct error memory_manager_place(struct region_tree *tree, struct region *region, size_t size, enum guards guards)
{
        const size_t guard = guards == WITH_GUARDS ? PAGE_SIZE : 0;
        struct placement request = { size, PAGE_SIZE, guard, guard, tree->range };
        if (!vrange_round_up(&request.size, size))
                return FAIL(NO_MEMORY);
        if (next < tree->range.base)
                next = tree->range.base;
        if (request.size > tree->range.end - next)
                return FAIL(NO_MEMORY);
        TRY(region_tree_place_alone(tree, region, &request, next + guard));
        next = region->end;
        return SUCCESS;
}
