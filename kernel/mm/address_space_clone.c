#include "mm/address_space_internal.h"

static struct error copy_region(struct address_space *parent, struct address_space *child, const struct region *region)
        REQUIRES(parent->lock) REQUIRES(child->lock)
{
        const struct vrange range = region_range(region);
        struct region_tree *tree = address_space_tree(child);
        const struct placement request = placement_as_is(tree, region);
        struct region *copy;
        TRY(region_like(region, &copy));
        TRY(region_tree_place_specifically(tree, copy, &request, range.base));         /* it is free */
        if (region_object(region))
                return SUCCESS;                 /* the object has its pages */
        return user_pages_share(address_space_pages(parent), address_space_pages(child), range);
}

/* The child needs no lock before anyone else knows it. */
static struct error copy_regions(struct address_space *parent, struct address_space *child)
        REQUIRES(parent->lock) NO_LOCK_ANALYSIS
{
        const struct region *region = region_tree_first(address_space_tree(parent));
        const struct vrange whole = address_space_range(child);
        struct error error = SUCCESS;
        tell_begin(child, CLONE, whole.base, vrange_size(whole), PROTECT_NONE);
        trace_space_cloned(child->watched.id, parent->watched.id);
        for (; region && !error.code; region = region_tree_next(region))
                error = copy_region(parent, child, region);
        return tell_end(child, error, whole.base);
}

/* The parent is not changed before nothing can fail any more. What it writes until then, both see. */
static struct error clone_locked(struct address_space *parent, struct address_space *child) REQUIRES(parent->lock)
{
        const struct region *region = region_tree_first(address_space_tree(parent));
        TRY(copy_regions(parent, child));
        for (; region; region = region_tree_next(region)) {
                if (!region_object(region))
                        user_pages_protect(address_space_pages(parent), region);
        }
        return SUCCESS;
}

struct error address_space_clone(struct address_space *parent, const char *name, uint64_t seed,
                                 struct address_space **out)
{
        struct address_space *child;
        TRY(address_space_create(name, address_space_range(parent), seed, &child));
        spinlock_acquire(&parent->lock);
        struct error error = clone_locked(parent, child);
        spinlock_release(&parent->lock);
        TRY_OR(error, address_space_destroy(child));
        *out = child;
        return SUCCESS;
}
