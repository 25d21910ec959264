#include "mm/region_tree_internal.h"

/* The request and where to look, for the length of one search. */
struct search {
        const struct region_tree *tree;
        const struct placement *request;
        struct vrange window;
        size_t need;                            /* what a hole must have: the size and both guards */
};

/* Which end it begins at, and whether the window can cut anything off. */
struct way {
        enum side outermost;
        enum { WHOLE_RANGE, WINDOW } extent;
};

bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest, uintptr_t *highest)
{
        size_t mask = request->alignment - 1;
        struct vrange bases;                    /* between the lowest and the highest, were there no alignment */
        if (__builtin_add_overflow(space.base, request->guard_before, &bases.base) ||
            __builtin_sub_overflow(space.end, request->guard_after, &bases.end) ||
            __builtin_sub_overflow(bases.end, request->size, &bases.end) ||
            __builtin_add_overflow(bases.base, mask, lowest))
                return false;
        *lowest &= ~mask;
        *highest = bases.end & ~mask;
        return *lowest <= *highest;
}

static enum decision why_too_small(const struct search *search, size_t gap)
{
        return gap < search->request->size ? TOO_SMALL : NO_ROOM_FOR_GUARDS;
}

/* Looks at one hole: takes it, or says why not. */
static enum decision judge(const struct search *search, struct region *above, enum side outermost,
                           struct hole_place *place)
{
        struct vrange hole = hole_below(search->tree, above), seen;
        uintptr_t lowest, highest;
        if (vrange_size(hole) < search->need)
                return why_too_small(search, vrange_size(hole));
        seen = vrange_intersection(hole, search->window);
        if (vrange_is_empty(seen) || vrange_size(seen) < search->need)
                return OUTSIDE_WINDOW;
        if (!hole_bases(seen, search->request, &lowest, &highest))
                return MISALIGNED;
        *place = (struct hole_place){ outermost == LEFT ? lowest : highest, above };
        return TAKEN;
}

static bool take(const struct search *search, struct region *above, struct way way, struct hole_place *place)
{
        enum decision decision = judge(search, above, way.outermost, place);
        trace_tree_visit(search->tree->id, id_of(above), decision);
        return decision == TAKEN;
}

/* Whether a subtree has a hole large enough and reaches into the window. Decided without touching it. */
static inline bool is_worth_a_visit(const struct search *search, const struct region *region, enum side side,
                                    struct way way)
{
        bool is_in_reach = way.extent == WHOLE_RANGE || (side == LEFT ? region->base - region->gap > search->window.base
                                                                      : region->end < search->window.end);
        return (region->max_gap[side] >= search->need) & is_in_reach;   /* without a child the gap is 0 */
}

/*
 * The first node from `node` down whose own hole is large enough; or, where the window has cut off what was large
 * enough, a dead end. All that is asked at a node it knows itself, and which way to go is no branch: the only one left
 * is whether to stop.
 */
static inline struct rbtree_node *first_candidate(const struct search *search, struct rbtree_node *node, struct way way)
{
        enum side near = way.outermost, far = !near;
        for (;;) {
                const struct region *region = region_of(node);
                bool is_near = is_worth_a_visit(search, region, near, way);
                bool is_far = is_worth_a_visit(search, region, far, way);
                bool is_last = ((region->gap >= search->need) | !is_far) & !is_near;
                struct rbtree_node *next = rbtree_choose(is_near, node->child[near], node->child[far]);
                rbtree_prefetch_children(node);
                if (is_last)
                        return node;
                if (!is_near)
                        trace_tree_visit(search->tree->id, region->id, why_too_small(search, region->gap));
                trace_tree_visit(search->tree->id, region->id, (is_near ? near : far) == LEFT ? GO_LEFT : GO_RIGHT);
                node = next;
        }
}

/*
 * After a node's hole comes its other subtree; after that, the nearest node above for which we were on the outer side.
 *
 *              4                 LEFT first: 1 2 3 4 5, but for subtrees
 *            /   \               that are not worth a visit
 *           2     5
 *          / \
 *         1   3
 */
static inline struct rbtree_node *next_candidate(const struct search *search, struct rbtree_node *node, struct way way)
{
        enum side far = !way.outermost;
        if (is_worth_a_visit(search, region_of(node), far, way)) {
                trace_tree_visit(search->tree->id, region_of(node)->id, far == LEFT ? GO_LEFT : GO_RIGHT);
                return first_candidate(search, node->child[far], way);
        }
        for (;;) {
                struct rbtree_node *parent = rbtree_parent(node);
                if (!parent || rbtree_side(parent, node) == way.outermost)
                        return parent;
                node = parent;
        }
}

static inline __attribute__((always_inline)) bool walk(const struct search *search, struct way way,
                                                       struct hole_place *place)
{
        struct rbtree_node *node = search->tree->nodes.root;
        if (way.outermost == RIGHT && take(search, NULL, way, place))
                return true;
        for (node = node ? first_candidate(search, node, way) : NULL; node; node = next_candidate(search, node, way))
                if (take(search, region_of(node), way, place))
                        return true;
        return way.outermost == LEFT && take(search, NULL, way, place);
}

bool hole_search(const struct region_tree *tree, const struct placement *request, struct vrange window,
                 enum side outermost, struct hole_place *place)
{
        struct search search = { tree, request, window, 0 };
        if (__builtin_add_overflow(request->size, request->guard_before, &search.need) ||
            __builtin_add_overflow(search.need, request->guard_after, &search.need))
                return false;
        if (outermost == LEFT && vrange_equals(window, tree->range))
                return walk(&search, (struct way){ LEFT, WHOLE_RANGE }, place); /* compiled for what is asked most */
        return walk(&search, (struct way){ outermost, WINDOW }, place);
}
