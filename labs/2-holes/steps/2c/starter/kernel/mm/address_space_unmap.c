/* Unmapping, one page after the other. */
#include "mm/address_space_internal.h"

/* Takes a page out of the region that has it, if one has. */
static struct error take_out_page(struct address_space *space, struct vrange page) REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        struct region *region = region_tree_find_containing(tree, page.base), *upper;

        if (!region)
                return SUCCESS;

        struct vrange rest = region_range(region);
        const bool stays_below = remains_below(region, page), stays_above = remains_above(region, page);

        if (stays_below && stays_above) {
                TRY(region_like(region, &upper));
                TRY_OR(region_tree_split(tree, region, page.end, upper), region_release(upper));
        }
        drop_pages(space, page);
        if (stays_below) {
                rest.end = page.base;
                return region_tree_resize(tree, region, rest, region->guard_before, 0);
        }
        if (stays_above) {
                rest.base = page.end;
                return region_tree_resize(tree, region, rest, 0, region->guard_after);
        }
        remove_region(space, region);
        return SUCCESS;
}

/* Where to go on behind a page: at the next one, or where the next region begins. */
static uintptr_t next_page(const struct region_tree *tree, uintptr_t page)
{
        struct region *below, *above = region_tree_above(tree, page, &below);

        if (!above)
                return UINTPTR_MAX;
        return region_range(above).base > page ? region_range(above).base : page + PAGE_SIZE;
}

/* Only the first page can be inside a region; then that needs memory, and may be refused. O(pages (n + log n)). */
struct error unmap_locked(struct address_space *space, struct vrange range)
{
        TRY(check_range(range));
        for (uintptr_t page = range.base; page < range.end; page = next_page(address_space_tree(space), page))
                TRY(take_out_page(space, (struct vrange){ page, page + PAGE_SIZE }));
        return SUCCESS;
}
