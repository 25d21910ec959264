#include "mm/address_space_internal.h"

static bool makes_sense(const struct mapping *mapping)
{
        const bool shared = mapping->sharing == MAP_SHARED;
        size_t end;
        return mapping->sharing <= MAP_SHARED && !(mapping->offset % PAGE_SIZE) &&
               (!mapping->offset || mapping->file) && !__builtin_add_overflow(mapping->offset, mapping->size, &end) &&
               !(shared && mapping->file) && !(mapping->grows && (shared || mapping->file));
}

/* Private zeros of a fixed size need no backing. */
static struct error make_backing(const struct mapping *mapping, struct region_backing **out)
{
        const struct region_backing model = {
                .sharing = mapping->sharing,
                .grows = mapping->grows,
                .file = mapping->file,
                .file_size = mapping->file ? mapping->file_size : 0,
        };
        *out = NULL;
        if (model.sharing == MAP_PRIVATE && !model.grows && !model.file)
                return SUCCESS;
        return region_backing_create(&model, out);
}

static struct error make_region(const struct mapping *mapping, struct region **out)
{
        struct region *region;
        if (!makes_sense(mapping))
                return FAIL(BAD_ARGUMENT);
        TRY(region_create(mapping->name ? mapping->name : "", mapping->protection, &region));
        TRY_OR(make_backing(mapping, &region->backing), region_free(region));
        *out = region;
        return SUCCESS;
}

/* Whether a guard of a region that stays would still be in the way once `footprint` is unmapped. */
static bool guards_reach_into(struct region_tree *tree, struct vrange footprint)
{
        const struct region *region = region_tree_find_intersecting(tree, footprint);
        if (!region)
                return false;           /* nothing will be unmapped: placing finds whatever is in the way */
        const struct region *below = region_tree_previous(region);
        if (below && below->end > footprint.base)
                return true;
        while (region && region_range(region).base < footprint.end)
                region = region_tree_next(region);
        return region && region->base < footprint.end;
}

/* Everything that can fail is tried before anything is unmapped. */
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

static struct error place(struct address_space *space, struct region *region, const struct mapping *mapping)
        REQUIRES(space->lock)
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
                return region_tree_place_random(tree, region, &request, &space->guarded_.rng);
        case MAP_ANYWHERE:
                return region_tree_place_anywhere(tree, region, &request);
        case MAP_SPECIFICALLY:
                return region_tree_place_specifically(tree, region, &request, mapping->address);
        case MAP_REPLACE:
                return place_instead(space, region, &request, mapping->address);
        case MAP_NEAR:
                return region_tree_place_near(tree, region, &request, mapping->address);
        }
        return FAIL(BAD_ARGUMENT);
}

static struct error map_locked(struct address_space *space, const struct mapping *mapping, uintptr_t *base)
        REQUIRES(space->lock)
{
        struct region *region;
        TRY(make_region(mapping, &region));
        TRY_OR(place(space, region, mapping), region_release(region));
        *base = region_range(region).base;
        if (region->backing)
                region->backing->origin = *base - mapping->offset;
        return SUCCESS;
}

struct error address_space_map(struct address_space *space, const struct mapping *mapping, uintptr_t *base)
{
        operation_begin(space, MAP, mapping->address, mapping->size, mapping->protection);
        struct error error = map_locked(space, mapping, base);
        return operation_end(space, error, error.code ? 0 : *base);
}
