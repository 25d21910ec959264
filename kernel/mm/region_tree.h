/*
 * A region tree holds the regions of one address space, in address order, and the sizes of the holes between them.
 *
 * Regions are linked in place: no call here allocates, frees or sleeps, so the tree may be used from any context
 * that holds the lock guarding it. Regions never overlap, guards included, and always lie inside the tree's range.
 *
 *      range.base                                                       range.end
 *          |<- gap ->[ region ]<--- gap --->[ region ][ region ]<- tail gap ->|
 *
 * Every node stores the gap below it and the largest gap in each child's subtree; that is what makes finding a hole
 * cost O(log n) instead of a walk over every region. The tree is the only authority on what is free: there is no
 * range allocator beside it and no cache of the last look-up.
 *
 * The caller owns the regions and must hold the lock that guards the tree. Every call emits trace events: what was
 * asked, each node visited and what was decided there, each pointer moved. An error leaves the tree and the region as
 * they were.
 *
 *      struct placement request = { .size = 4 * PAGE_SIZE, .alignment = PAGE_SIZE, .window = tree->range };
 *
 *      TRY(region_tree_place_anywhere(tree, region, &request));
 *      ... region_range(region) is now the lowest four free pages that lie together ...
 *      TRY(region_tree_remove(tree, region));
 */
#pragma once

#include "lib/rng.h"
#include "mm/region.h"

struct region_tree {
        struct rbtree nodes;
        struct vrange range;            /* page aligned */
        size_t tail_gap;                /* free bytes above the last region */
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

/*
 * The four ways to place a region that is in no tree. Each links it and sets its range and guards.
 * BAD_ARGUMENT for a request that no tree could meet: zero or unaligned sizes, an alignment that is no power of two
 * or below a page, an unaligned or inverted window, a region already in a tree.
 *
 * anywhere: in the lowest hole that fits, at its lowest aligned address. NO_MEMORY if no hole fits. With page
 *      alignment O(log n), and O(1) if the request is larger than every hole. With larger alignments exact: no hole
 *      that fits is refused, no padding is asked for. Looked at in vain are only holes of at least the size but less
 *      than size + alignment - a page, each once: with k of them below the place, at most (k + 2) 2 log2(n + 1) nodes.
 *      For 2 MiB at a multiple of 2 MiB, without guards, k is 0: mm/region_links.h.
 * specifically: at `base`. OVERLAP if any of it, guards included, is taken; OUT_OF_RANGE if it is not inside the
 *      window and the tree's range. O(log n).
 * near: at the free address nearest to `hint` (the lower of two equally near). NO_MEMORY if no hole fits.
 *      At most twice the cost of anywhere.
 * random: up to 8 draws, uniform over all aligned addresses of the window; the first that is free is taken. If none
 *      is, the hole nearest to a random point is, at a random aligned address in it. Succeeds whenever a hole fits.
 *      The bias: while a share p of the addresses fits, all but (1 - p)^8 of the placements are uniform over them;
 *      the rest favour holes that follow long stretches where nothing fits. Cost: 8 look-ups and what near costs.
 */
struct error region_tree_place_anywhere(struct region_tree *tree, struct region *region,
                                        const struct placement *request);
struct error region_tree_place_specifically(struct region_tree *tree, struct region *region,
                                            const struct placement *request, uintptr_t base);
struct error region_tree_place_near(struct region_tree *tree, struct region *region,
                                    const struct placement *request, uintptr_t hint);
struct error region_tree_place_random(struct region_tree *tree, struct region *region,
                                      const struct placement *request, struct rng *rng);

/*
 * What place_specifically asks before it looks for regions in the way: could this request ever lie at `base` in this
 * tree? Yields all it would occupy. BAD_ARGUMENT, OUT_OF_RANGE. O(1).
 */
struct error region_tree_check_placement(const struct region_tree *tree, const struct placement *request,
                                         uintptr_t base, struct vrange *footprint);

/* Unlinks a region, which keeps its range and may be placed again. NOT_FOUND if it is in no tree. O(log n). */
struct error region_tree_remove(struct region_tree *tree, struct region *region);

/*
 * Moves the ends of a region's range and of its guards, in place. BAD_ARGUMENT if the range is empty or anything is
 * unaligned, OVERLAP if it would meet a neighbour, OUT_OF_RANGE if it would leave the tree's range. O(log n).
 */
struct error region_tree_resize(struct region_tree *tree, struct region *region, struct vrange range,
                                size_t guard_before, size_t guard_after);

/*
 * Divides a region in two at a page-aligned address inside its range. `region` keeps the part below and its first
 * guard; `upper`, which is in no tree, gets the part above and the second guard. BAD_ARGUMENT if the address is not
 * inside. O(log n).
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
