#include "test/space_find.h"
#include "mm/address_space_internal.h"

struct error address_space_find(struct address_space *space, uintptr_t address, struct vrange *range)
{
        operation_begin(space, SPACE_FIND, address, 1, PROTECT_NONE);
        const struct region *region = region_tree_find_containing(address_space_tree(space), address);
        if (!region)
                return operation_end(space, FAIL(NOT_FOUND), 0);
        *range = region_range(region);
        return operation_end(space, SUCCESS, range->base);
}
