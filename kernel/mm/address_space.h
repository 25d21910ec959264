/*
 * An address space: the memory of one process, as regions in a region tree. The tree is the only record of what is
 * mapped and what is free; this is its only user.
 *
 * Mapping takes no frames: a page gets its own when it is first touched (mm/page_fault.h), and loses it when it is
 * unmapped. A region may allow writing and executing at once, but none of its pages ever does: mm/user_pages.h.
 *
 * Every call takes the space's lock itself, and is all-or-nothing: what it may need is made before the first change, so
 * an error leaves the space as it was. All ranges are whole pages. A call whose cost depends on the number of regions
 * or pages holds the lock for bounded time only: it works in steps and pauses between them (mm/pause.h), while other
 * calls that would change the space wait. So no lock may be held by the caller, unless the call only looks (list and
 * totals).
 *
 * In the costs below n is the number of regions in the space, k that of regions in the range, and p that of their
 * pages that have a frame.
 *
 *      struct mapping heap = { .name = "heap", .size = 32 * PAGE_SIZE, .protection = PROTECT_READ | PROTECT_WRITE };
 *      uintptr_t base;
 *
 *      TRY(address_space_map(space, &heap, &base));
 *      TRY(address_space_unmap(space, (struct vrange){ base, base + PAGE_SIZE }));
 */
#pragma once

#include "mm/keyframe.h"
#include "mm/region_tree.h"
#include "mm/user_pages.h"
#include "sync/spinlock.h"

enum { ADDRESS_SPACE_NAME_SIZE = 32 };

/* What the lock of a space guards. */
struct address_space_state {
        struct region_tree tree;
        struct page_table pages;
        struct rng rng;                 /* for random placement */
        bool in_progress;               /* an operation may have given back the lock between two steps */
        unsigned work;                  /* of the step so far */
};

struct address_space {
        struct spinlock lock;
        struct { struct address_space_state guarded_; } state;
        struct watched_space watched;
        char name[ADDRESS_SPACE_NAME_SIZE];
};

GUARDED_MEMBER(address_space_state, struct address_space, state, object->lock)

static inline struct region_tree *address_space_tree(struct address_space *space) REQUIRES(space->lock)
{
        return &address_space_state(space)->tree;
}

static inline struct page_table *address_space_pages(struct address_space *space) REQUIRES(space->lock)
{
        return &address_space_state(space)->pages;
}

/* These never change, so they need no lock: the range of the space, and the root of its page table. */
static inline struct vrange address_space_range(const struct address_space *space)
{
        return space->state.guarded_.tree.range;
}

static inline uintptr_t address_space_root(const struct address_space *space)
{
        return space->state.guarded_.pages.root;
}

enum where {
        MAP_RANDOM,                             /* at an address drawn uniformly at random */
        MAP_ANYWHERE,                           /* the lowest hole that fits */
        MAP_SPECIFICALLY,                       /* at `address`: OVERLAP if anything is there */
        MAP_REPLACE,                            /* at `address`: whatever is there is unmapped first */
        MAP_NEAR,                               /* as near to `address` as can be */
};

/*
 * What to map. Fields left 0: at random, page aligned, no guards, no access, private zeros; an empty window is the
 * whole space. A file is given by its bytes, which stay where they are for good; only a private region can show one,
 * from `offset` on, a whole number of pages. A region that `grows` is private and has no file.
 */
struct mapping {
        const char *name;
        size_t size;
        enum protection protection;
        enum where where;
        uintptr_t address;
        size_t alignment;
        size_t guard_before, guard_after;
        struct vrange window;
        enum sharing sharing;
        bool grows;                             /* a stack: down, when touched below its base; mm/page_fault.h */
        const char *file;
        size_t file_size, offset;
};

/*
 * A new, empty space for `range`; `seed` makes its random placement repeatable. BAD_ARGUMENT for an empty or unaligned
 * range, NO_MEMORY. O(1).
 */
struct error address_space_create(const char *name, struct vrange range, uint64_t seed, struct address_space **out);

/*
 * A new space with a copy of every region of another. Private pages are copied when either side writes, shared ones
 * never. One shootdown. Other threads of the parent may run meanwhile: what each of them writes is in the copy up to
 * one point in time. NO_MEMORY. O(n log n + p).
 */
struct error address_space_clone(struct address_space *parent, const char *name, uint64_t seed,
                                 struct address_space **out);

/* Unmaps everything and frees the space, which no processor may be using. O(n + p). */
void address_space_destroy(struct address_space *space);

/* Makes a region and yields its base. BAD_ARGUMENT, else errors as for such a placement in region_tree.h. O(log n). */
struct error address_space_map(struct address_space *space, const struct mapping *mapping, uintptr_t *base);

/*
 * Makes a range free, whatever is there: regions inside it go, regions across its ends are cut, a region around it is
 * split. That nothing is there is no error. BAD_ARGUMENT for an empty or unaligned range, NO_MEMORY if a split needs a
 * region and there is none. A guard stays with what is left of its region, and goes with the end it stands at.
 * O((k + 1) log n + p).
 */
struct error address_space_unmap(struct address_space *space, struct vrange range);

/*
 * Changes the protection of a range, splitting regions at its ends. Regions in or at the range that touch then and are
 * alike (name, protection, sharing, one following the other in file or object, no guards between) become one.
 * NOT_FOUND if part of the range is not mapped; BAD_ARGUMENT, NO_MEMORY as above. One shootdown. O((k + 1) log n + p).
 */
struct error address_space_protect(struct address_space *space, struct vrange range, enum protection protection);

/*
 * Gives back the pages of a range: private ones begin anew when they are touched again, shared ones show what the
 * others see. NOT_FOUND if part of the range is not mapped; BAD_ARGUMENT. O(k + log n + p).
 */
struct error address_space_discard(struct address_space *space, struct vrange range);

/*
 * Moves the end of the region that begins at `base`. NOT_FOUND; OUT_OF_RANGE if the region would show a file beyond the
 * largest offset there is; else as region_tree_resize(). O(log n + p).
 */
struct error address_space_resize(struct address_space *space, uintptr_t base, size_t size);

/*
 * Writes to addresses of one region, whatever its protection. Everyone who shares the memory sees it; a private page
 * that is shared since a fork is copied first. NOT_FOUND; NO_MEMORY: then some of it has been written. O(log n + pages
 * written).
 */
struct error address_space_write(struct address_space *space, uintptr_t address, const void *bytes, size_t size);

/*
 * Lists regions that end above `from`, in address order, at most `most`, and yields how many. The lock is held for all
 * of them, so `most` should be small: listing all n regions in parts is O(n + parts log n). Not traced; may be called
 * with a lock held that comes before the space's.
 */
size_t address_space_list(struct address_space *space, uintptr_t from, struct region_listing *out, size_t most);

/* How many regions there are, and pages that have a frame. Not traced. O(1). */
struct address_space_totals {
        size_t regions, pages;
};
struct address_space_totals address_space_totals(struct address_space *space);
