#include "mm/region_tree_internal.h"

/* The request and where to look, for the length of one search. */
struct search {
        const struct region_tree *tree;
        const struct placement *request;
        struct vrange window;
        size_t need;                            /* what a hole must have: the size and both guards */
        enum decision success;                  /* what to call a hole that fits, in the trace */
};

/*
 * What is known when a search begins and does not change: at which end it begins, whether the window can cut anything
 * off, and whether a hole must hold a whole large page. A search is compiled for the values that are asked for most.
 */
struct mode {
        enum side outermost;
        enum { WHOLE_RANGE, WINDOW } extent;
        enum { ANY_HOLE, LARGE_PAGE_HOLE } holes;
};

bool hole_bases(struct vrange space, const struct placement *request, uintptr_t *lowest, uintptr_t *highest)
{
        const size_t mask = request->alignment - 1;
        struct vrange bases;                    /* between the lowest and the highest, before they are aligned */

        if (__builtin_add_overflow(space.base, request->guard_before, &bases.base) ||
            __builtin_sub_overflow(space.end, request->guard_after, &bases.end) ||
            __builtin_sub_overflow(bases.end, request->size, &bases.end) ||
            __builtin_add_overflow(bases.base, mask, lowest))
                return false;
        *lowest &= ~mask;
        *highest = bases.end & ~mask;
        return *lowest <= *highest;
}

/* --- what is decided at one node -------------------------------------------------------------------------- */

static enum decision why_too_small(const struct search *search, size_t gap)
{
        return gap < search->request->size ? TOO_SMALL : NO_ROOM_FOR_GUARDS;
}

/* Looks at one hole: whether it fits, and where; or why it does not. */
static enum decision judge(const struct search *search, struct region *above, enum side outermost,
                           struct hole_place *place)
{
        const struct vrange hole = hole_below(search->tree, above);
        const struct vrange seen = vrange_intersection(hole, search->window);
        uintptr_t lowest, highest;

        if (vrange_size(hole) < search->need)
                return why_too_small(search, vrange_size(hole));
        if (vrange_is_empty(seen) || vrange_size(seen) < search->need)
                return OUTSIDE_WINDOW;
        if (!hole_bases(seen, search->request, &lowest, &highest))
                return MISALIGNED;
        *place = (struct hole_place){ outermost == LEFT ? lowest : highest, above };
        return search->success;
}

static inline bool is_large_enough(const struct search *search, size_t gap, struct mode mode)
{
        const bool is_aligned = mode.holes == ANY_HOLE || gap & GAP_HOLDS_LARGE_PAGE;

        return (gap >= search->need) & is_aligned;
}

/*
 * Whether a subtree may have a hole that fits: large enough, and not outside the window. Decided at the parent, so that
 * a subtree which is skipped is never loaded from memory. Without a child the gap is 0.
 */
static inline bool is_worth_a_visit(const struct search *search, const struct region *region, enum side side,
                                    struct mode mode)
{
        bool is_in_reach = true;

        if (mode.extent == WINDOW && side == LEFT)
                is_in_reach = region->base - gap_size(region->links.gap) > search->window.base;
        else if (mode.extent == WINDOW)
                is_in_reach = region->end < search->window.end;
        return is_large_enough(search, region->links.max_gap[side], mode) & is_in_reach;
}

/* --- what the trace is told ------------------------------------------------------------------------------- */

/* Why a child's subtree is not worth a visit. A search near a hint narrows the window to one side of the hint. */
static enum skip why_skipped(const struct search *search, const struct region *region, enum side side, struct mode mode)
{
        const struct vrange asked = vrange_intersection(search->tree->range, search->request->window);
        const size_t max_gap = region->links.max_gap[side];

        if (!region->links.node.child[side] || is_worth_a_visit(search, region, side, mode))
                return SKIPPED_NONE;
        if (max_gap < search->need)
                return side == LEFT ? LEFT_TOO_SMALL : RIGHT_TOO_SMALL;
        if (!is_large_enough(search, max_gap, mode))
                return side == LEFT ? LEFT_MISALIGNED : RIGHT_MISALIGNED;
        if (side == LEFT)
                return search->window.base == asked.base ? LEFT_OUTSIDE_WINDOW : LEFT_BEYOND_HINT;
        return search->window.end == asked.end ? RIGHT_OUTSIDE_WINDOW : RIGHT_BEYOND_HINT;
}

static void tell_visit(const struct search *search, const struct region *region, enum decision decision, enum skip skip)
{
        trace_tree_visit(search->tree->id, id_of(region), decision, skip);
}

/* --- the search ------------------------------------------------------------------------------------------- */

/* Takes the hole below `above`, if it fits. The subtree before that hole was skipped, or searched in vain. */
static bool take(const struct search *search, struct region *above, struct mode mode, struct hole_place *place)
{
        const enum decision decision = judge(search, above, mode.outermost, place);

        tell_visit(search, above, decision, above ? why_skipped(search, above, mode.outermost, mode) : SKIPPED_NONE);
        return decision == search->success;
}

