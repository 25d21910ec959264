#include "mm/memory_manager.h"

struct error memory_manager_place(struct region_tree *tree, struct region *region, size_t size, enum guards guards)
{
        const size_t guard = guards == WITH_GUARDS ? PAGE_SIZE : 0;
        struct placement request = { size, PAGE_SIZE, guard, guard, tree->range };
        if (!vrange_round_up(&request.size, size))
                return FAIL(NO_MEMORY);
        return region_tree_place_anywhere(tree, region, &request);
}
