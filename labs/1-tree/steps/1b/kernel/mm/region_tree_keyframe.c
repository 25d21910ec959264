#include "mm/region_tree_keyframe.h"
#include "mm/region_tree_internal.h"

static uint64_t id_of_node(const struct rbtree_node *node)
{
        return id_of(node ? region_of(node) : NULL);
}

static void send_node(const struct region_tree *tree, const struct rbtree_node *node)
{
        const struct region *region = region_of(node);
        const struct rbtree_node *parent = rbtree_parent(node);
        const struct vrange range = region_range(region);
        trace_keyframe_node(tree->id, region->id, id_of_node(parent), parent ? rbtree_side(parent, node) : LEFT,
                            rbtree_colour(node), range.base, range.end, region->protection,
                            trace_pages(region->guard_before), trace_pages(region->guard_after), 0, 0, 0, region->name);     /* no gaps are kept */
}

/* The node after this one, parents before children: down if possible, else to the nearest right turn not yet taken. */
static const struct rbtree_node *next_before_children(const struct rbtree_node *node)
{
        if (node->child[LEFT] || node->child[RIGHT])
                return node->child[LEFT] ? node->child[LEFT] : node->child[RIGHT];
        const struct rbtree_node *parent;
        while ((parent = rbtree_parent(node)) && (rbtree_side(parent, node) == RIGHT || !parent->child[RIGHT]))
                node = parent;
        return parent ? parent->child[RIGHT] : NULL;
}

const struct region *region_tree_show(const struct region_tree *tree, unsigned attempt)
{
        trace_keyframe_tree(tree->id, tree->operations, tree->range.base, tree->range.end, tree->count,
                            id_of_node(tree->nodes.root), 0, attempt, PROMISE_ORDER);    /* a node may have been unlinked */
        return tree->nodes.root ? region_of(tree->nodes.root) : NULL;
}

const struct region *region_tree_show_regions(const struct region_tree *tree, const struct region *region, size_t most)
{
        const struct rbtree_node *node = region ? &region->links.node : NULL;

        for (; node && most; most--) {
                send_node(tree, node);
                node = next_before_children(node);
        }
        return node ? region_of(node) : NULL;
}
