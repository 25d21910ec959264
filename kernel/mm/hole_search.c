#include "mm/region_tree_internal.h"

/* The request and where to look, for the length of one search. */
struct search {
        const struct region_tree *tree;
        const struct placement *request;
        struct vrange window;
        size_t need;                            /* what a hole must have: the size and both guards */
        enum side outermost;
};

struct vrange hole_below(const struct region_tree *tree, const struct region *above)
{
        if (above)
                return (struct vrange){ above->base - above->gap, above->base };
        return (struct vrange){ tree->range.end - tree->tail_gap, tree->range.end };
}

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

/* Looks at one hole: takes it, or says why not. */
static enum decision judge(const struct search *search, struct region *above, struct hole_place *place)
{
        struct vrange hole = hole_below(search->tree, above), seen;
        uintptr_t lowest, highest;

        if (vrange_size(hole) < search->need)
                return vrange_size(hole) < search->request->size ? TOO_SMALL : NO_ROOM_FOR_GUARDS;
        seen = vrange_intersection(hole, search->window);
        if (vrange_is_empty(seen) || vrange_size(seen) < search->need)
                return OUTSIDE_WINDOW;
        if (!hole_bases(seen, search->request, &lowest, &highest))
                return MISALIGNED;
        *place = (struct hole_place){ search->outermost == LEFT ? lowest : highest, above };
        return TAKEN;
}

static bool take(const struct search *search, struct region *above, struct hole_place *place)
{
        enum decision decision = judge(search, above, place);

        trace_tree_visit(search->tree->id, id_of(above), decision);
        return decision == TAKEN;
}

/* Whether a subtree has a hole large enough and reaches into the window. Decided without touching it. */
static bool is_worth_a_visit(const struct search *search, const struct rbtree_node *node, enum side side)
{
        const struct region *region = region_of(node);

        if (region->max_gap[side] < search->need)       /* without a child it is 0 */
                return false;
        return side == LEFT ? region->base - region->gap > search->window.base : region->end < search->window.end;
}

static struct rbtree_node *go(const struct search *search, const struct rbtree_node *node, enum side side)
{
        trace_tree_visit(search->tree->id, region_of(node)->id, side == LEFT ? GO_LEFT : GO_RIGHT);
        return node->child[side];
}

/* The outermost node below `node` whose own hole is to be judged. */
static struct rbtree_node *first_candidate(const struct search *search, struct rbtree_node *node)
{
        while (is_worth_a_visit(search, node, search->outermost))
                node = go(search, node, search->outermost);
        return node;
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
static struct rbtree_node *next_candidate(const struct search *search, struct rbtree_node *node)
{
        if (is_worth_a_visit(search, node, !search->outermost))
                return first_candidate(search, go(search, node, !search->outermost));
        for (;;) {
                struct rbtree_node *parent = rbtree_parent(node);

                if (!parent || rbtree_side(parent, node) == search->outermost)
                        return parent;
                node = parent;
        }
}

bool hole_search(const struct region_tree *tree, const struct placement *request, struct vrange window,
                 enum side outermost, struct hole_place *place)
{
        struct search search = { tree, request, window, 0, outermost };

        if (__builtin_add_overflow(request->size, request->guard_before, &search.need) ||
            __builtin_add_overflow(search.need, request->guard_after, &search.need))
                return false;
        if (outermost == RIGHT && take(&search, NULL, place))
                return true;
        for (struct rbtree_node *node = tree->nodes.root ? first_candidate(&search, tree->nodes.root) : NULL; node;
             node = next_candidate(&search, node))
                if (take(&search, region_of(node), place))
                        return true;
        return outermost == LEFT && take(&search, NULL, place);
}
