/*
 * Where a new region goes: the one place where a request for a mapping becomes a placement in the tree.
 * The allocator records which addresses are free, and answers.
 */
#include "mm/address_space_internal.h"
#include "mm/virtual_range_allocator.h"

/*
 * Whether the guard of a region that stays would still be in the way once `footprint` is unmapped. Regions in the
 * footprint go, or lose the guard on its side. So only a region that ends below its base, or one that begins above its
 * end, can be in the way. O(log n).
 */
static bool guards_reach_into(struct region_tree *tree, struct vrange footprint)
{
        const struct region *region = region_tree_find_intersecting(tree, footprint);
        if (!region)
                return false;           /* nothing will be unmapped: placing finds whatever is in the way */
        const struct region *before = region_tree_previous(region);
        if (before && before->end > footprint.base)
                return true;
        struct region *below, *above = region_tree_above(tree, footprint.end - 1, &below);
        return above && above->base < footprint.end && region_range(above).base >= footprint.end;
}

/* What can be refused is tried before anything is unmapped, but for the allocator's memory. */
static struct error place_instead(struct address_space *space, struct region *region, const struct placement *request,
                                  uintptr_t base) REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        struct vrange footprint;
        TRY(region_tree_check_placement(tree, request, base, &footprint));
        if (guards_reach_into(tree, footprint))
                return FAIL(OVERLAP);
        TRY(unmap_locked(space, footprint));
        return region_tree_place_specifically(tree, region, request, base);
}

/* At random, near a hint, or anywhere: where the allocator says. */
static struct error place_where_free(struct address_space *space, struct region *region,
                                     const struct placement *request, const struct mapping *mapping)
        REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        struct virtual_range_allocator *allocator;
        uintptr_t base;
        TRY(region_tree_check_request(request));
        if (mapping->where == MAP_ANYWHERE)
                return region_tree_place_anywhere(tree, region, request);
        TRY(region_tree_allocator(tree, &allocator));
        if (mapping->where == MAP_RANDOM)
                TRY(virtual_range_allocator_find_random(allocator, request, &address_space_state(space)->rng, &base));
        else
                TRY(virtual_range_allocator_find_near(allocator, request, mapping->address, &base));
        return region_tree_place_specifically(tree, region, request, base);
}

struct error place_region(struct address_space *space, struct region *region, const struct mapping *mapping)
{
        struct region_tree *tree = address_space_tree(space);
        const struct placement request = {
                .size = mapping->size,
                .alignment = mapping->alignment ? mapping->alignment : PAGE_SIZE,
                .guard_before = mapping->guard_before,
                .guard_after = mapping->guard_after,
                .window = mapping->window.end ? mapping->window : tree->range,
        };

        switch (mapping->where) {
        case MAP_RANDOM:
        case MAP_ANYWHERE:
        case MAP_NEAR:
                return place_where_free(space, region, &request, mapping);
        case MAP_SPECIFICALLY:
                return region_tree_place_specifically(tree, region, &request, mapping->address);
        case MAP_REPLACE:
                return place_instead(space, region, &request, mapping->address);
        }
        return FAIL(BAD_ARGUMENT);
}
