/*
 * What the pages of a region hold when they are first touched: bytes of a file, or what everyone who shares the memory
 * sees there. A region without a backing (NULL) is the common case: private, zeros at first, of a fixed size.
 *
 * A backing belongs to all the regions that point to it, in one address space or in several: the parts of a region that
 * was split, and their copies after a fork. It is freed with the last of them. Nothing in it changes once its first
 * region is placed, so it needs no lock. That works because a backing names bytes by address: it says at which address
 * byte 0 of the object or file would lie, and cutting or splitting a region changes no page's address.
 *
 *      origin                    base                end
 *         |- - - - - - - - - - - -[====== region =====]          the page at `base` shows the bytes from
 *         byte 0                                                 base - origin on
 */
#pragma once

#include "mm/region.h"
#include "mm/vm_object.h"

struct region_backing {
        unsigned regions;               /* how many point here; changed atomically */
        enum sharing sharing;
        bool grows;                     /* a stack: down, when touched below its base */
        struct vm_object *object;       /* what is shared; NULL if the region is private */
        const char *file;               /* its first byte, in memory for good; NULL: none */
        size_t file_size;
        uintptr_t origin;               /* the address of byte 0 of the object or file; may wrap round below 0 */
};

/*
 * Creates a backing for one region, with an object of its own if the memory is shared; what it shows of a file, and
 * whether it grows, is set by the caller. NO_MEMORY if kmalloc fails. O(1).
 */
struct error region_backing_create(enum sharing sharing, struct region_backing **out);

/*
 * Counts one region more that points to the backing, or one less. The last release frees the backing and its
 * object: O(pages of the object); otherwise O(1). Both do nothing for NULL.
 */
void region_backing_hold(struct region_backing *backing);
void region_backing_release(struct region_backing *backing);

/* Whether a region with backing `a` may be joined with a neighbour that has `b`. O(1), as what follows. */
bool region_backing_is_alike(const struct region_backing *a, const struct region_backing *b);

static inline enum sharing region_sharing(const struct region *region)
{
        return region->backing ? region->backing->sharing : MAP_PRIVATE;
}

static inline bool region_grows(const struct region *region)
{
        return region->backing && region->backing->grows;
}

/* The object that a shared region shows; NULL for a private one. */
static inline struct vm_object *region_object(const struct region *region)
{
        return region->backing ? region->backing->object : NULL;
}

/* Which byte of its object or file a region shows at an address. The region must have a backing. */
static inline size_t region_offset(const struct region *region, uintptr_t address)
{
        return address - region->backing->origin;
}
