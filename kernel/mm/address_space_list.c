#include "lib/string.h"
#include "mm/address_space_internal.h"
#include "mm/region_listing.h"

static struct region_listing listing_of(const struct region *region, const struct page_table *pages)
{
        const struct vrange range = region_range(region);
        struct region_listing listing = {
                .base = range.base,
                .end = range.end,
                .protection = region->protection,
                .colour = rbtree_colour(&region->node),
                .sharing = region_sharing(region),
                .pages = (uint32_t)user_pages_count(pages, range),
        };

        for (const struct rbtree_node *node = rbtree_parent(&region->node); node; node = rbtree_parent(node))
                listing.depth++;
        memcpy(listing.name, region->name, sizeof listing.name);
        return listing;
}

size_t address_space_list(struct address_space *space, uintptr_t from, struct region_listing *out, size_t most)
{
        size_t count = 0;
        spinlock_acquire(&space->lock);
        const struct region *region = region_tree_first(address_space_tree(space));
        for (; region && count < most; region = region_tree_next(region)) {
                if (region_range(region).end > from)
                        out[count++] = listing_of(region, address_space_pages(space));
        }
        spinlock_release(&space->lock);
        return count;
}

struct address_space_totals address_space_totals(struct address_space *space)
{
        spinlock_acquire(&space->lock);
        const struct region_tree *tree = address_space_tree(space);
        const size_t regions = tree->count, pages = user_pages_count(address_space_pages(space), tree->range);
        spinlock_release(&space->lock);
        return (struct address_space_totals){ regions, pages };
}
