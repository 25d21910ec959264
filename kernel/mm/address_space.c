#include "mm/address_space.h"
#include "mm/kmalloc.h"
#include "trace/trace.h"

/* --- the frame of every operation ------------------------------------------------------------------------- */

static void begin(struct address_space *space, enum space_operation kind, uintptr_t base, size_t size,
                  enum protection protection)
{
        space->tree.cause = ++space->operations;
        trace_space_begin(space->watched.id, space->operations, kind, base, size, protection);
}

static struct error end(struct address_space *space, struct error error, uintptr_t base)
{
        trace_space_end(space->watched.id, space->operations, (enum error_code)error.code, error.code ? 0 : base);
        space->tree.cause = 0;
        return error;
}

static struct error check_range(struct vrange range)
{
        return vrange_is_empty(range) || !vrange_is_page_aligned(range) ? FAIL(BAD_ARGUMENT) : SUCCESS;
}

/* --- unmap ------------------------------------------------------------------------------------------------ */

/* What is left of a region when `range` is taken out of it. */
static bool remains_below(const struct region *region, struct vrange range)
{
        return region_range(region).base < range.base;
}

static bool remains_above(const struct region *region, struct vrange range)
{
        return region_range(region).end > range.end;
}

/* Takes `range` out of one region; what remains on both sides needs the spare, which is then used up. */
static struct error take_out(struct address_space *space, struct region *region, struct vrange range,
                             struct region *spare)
{
        struct region_tree *tree = &space->tree;
        struct vrange own = region_range(region);

        user_pages_drop(&space->pages, vrange_intersection(own, range));
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
        TRY(region_tree_remove(tree, region));
        region_free(region);
        return SUCCESS;
}

static struct error unmap(struct address_space *space, struct vrange range)
{
        struct region *region, *next, *spare = NULL;

        TRY(check_range(range));
        region = region_tree_find_intersecting(&space->tree, range);
        if (region && remains_below(region, range) && remains_above(region, range))
                TRY(region_create(region->name, region->protection, &spare));
        for (; region && region_range(region).base < range.end; region = next) {
                next = region_tree_next(region);
                TRY(take_out(space, region, range, spare));
        }
        return SUCCESS;
}

struct error address_space_unmap(struct address_space *space, struct vrange range)
{
        begin(space, UNMAP, range.base, range.end - range.base, PROTECT_NONE);
        return end(space, unmap(space, range), range.base);
}

/* --- map -------------------------------------------------------------------------------------------------- */

/* Whether a guard of a region that stays would still be in the way once `footprint` is unmapped. */
static bool guards_reach_into(struct region_tree *tree, struct vrange footprint)
{
        struct region *region = region_tree_find_intersecting(tree, footprint), *below;

        if (!region)
                return false;           /* nothing will be unmapped: placing finds whatever is in the way */
        below = region_tree_previous(region);
        if (below && below->end > footprint.base)
                return true;
        while (region && region_range(region).base < footprint.end)
                region = region_tree_next(region);
        return region && region->base < footprint.end;
}

/* Everything that can fail is tried before anything is unmapped. */
static struct error place_instead(struct address_space *space, struct region *region, const struct placement *request,
                                  uintptr_t base)
{
        struct region_tree *tree = &space->tree;
        struct vrange footprint;

        TRY(region_tree_check_placement(tree, request, base, &footprint));
        if (guards_reach_into(tree, footprint))
                return FAIL(OVERLAP);
        TRY(unmap(space, footprint));
        return region_tree_place_specifically(tree, region, request, base);
}

static struct error place(struct address_space *space, struct region *region, const struct mapping *mapping)
{
        struct region_tree *tree = &space->tree;
        struct placement request = {
                .size = mapping->size,
                .alignment = mapping->alignment ? mapping->alignment : PAGE_SIZE,
                .guard_before = mapping->guard_before,
                .guard_after = mapping->guard_after,
                .window = mapping->window.end ? mapping->window : tree->range,
        };

        switch (mapping->where) {
        case MAP_ANYWHERE:
                return region_tree_place_anywhere(tree, region, &request);
        case MAP_SPECIFICALLY:
                return region_tree_place_specifically(tree, region, &request, mapping->address);
        case MAP_REPLACE:
                return place_instead(space, region, &request, mapping->address);
        case MAP_NEAR:
                return region_tree_place_near(tree, region, &request, mapping->address);
        case MAP_RANDOM:
                return region_tree_place_random(tree, region, &request, &space->rng);
        }
        return FAIL(BAD_ARGUMENT);
}

static struct error map(struct address_space *space, const struct mapping *mapping, uintptr_t *base)
{
        struct region *region;
        struct error error;

        TRY(region_create(mapping->name ? mapping->name : "", mapping->protection, &region));
        error = place(space, region, mapping);
        if (error.code) {
                region_free(region);
                return error;
        }
        *base = region_range(region).base;
        return SUCCESS;
}

