/*
 * Changing what a range allows. Regions are split at its ends, if they must differ then, and joined with their
 * neighbours where they have become alike: so a space does not fall into ever smaller pieces.
 */
#include "lib/string.h"
#include "mm/address_space_internal.h"

/* Joins regions that are alike, from `region` on up to the first that begins above `end`. O(log n) for each joined. */
static struct error join(struct address_space *space, struct region *region, uintptr_t end) REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        struct region *next = region_tree_next(region);
        for (; next && region_range(next).base <= end; next = region_tree_next(region)) {
                const struct vrange both = { region_range(region).base, region_range(next).end };
                const size_t guard_after = next->guard_after;
                const bool touch = region_range(region).end == region_range(next).base;
                const bool are_alike = region->protection == next->protection && !strcmp(region->name, next->name) &&
                                       region_backing_is_alike(region->backing, next->backing);
                if (touch && are_alike) {
                        remove_region(space, next);
                        TRY(region_tree_resize(tree, region, both, region->guard_before, guard_after));
                } else {
                        region = next;
                }
                operation_did(space, (struct vrange){ 0 });
        }
        return SUCCESS;
}

/* The regions that a change needs for what is split at the ends of its range; NULL where nothing is. */
struct spares {
        struct region *lower, *upper;
};

static struct error make_spares(const struct region *first, const struct region *last, struct vrange range,
                                enum protection protection, struct spares *out)
{
        if (remains_below(first, range) && first->protection != protection)
                TRY(region_like(first, &out->lower));
        if (remains_above(last, range) && last->protection != protection)
                TRY_OR(region_like(last, &out->upper), region_release(out->lower));
        return SUCCESS;
}

static struct error protect_locked(struct address_space *space, struct vrange range, enum protection protection)
        REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        struct region *first, *last;
        struct spares spare = { 0 };
        bool any = false;
        TRY(check_range(range));
        TRY(find_mapped(space, range, &first, &last));
        TRY(make_spares(first, last, range, protection, &spare));
        if (spare.upper)
                TRY(region_tree_split(tree, last, range.end, spare.upper));
        if (spare.lower) {
                TRY(region_tree_split(tree, first, range.base, spare.lower));
                first = spare.lower;            /* the part inside the range */
        }
        struct region *before = region_tree_previous(first);
        for (struct region *region = first; region && region_range(region).base < range.end;
             region = region_tree_next(region))
                any |= region_set_protection(region, protection) && protect_pages(space, region);
        if (any)
                tlb_flush(address_space_pages(space), range);
        return join(space, before ? before : first, range.end);
}

struct error address_space_protect(struct address_space *space, struct vrange range, enum protection protection)
{
        operation_begin(space, PROTECT, range.base, range.end - range.base, protection);
        return operation_end(space, protect_locked(space, range, protection), range.base);
}
