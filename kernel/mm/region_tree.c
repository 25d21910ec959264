#include "mm/region_tree_internal.h"

static struct region_tree *tree_of(struct rbtree *nodes)
{
        return (struct region_tree *)nodes;     /* the nodes are a tree's first member */
}

/* --- what nodes store about gaps -------------------------------------------------------------------------- */

/* The trace has the sizes alone: whether a large page lies in a hole follows from where the hole is. */
static void set_max_gap(struct region_tree *tree, struct region *region, enum side side, size_t max_gap)
{
        const size_t before = region->links.max_gap[side];

        region->links.max_gap[side] = max_gap;
        if (gap_size(before) != gap_size(max_gap))
                trace_tree_max(tree->id, region->id, side, trace_pages(max_gap));
}

/*
 * The largest gap in the subtree that is `parent`'s child `side` is now `largest`: updates what `parent` and those
 * above it store. Stops at the first that stores it already, for nothing changes above that one. O(log n).
 */
static void propagate_max_gap(struct region_tree *tree, struct rbtree_node *parent, enum side side, size_t largest)
{
        while (parent && region_of(parent)->links.max_gap[side] != largest) {
                struct rbtree_node *node = parent;

                set_max_gap(tree, region_of(node), side, largest);
                largest = region_largest_gap(region_of(node));
                parent = rbtree_parent(node);
                if (parent)
                        side = rbtree_side(parent, node);
        }
}

/* Sets the hole below `region`, or the tail gap if that is NULL; the hole begins at `base`. O(log n). */
static void set_hole(struct region_tree *tree, struct region *region, uintptr_t base)
{
        const struct vrange hole = { base, region ? region->base : tree->range.end };
        const size_t before = region ? gap_size(region->links.gap) : tree->tail_gap;

        if (vrange_size(hole) != before)
                trace_tree_gap(tree->id, id_of(region), trace_pages(vrange_size(hole)));
        if (!region) {
                tree->tail_gap = vrange_size(hole);
                return;
        }
        region->links.gap = gap_of(hole);

        struct rbtree_node *parent = rbtree_parent(&region->links.node);
        if (parent)
                propagate_max_gap(tree, parent, rbtree_side(parent, &region->links.node), region_largest_gap(region));
}

/* --- the hooks of lib/rbtree.h: after each, every largest gap is correct ---------------------------------- */

static void rbtree_linked(struct rbtree *nodes, struct rbtree_node *node, struct rbtree_node *parent, enum side side)
{
        trace_tree_link(tree_of(nodes)->id, region_of(node)->id, parent ? region_of(parent)->id : 0, side);
        propagate_max_gap(tree_of(nodes), parent, side, region_of(node)->links.gap);
}

static void rbtree_unlinked(struct rbtree *nodes, struct rbtree_node *node, struct rbtree_node *parent, enum side side)
{
        struct rbtree_node *child = parent ? parent->child[side] : NULL;
        trace_tree_unlink(tree_of(nodes)->id, region_of(node)->id);
        propagate_max_gap(tree_of(nodes), parent, side, child ? region_largest_gap(region_of(child)) : 0);
}

static void exchange_gaps(size_t *a, size_t *b)
{
        const size_t old = *a;

        *a = *b;
        *b = old;
}

/*
 * The nodes trade places, and what is stored at each of the two places stays there, gaps included. So no largest gap
 * changes. The gap that the successor really has is set when the node is unlinked.
 */
static void rbtree_exchanged(struct rbtree *nodes, struct rbtree_node *node, struct rbtree_node *successor)
{
        struct region *lower = region_of(node), *upper = region_of(successor);
        uint64_t tree = tree_of(nodes)->id;
        trace_tree_exchange(tree, lower->id, upper->id);
        for (enum side side = LEFT; side <= RIGHT; side++)
                exchange_gaps(&lower->links.max_gap[side], &upper->links.max_gap[side]);
        exchange_gaps(&lower->links.gap, &upper->links.gap);
        if (gap_size(lower->links.gap) == gap_size(upper->links.gap))
                return;
        trace_tree_gap(tree, lower->id, trace_pages(lower->links.gap));
        trace_tree_gap(tree, upper->id, trace_pages(upper->links.gap));
}

/*
 * What the two nodes store of the outer subtrees stays. The middle subtree has a new parent, and the node that rises
 * has a new child: the one that sinks.
 */
static void rbtree_rotated(struct rbtree *nodes, struct rbtree_node *sunk, struct rbtree_node *risen, enum side side)
{
        struct region_tree *tree = tree_of(nodes);
        trace_tree_rotate(tree->id, region_of(sunk)->id, side);
        set_max_gap(tree, region_of(sunk), !side, region_of(risen)->links.max_gap[side]);
        set_max_gap(tree, region_of(risen), side, region_largest_gap(region_of(sunk)));
}

static void rbtree_coloured(struct rbtree *nodes, struct rbtree_node *node)
{
        trace_tree_colour(tree_of(nodes)->id, region_of(node)->id, rbtree_colour(node));
}

#include "lib/rbtree.h"

/* --- life ------------------------------------------------------------------------------------------------- */

void region_tree_init(struct region_tree *tree, struct vrange range)
{
        static uint64_t newest;
        *tree = (struct region_tree){ .range = range, .tail_gap = vrange_size(range) };
        tree->id = __atomic_add_fetch(&newest, 1, __ATOMIC_RELAXED);
        trace_tree_created(tree->id, range.base, range.end, PROMISE_GAPS);
}

