/* Operations that make regions, take them away, and move their ends; and what their pages hold. */
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
static struct error make_backing(const struct mapping *mapping, struct region *region)
{
        if (mapping->sharing == MAP_PRIVATE && !mapping->grows && !mapping->file)
                return SUCCESS;
        TRY(region_backing_create(mapping->sharing, &region->backing));
        region->backing->grows = mapping->grows;
        region->backing->file = mapping->file;
        region->backing->file_size = mapping->file ? mapping->file_size : 0;
        return SUCCESS;
}

static struct error make_region(const struct mapping *mapping, struct region **out)
{
        struct region *region;
        if (!makes_sense(mapping))
                return FAIL(BAD_ARGUMENT);
        TRY(region_create(mapping->name ? mapping->name : "", mapping->protection, &region));
        TRY_OR(make_backing(mapping, region), region_free(region));
        *out = region;
        return SUCCESS;
}

static struct error map_locked(struct address_space *space, const struct mapping *mapping, uintptr_t *base)
        REQUIRES(space->lock)
{
        struct region *region;
        TRY(make_region(mapping, &region));
        TRY_OR(place_region(space, region, mapping), region_release(region));
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

struct error address_space_unmap(struct address_space *space, struct vrange range)
{
        operation_begin(space, UNMAP, range.base, range.end - range.base, PROTECT_NONE);
        return operation_end(space, unmap_locked(space, range), range.base);
}

/* --- resizing --------------------------------------------------------------------------------------------- */

/* Whether a region may have this range: the offsets in the file that it shows, if any, must not wrap round. */
static bool file_reaches(const struct region *region, struct vrange range)
{
        size_t end;
        return !region->backing || !region->backing->file ||
               !__builtin_add_overflow(region_offset(region, range.base), vrange_size(range), &end);
}

static struct error resize_locked(struct address_space *space, uintptr_t base, size_t size) REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        struct region *region = region_tree_find_containing(tree, base);
        struct vrange range;
        if (!region || region_range(region).base != base)
                return FAIL(NOT_FOUND);
        if (!vrange_make(&range, base, size) || !file_reaches(region, range))
                return FAIL(OUT_OF_RANGE);
        const struct vrange old = region_range(region);
        TRY(region_tree_resize(tree, region, range, region->guard_before, region->guard_after));
        drop_pages(space, (struct vrange){ range.end, old.end });
        return SUCCESS;
}

struct error address_space_resize(struct address_space *space, uintptr_t base, size_t size)
{
        operation_begin(space, SPACE_RESIZE, base, size, PROTECT_NONE);
        return operation_end(space, resize_locked(space, base, size), base);
}

/* --- what pages hold -------------------------------------------------------------------------------------- */

static struct error discard_locked(struct address_space *space, struct vrange range) REQUIRES(space->lock)
{
        struct region *first, *last;
        TRY(check_range(range));
        TRY(find_mapped(space, range, &first, &last));
        drop_pages(space, range);
        return SUCCESS;
}

struct error address_space_discard(struct address_space *space, struct vrange range)
{
        operation_begin(space, DISCARD, range.base, range.end - range.base, PROTECT_NONE);
        return operation_end(space, discard_locked(space, range), range.base);
}

/* Page by page, in steps. The trace gets no event: the regions stay as they are. */
static struct error write_locked(struct address_space *space, uintptr_t address, const char *bytes, size_t size)
        REQUIRES(space->lock)
{
        struct region *region = region_tree_find_containing(address_space_tree(space), address);
        if (!region || size > region_range(region).end - address)
                return FAIL(NOT_FOUND);
        for (size_t done = 0, part; done < size; done += part) {
                const size_t room = PAGE_SIZE - (address + done) % PAGE_SIZE;
                part = size - done < room ? size - done : room;
                TRY(user_pages_write(address_space_pages(space), region, address + done, bytes + done, part));
                operation_did(space, (struct vrange){ 0, PAGE_SIZE });
        }
        return SUCCESS;
}

struct error address_space_write(struct address_space *space, uintptr_t address, const void *bytes, size_t size)
{
        address_space_lock(space);
        address_space_state(space)->in_progress = true;
        const struct error error = write_locked(space, address, bytes, size);
        address_space_state(space)->in_progress = false;
        spinlock_release(&space->lock);
        return error;
}
