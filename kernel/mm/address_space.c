#include "lib/string.h"
#include "mm/address_space_internal.h"
#include "mm/kmalloc.h"

struct error region_like(const struct region *other, struct region **out)
{
        TRY(region_create(other->name, other->protection, out));
        (*out)->backing = other->backing;
        region_backing_hold(other->backing);
        return SUCCESS;
}

void region_release(struct region *region)
{
        if (region)
                region_backing_release(region->backing);
        region_free(region);
}

struct error find_mapped(struct region_tree *tree, struct vrange range, struct region **first, struct region **last)
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

static struct error discard_locked(struct address_space *space, struct vrange range) REQUIRES(space->lock)
{
        struct region *first, *last;
        TRY(check_range(range));
        TRY(find_mapped(address_space_tree(space), range, &first, &last));
        user_pages_drop(address_space_pages(space), range);
        return SUCCESS;
}

struct error address_space_discard(struct address_space *space, struct vrange range)
{
        operation_begin(space, DISCARD, range.base, range.end - range.base, PROTECT_NONE);
        return operation_end(space, discard_locked(space, range), range.base);
}

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
        if (!vrange_make(&range, base, size))
                return FAIL(OUT_OF_RANGE);
        if (!file_reaches(region, range))
                return FAIL(OUT_OF_RANGE);
        const struct vrange old = region_range(region);
        TRY(region_tree_resize(tree, region, range, region->guard_before, region->guard_after));
        user_pages_drop(address_space_pages(space), (struct vrange){ range.end, old.end });
        return SUCCESS;
}

struct error address_space_resize(struct address_space *space, uintptr_t base, size_t size)
{
        operation_begin(space, SPACE_RESIZE, base, size, PROTECT_NONE);
        return operation_end(space, resize_locked(space, base, size), base);
}

struct error address_space_find(struct address_space *space, uintptr_t address, struct vrange *range)
{
        operation_begin(space, SPACE_FIND, address, 1, PROTECT_NONE);
        const struct region *region = region_tree_find_containing(address_space_tree(space), address);
        if (region)
                *range = region_range(region);
        return operation_end(space, region ? SUCCESS : FAIL(NOT_FOUND), region ? range->base : 0);
}

static struct error write_locked(struct address_space *space, uintptr_t address, const void *bytes, size_t size)
        REQUIRES(space->lock)
{
        struct region *region = region_tree_find_containing(address_space_tree(space), address);
        if (!region || size > region_range(region).end - address)
                return FAIL(NOT_FOUND);
        return user_pages_write(address_space_pages(space), region, address, bytes, size);
}

struct error address_space_write(struct address_space *space, uintptr_t address, const void *bytes, size_t size)
{
        spinlock_acquire(&space->lock);
        struct error error = write_locked(space, address, bytes, size);
        spinlock_release(&space->lock);
        return error;
}

struct error address_space_create(const char *name, struct vrange range, uint64_t seed, struct address_space **out)
{
        TRY(check_range(range));
        struct address_space *space = kmalloc(sizeof *space, PURPOSE_SPACE);
        if (!space)
                return FAIL(NO_MEMORY);
        TRY_OR(user_pages_create(&space->guarded_.pages), kfree(space));
        memcpy(space->name, name, strnlen(name, ADDRESS_SPACE_NAME_SIZE - 1));
        space->lock.class = LOCK_ADDRESS_SPACE;
        rng_seed(&space->guarded_.rng, seed);
        region_tree_init(&space->guarded_.tree, range);
        space->watched = (struct watched_space){ .name = space->name, .tree = &space->guarded_.tree };
        keyframe_watch(&space->watched);
        space->guarded_.pages.space = space->watched.id;
        *out = space;
        return SUCCESS;
}

void address_space_destroy(struct address_space *space)
{
        struct region *region;
        spinlock_acquire(&space->lock);
        struct region_tree *tree = address_space_tree(space);
        while ((region = region_tree_first(tree))) {
                user_pages_drop(address_space_pages(space), region_range(region));
                error_ignore(region_tree_remove(tree, region));
                region_release(region);
        }
        user_pages_destroy(address_space_pages(space));
        keyframe_forget(&space->watched);
        region_tree_destroy(tree);
        spinlock_release(&space->lock);
        kfree(space);
}