void region_tree_destroy(struct region_tree *tree)
{
        trace_tree_destroyed(tree->id);
}

/* --- linking ---------------------------------------------------------------------------------------------- */

struct insertion_point insertion_point_below(const struct region_tree *tree, struct region *above)
{
        struct rbtree_node *node = above ? above->links.node.child[LEFT] : tree->nodes.root;
        if (!node)
                return (struct insertion_point){ above ? &above->links.node : NULL, LEFT, above };
        for (;; node = node->child[RIGHT]) {
                trace_tree_visit(tree->id, region_of(node)->id, LINKING, SKIPPED_NONE);
                if (!node->child[RIGHT])
                        return (struct insertion_point){ node, RIGHT, above };
        }
}

/* Of two neighbours one has no child on the side of the other: if both had, a region would lie between them. */
struct insertion_point insertion_point_between(struct region *below, struct region *above)
{
        if (below->links.node.child[RIGHT])
                return (struct insertion_point){ &above->links.node, LEFT, above };
        return (struct insertion_point){ &below->links.node, RIGHT, above };
}

static void change_region(struct region *region, struct vrange range, size_t guard_before, size_t guard_after)
{
        struct vrange old = region_range(region);
        region->base = range.base - guard_before;
        region->end = range.end + guard_after;
        region->guard_before = guard_before;
        region->guard_after = guard_after;
        trace_region_changed(region->id, old.base, old.end, region->protection, range.base, range.end,
                             region->protection, trace_pages(guard_before), trace_pages(guard_after));
}

/* The region divides the hole. What is left below is the region's own gap, what is left above the next region's. */
void region_tree_link(struct region_tree *tree, struct region *region, const struct placement *request, uintptr_t base,
                      const struct insertion_point *point)
{
        struct vrange hole = hole_below(tree, point->above);
        change_region(region, (struct vrange){ base, base + request->size }, request->guard_before,
                      request->guard_after);
        region->links.max_gap[LEFT] = region->links.max_gap[RIGHT] = 0;
        region->links.gap = gap_of((struct vrange){ hole.base, region->base });
        region->in_tree = true;
        tree->count++;
        trace_tree_gap(tree->id, region->id, trace_pages(region->links.gap));
        rbtree_insert(&tree->nodes, &region->links.node, point->parent, point->side);
        set_hole(tree, point->above, region->end);
}

/* --- changing what is there ------------------------------------------------------------------------------- */

/* The region's bytes and the hole below it become part of the hole above. */
static struct error remove(struct region_tree *tree, struct region *region)
{
        if (!region->in_tree)
                return FAIL(NOT_FOUND);
        struct region *above = region_tree_next(region);
        const uintptr_t hole_base = region->base - gap_size(region->links.gap);
        rbtree_remove(&tree->nodes, &region->links.node, above ? &above->links.node : NULL);
        set_hole(tree, above, hole_base);
        region->in_tree = false;
        tree->count--;
        return SUCCESS;
}

struct error region_tree_remove(struct region_tree *tree, struct region *region)
{
        const struct placement request = placement_as_is(tree, region);
        operation_begin(tree, REMOVE, region, &request, region_range(region).base);
        return operation_end_with(tree, remove(tree, region), region);
}

static struct error resize(struct region_tree *tree, struct region *region, const struct placement *request,
                           uintptr_t base)
{
        struct region *above = region_tree_next(region);
        const struct vrange room = { region->base - gap_size(region->links.gap),
                                     above ? above->base : tree->range.end };
        struct vrange footprint;
        TRY(region_tree_check_placement(tree, request, base, &footprint));
        if (!vrange_contains_range(room, footprint))
                return FAIL(OVERLAP);
        change_region(region, (struct vrange){ base, base + request->size }, request->guard_before,
                      request->guard_after);
        set_hole(tree, region, room.base);
        set_hole(tree, above, region->end);
        return SUCCESS;
}

struct error region_tree_resize(struct region_tree *tree, struct region *region, struct vrange range,
                                size_t guard_before, size_t guard_after)
{
        const struct placement request = { vrange_size(range), PAGE_SIZE, guard_before, guard_after, tree->range };
        operation_begin(tree, RESIZE, region, &request, range.base);
        return operation_end_with(tree, resize(tree, region, &request, range.base), region);
}

/* The upper part becomes a hole, which `upper` then fills. */
static struct error split(struct region_tree *tree, struct region *region, uintptr_t at, struct region *upper)
{
        const struct vrange range = region_range(region);
        const struct placement request = { range.end - at, PAGE_SIZE, 0, region->guard_after, tree->range };
        struct region *above = region_tree_next(region);
        if (upper->in_tree || !is_whole_pages(at) || at <= range.base || at >= range.end)
                return FAIL(BAD_ARGUMENT);
        change_region(region, (struct vrange){ range.base, at }, region->guard_before, 0);
        set_hole(tree, above, at);
        upper->protection = region->protection;
        const struct insertion_point point = insertion_point_between(region, above);
        region_tree_link(tree, upper, &request, at, &point);
        return SUCCESS;
}

struct error region_tree_split(struct region_tree *tree, struct region *region, uintptr_t at, struct region *upper)
{
        const struct placement request = placement_as_is(tree, region);
        operation_begin(tree, SPLIT, region, &request, at);
        return operation_end_with(tree, split(tree, region, at, upper), upper);
}