struct error address_space_map(struct address_space *space, const struct mapping *mapping, uintptr_t *base)
{
        uintptr_t placed = 0;
        struct error error;

        begin(space, MAP, mapping->address, mapping->size, mapping->protection);
        error = map(space, mapping, &placed);
        if (!error.code)
                *base = placed;
        return end(space, error, placed);
}

/* --- protect ---------------------------------------------------------------------------------------------- */

/* Finds the first and last region of a range that must be mapped without a hole. */
static struct error find_mapped(struct region_tree *tree, struct vrange range, struct region **first,
                                struct region **last)
{
        struct region *region = region_tree_find_intersecting(tree, range);

        if (!region || region_range(region).base > range.base)
                return FAIL(NOT_FOUND);
        *first = region;
        while (region_range(region).end < range.end) {
                struct region *next = region_tree_next(region);

                if (!next || region_range(next).base != region_range(region).end)
                        return FAIL(NOT_FOUND);
                region = next;
        }
        *last = region;
        return SUCCESS;
}

static struct error protect(struct address_space *space, struct vrange range, enum protection protection)
{
        struct region_tree *tree = &space->tree;
        struct region *first, *last, *lower = NULL, *upper = NULL;
        struct error error;

        TRY(check_range(range));
        TRY(find_mapped(tree, range, &first, &last));
        if (remains_below(first, range))
                TRY(region_create(first->name, first->protection, &lower));
        if (remains_above(last, range)) {
                error = region_create(last->name, last->protection, &upper);
                if (error.code) {
                        region_free(lower);
                        return error;
                }
                TRY(region_tree_split(tree, last, range.end, upper));
        }
        if (lower) {
                TRY(region_tree_split(tree, first, range.base, lower));
                first = lower;          /* the part inside the range */
        }
        for (; first && region_range(first).base < range.end; first = region_tree_next(first))
                region_set_protection(first, protection);
        user_pages_protect(&space->pages, range, protection);
        return SUCCESS;
}

struct error address_space_protect(struct address_space *space, struct vrange range, enum protection protection)
{
        begin(space, PROTECT, range.base, range.end - range.base, protection);
        return end(space, protect(space, range, protection), range.base);
}

/* --- resize and find -------------------------------------------------------------------------------------- */

static struct error resize(struct address_space *space, uintptr_t base, size_t size)
{
        struct region *region = region_tree_find_containing(&space->tree, base);
        struct vrange range, old;

        if (!region || region_range(region).base != base)
                return FAIL(NOT_FOUND);
        if (!vrange_make(&range, base, size))
                return FAIL(OUT_OF_RANGE);
        old = region_range(region);
        TRY(region_tree_resize(&space->tree, region, range, region->guard_before, region->guard_after));
        user_pages_drop(&space->pages, (struct vrange){ range.end, old.end });
        return SUCCESS;
}

struct error address_space_resize(struct address_space *space, uintptr_t base, size_t size)
{
        begin(space, SPACE_RESIZE, base, size, PROTECT_NONE);
        return end(space, resize(space, base, size), base);
}

struct error address_space_find(struct address_space *space, uintptr_t address, struct vrange *range)
{
        struct region *region;

        begin(space, SPACE_FIND, address, 1, PROTECT_NONE);
        region = region_tree_find_containing(&space->tree, address);
        if (!region)
                return end(space, FAIL(NOT_FOUND), 0);
        *range = region_range(region);
        return end(space, SUCCESS, range->base);
}

/* --- life ------------------------------------------------------------------------------------------------- */

struct error address_space_create(const char *name, struct vrange range, uint64_t seed, struct address_space **out)
{
        struct address_space *space;
        struct error error;

        TRY(check_range(range));
        space = kmalloc(sizeof *space, PURPOSE_SPACE);
        if (!space)
                return FAIL(NO_MEMORY);
        error = user_pages_create(&space->pages);
        if (error.code) {
                kfree(space);
                return error;
        }
        for (size_t i = 0; i < ADDRESS_SPACE_NAME_SIZE - 1 && name[i]; i++)
                space->name[i] = name[i];
        rng_seed(&space->rng, seed);
        region_tree_init(&space->tree, range);
        space->watched = (struct watched_space){ .name = space->name, .tree = &space->tree };
        keyframe_watch(&space->watched);
        *out = space;
        return SUCCESS;
}

void address_space_destroy(struct address_space *space)
{
        struct region *region;

        while ((region = region_tree_first(&space->tree))) {
                user_pages_drop(&space->pages, region_range(region));
                error_ignore(region_tree_remove(&space->tree, region));
                region_free(region);
        }
        user_pages_destroy(&space->pages);
        keyframe_forget(&space->watched);
        region_tree_destroy(&space->tree);
        kfree(space);
}
