/*
 * A region tree holds the regions of one address space, in address order.
 *
 * Regions are linked in place: no operation on the nodes allocates or frees. Regions never overlap, guards included, and
 * always lie inside the tree's range.
 *
 *      range.base                                                       range.end
 *          |<- hole ->[ region ]<--- hole --->[ region ][ region ]<- tail hole ->|
 *
 * The tree records what is used. Beside it, a virtual range allocator keeps what is free. Every call that changes which
 * addresses are used tells the allocator too, before or after the operation on the tree. The allocator is created with
 * the first region that is placed. The kernel's own memory has none (mm/memory_manager_place.c).
 *
 * The caller owns the regions and must hold the lock that guards the tree. Every call emits trace events: what was
 * asked, each node visited and what was decided there, each pointer moved. An error leaves the tree and the region as
 * they were.
 */
#pragma once

#include "lib/rng.h"
#include "mm/region.h"

struct virtual_range_allocator;

struct region_tree {
        struct rbtree nodes;
        struct vrange range;            /* page aligned */
        struct virtual_range_allocator *allocator;      /* what is free; NULL before the first region, and without one */
        size_t count;                   /* regions in the tree */
        uint64_t id;                    /* never reused */
        uint64_t operations;            /* operations so far: the number of the newest */
        uint64_t cause;                 /* the space operation now using the tree, for the trace; 0 if none */
};

/*
 * What is asked for. The region and its guards will lie inside `window` and the tree's range; the region itself
 * begins at a multiple of `alignment`. Sizes are in bytes, whole pages and not zero (guards may be zero).
 */
struct placement {
        size_t size;
        size_t alignment;               /* a power of two, at least a page */
        size_t guard_before, guard_after;
        struct vrange window;           /* the tree's range for no limit */
};

/* What would place a region in a tree with the range and the guards that it has. */
static inline struct placement placement_as_is(const struct region_tree *tree, const struct region *region)
{
        return (struct placement){ vrange_size(region_range(region)), PAGE_SIZE, region->guard_before,
                                   region->guard_after, tree->range };
}

/* An empty tree for `range`, which must be page aligned and not empty. O(1). */
void region_tree_init(struct region_tree *tree, struct vrange range);

/* Ends the tree, which must be empty, and emits that. O(1). */
void region_tree_destroy(struct region_tree *tree);

/* All that a request occupies at a base, guards included. It must not wrap round. */
static inline struct vrange placement_footprint(const struct placement *request, uintptr_t base)
{
        return (struct vrange){ base - request->guard_before, base + request->size + request->guard_after };
}

/* The allocator beside a tree, which is created when there is none yet. NO_MEMORY. */
struct error region_tree_allocator(struct region_tree *tree, struct virtual_range_allocator **out);

/*
 * The ways to place a region that is in no tree. Each links it, sets its range and guards, and takes its addresses from
 * the allocator. BAD_ARGUMENT for a request that no tree could meet: zero or unaligned sizes, an alignment that is no
 * power of two or below a page, an unaligned or inverted window, a region already in a tree.
 *
 * anywhere: in the lowest hole that fits, which mm/hole_search.h finds and must serve. NO_MEMORY if no hole fits. O(n).
 * specifically: at `base`. OVERLAP if any of it, guards included, is taken; OUT_OF_RANGE if it is not inside the
 *      window and the tree's range; NO_MEMORY. O(n), for the allocator.
 * alone: the same, without an allocator. O(log n).
 */
struct error region_tree_place_anywhere(struct region_tree *tree, struct region *region,
                                        const struct placement *request);
struct error region_tree_place_specifically(struct region_tree *tree, struct region *region,
                                            const struct placement *request, uintptr_t base);
struct error region_tree_place_alone(struct region_tree *tree, struct region *region, const struct placement *request,
                                     uintptr_t base);

/* Whether a request could ever be met by a tree: BAD_ARGUMENT, as above. O(1). */
struct error region_tree_check_request(const struct placement *request);

/*
 * What place_specifically asks before it looks for regions in the way: could this request ever lie at `base` in this
 * tree? Yields all it would occupy. BAD_ARGUMENT, OUT_OF_RANGE. O(1).
 */
struct error region_tree_check_placement(const struct region_tree *tree, const struct placement *request,
                                         uintptr_t base, struct vrange *footprint);

/*
 * Unlinks a region, which keeps its range and may be placed again. NOT_FOUND if it is in no tree. The allocator needs
 * memory to take the addresses back. If there is none, they are lost: no region has them, and they are not free. O(n).
 */
struct error region_tree_remove(struct region_tree *tree, struct region *region);

/* The same, without an allocator: its addresses stay taken there. O(log n). */
struct error region_tree_remove_alone(struct region_tree *tree, struct region *region);

/*
 * Moves the ends of a region's range and of its guards, in place. BAD_ARGUMENT if the range is empty or anything is
 * unaligned, OVERLAP if it would meet a neighbour, OUT_OF_RANGE if it would leave the tree's range, NO_MEMORY. O(n).
 */
struct error region_tree_resize(struct region_tree *tree, struct region *region, struct vrange range,
                                size_t guard_before, size_t guard_after);

/*
 * Divides a region in two at a page-aligned address inside its range. `region` keeps the part below and its first
 * guard; `upper`, which is in no tree, gets the part above, the second guard and the same protection. BAD_ARGUMENT if
 * the address is not inside, NO_MEMORY. O(n).
 */
struct error region_tree_split(struct region_tree *tree, struct region *region, uintptr_t at, struct region *upper);

/* The region whose range holds the address; NULL if none does (guards belong to no range). O(log n). */
struct region *region_tree_find_containing(struct region_tree *tree, uintptr_t address);

/* The lowest region whose range (guards left out) shares a byte with `range`; NULL if none does. O(log n). */
struct region *region_tree_find_intersecting(struct region_tree *tree, struct vrange range);

/*
 * The lowest region that ends, guards included, above an address, and the highest of those that do not; NULL for none.
 * O(log n). Not traced.
 */
struct region *region_tree_above(const struct region_tree *tree, uintptr_t address, struct region **below);

/* In address order: the lowest region of all, and those above and below a region; NULL at the end. Not traced. */
struct region *region_tree_first(const struct region_tree *tree);
struct region *region_tree_next(const struct region *region);
struct region *region_tree_previous(const struct region *region);

/* Where the node of a region is in the tree: how many nodes lie above it, O(log n), and its colour. */
uint16_t region_tree_depth(const struct region *region);
enum colour region_tree_colour(const struct region *region);
