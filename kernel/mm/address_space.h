/*
 * An address space: the memory of one process, as regions in a region tree. The tree is the only record of what is
 * mapped and what is free; this is its only user.
 *
 * Mapping takes no frames: a page gets its own when it is first touched (mm/page_fault.h), and loses it when it is
 * unmapped. A region may allow writing and executing at once, but none of its pages ever does: mm/user_pages.h.
 *
 * Every call is all-or-nothing: what it may need is made before the first change, so an error leaves the space as it
 * was. Whoever calls holds the lock that guards the space. All ranges are whole pages.
 *
 *      struct mapping heap = { .name = "heap", .size = 32 * PAGE_SIZE, .protection = PROTECT_READ | PROTECT_WRITE };
 *      uintptr_t base;
 *
 *      TRY(address_space_map(space, &heap, &base));
 *      TRY(address_space_unmap(space, (struct vrange){ base, base + PAGE_SIZE }));
 */
#pragma once

#include "mm/region_tree.h"
#include "mm/user_pages.h"
#include "trace/keyframe.h"

enum { ADDRESS_SPACE_NAME_SIZE = 32 };

struct address_space {
        struct region_tree tree;
        struct page_table pages;
        struct watched_space watched;
        struct rng rng;                         /* for random placement */
        uint64_t operations;                    /* so far: the number of the newest */
        char name[ADDRESS_SPACE_NAME_SIZE];
};

enum where {
        MAP_ANYWHERE,                           /* the lowest hole that fits */
        MAP_SPECIFICALLY,                       /* at `address`: OVERLAP if anything is there */
        MAP_REPLACE,                            /* at `address`: whatever is there is unmapped first */
        MAP_NEAR,                               /* as near to `address` as can be */
        MAP_RANDOM,                             /* where chance will have it */
};

/* What to map. Fields left 0: anywhere, page aligned, no guards, no access; an empty window is the whole space. */
struct mapping {
        const char *name;
        size_t size;
        enum protection protection;
        enum where where;
        uintptr_t address;
        size_t alignment;
        size_t guard_before, guard_after;
        struct vrange window;
};

/* A new, empty space for `range`; `seed` makes its random placement repeatable. NO_MEMORY. */
struct error address_space_create(const char *name, struct vrange range, uint64_t seed, struct address_space **out);

/* Unmaps everything and frees the space: every frame it took is given back. It is not in use by the processor. */
void address_space_destroy(struct address_space *space);

/* Makes a region and yields its base. Errors as for the placement of that kind in region_tree.h. O(log n). */
struct error address_space_map(struct address_space *space, const struct mapping *mapping, uintptr_t *base);

/*
 * Makes a range free, whatever is there: regions inside it go, regions across its ends are cut, a region around it is
 * split. That nothing is there is no error. BAD_ARGUMENT for an empty or unaligned range, NO_MEMORY if a split needs a
 * region and there is none. A guard stays with what is left of its region, and goes with the end it stands at.
 * O((k + 1) log n) for k regions touched.
 */
struct error address_space_unmap(struct address_space *space, struct vrange range);

/*
 * Changes the protection of a range, splitting regions at its ends. NOT_FOUND if part of the range is not mapped;
 * BAD_ARGUMENT, NO_MEMORY as above. O((k + 1) log n).
 */
struct error address_space_protect(struct address_space *space, struct vrange range, enum protection protection);

/* Moves the end of the region that begins at `base`. NOT_FOUND; else as region_tree_resize(). O(log n). */
struct error address_space_resize(struct address_space *space, uintptr_t base, size_t size);

/* The range of the region that holds the address. NOT_FOUND. O(log n). */
struct error address_space_find(struct address_space *space, uintptr_t address, struct vrange *range);