/*
 * The first node from `node` down whose own hole is large enough. If the window has cut off what was large enough, a
 * node below which nothing is left. Everything that decides is in the node itself, and the direction is no branch: the
 * only branch that is hard to predict is whether to stop.
 */
static inline struct rbtree_node *first_candidate(const struct search *search, struct rbtree_node *node,
                                                  struct mode mode)
{
        const enum side near = mode.outermost, far = !near;

        for (;;) {
                const struct region *region = region_of(node);
                const bool is_near = is_worth_a_visit(search, region, near, mode);
                const bool is_far = is_worth_a_visit(search, region, far, mode);
                const bool is_last = (is_large_enough(search, region->links.gap, mode) | !is_far) & !is_near;
                struct rbtree_node *next = rbtree_choose(is_near, node->child[near], node->child[far]);

                rbtree_prefetch_children(node);
                if (is_last)
                        return node;
                if (!is_near)
                        tell_visit(search, region, gap_size(region->links.gap) < search->need ?
                                   why_too_small(search, gap_size(region->links.gap)) : MISALIGNED,
                                   why_skipped(search, region, near, mode));
                tell_visit(search, region, (is_near ? near : far) == LEFT ? GO_LEFT : GO_RIGHT, SKIPPED_NONE);
                node = next;
        }
}

/*
 * After a node's hole comes its other subtree; after that, the nearest node above in whose near subtree we are.
 *
 *              4                 LEFT first: 1 2 3 4 5, without the subtrees
 *            /   \               that are not worth a visit
 *           2     5
 *          / \
 *         1   3
 */
static inline struct rbtree_node *next_candidate(const struct search *search, struct rbtree_node *node,
                                                 struct mode mode)
{
        const enum side far = !mode.outermost;

        if (is_worth_a_visit(search, region_of(node), far, mode)) {
                tell_visit(search, region_of(node), far == LEFT ? GO_LEFT : GO_RIGHT, SKIPPED_NONE);
                return first_candidate(search, node->child[far], mode);
        }
        if (node->child[far])
                tell_visit(search, region_of(node), GO_UP, why_skipped(search, region_of(node), far, mode));
        for (;;) {
                struct rbtree_node *parent = rbtree_parent(node);

                if (!parent || rbtree_side(parent, node) == mode.outermost)
                        return parent;
                node = parent;
        }
}

static inline __attribute__((always_inline)) bool walk(const struct search *search, struct mode mode,
                                                       struct hole_place *place)
{
        struct rbtree_node *node = search->tree->nodes.root;

        if (mode.outermost == RIGHT && take(search, NULL, mode, place))
                return true;
        if (node)
                node = first_candidate(search, node, mode);
        while (node) {
                if (take(search, region_of(node), mode, place))
                        return true;
                node = next_candidate(search, node, mode);
        }
        return mode.outermost == LEFT && take(search, NULL, mode, place);
}

/* What a search would say of a request that is larger than every hole: the largest gap of the root says so. */
static void tell_refusal(const struct search *search)
{
        const struct rbtree_node *root = search->tree->nodes.root;
        const struct mode mode = { LEFT, WHOLE_RANGE, ANY_HOLE };

        if (root) {
                const struct region *region = region_of(root);

                tell_visit(search, region, why_too_small(search, gap_size(region->links.gap)),
                           why_skipped(search, region, LEFT, mode));
                if (root->child[RIGHT])
                        tell_visit(search, region, GO_UP, why_skipped(search, region, RIGHT, mode));
        }
        tell_visit(search, NULL, why_too_small(search, search->tree->tail_gap), SKIPPED_NONE);
}

static bool is_larger_than_every_hole(const struct region_tree *tree, size_t need)
{
        const struct rbtree_node *root = tree->nodes.root;

        return need > tree->tail_gap && (!root || need > region_largest_gap(region_of(root)));
}

bool hole_search(const struct region_tree *tree, const struct placement *request, struct vrange window,
                 enum side outermost, enum decision success, struct hole_place *place)
{
        struct search search = { tree, request, window, 0, success };

        if (__builtin_add_overflow(request->size, request->guard_before, &search.need) ||
            __builtin_add_overflow(search.need, request->guard_after, &search.need))
                return false;
        if (is_larger_than_every_hole(tree, search.need)) {
                tell_refusal(&search);
                return false;
        }

        const bool needs_large_page = request->alignment >= LARGE_PAGE_SIZE && request->size >= LARGE_PAGE_SIZE;
        const bool is_everywhere = vrange_equals(window, tree->range);

        if (outermost == LEFT && is_everywhere && !needs_large_page)
                return walk(&search, (struct mode){ LEFT, WHOLE_RANGE, ANY_HOLE }, place);
        if (outermost == LEFT && is_everywhere)
                return walk(&search, (struct mode){ LEFT, WHOLE_RANGE, LARGE_PAGE_HOLE }, place);
        return walk(&search, (struct mode){ outermost, WINDOW, needs_large_page ? LARGE_PAGE_HOLE : ANY_HOLE }, place);
}
