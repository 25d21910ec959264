/* Unmapping: whole regions go, regions across the ends of the range are cut, a region around it is split. */
#include "mm/address_space_internal.h"

/* Takes `range` out of one region; what remains on both sides needs the spare, which is then used up. */
static struct error take_out(struct address_space *space, struct region *region, struct vrange range,
                             struct region *spare) REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        struct vrange own = region_range(region);
        drop_pages(space, vrange_intersection(own, range));
        if (remains_below(region, range)) {
                if (remains_above(region, range))
                        TRY(region_tree_split(tree, region, range.end, spare));
                own.end = range.base;
                return region_tree_resize(tree, region, own, region->guard_before, 0);
        }
        if (remains_above(region, range)) {
                own.base = range.end;
                return region_tree_resize(tree, region, own, 0, region->guard_after);
        }
        remove_region(space, region);
        return SUCCESS;
}

/* Nothing but the spare can be refused, so that comes first. */
struct error unmap_locked(struct address_space *space, struct vrange range)
{
        struct region *next, *spare = NULL;
        TRY(check_range(range));
        struct region *region = region_tree_find_intersecting(address_space_tree(space), range);
        if (region && remains_below(region, range) && remains_above(region, range))
                TRY(region_like(region, &spare));
        for (; region && region_range(region).base < range.end; region = next) {
                next = region_tree_next(region);
                TRY(take_out(space, region, range, spare));
        }
        return SUCCESS;
}
