#include "test/validate.h"
#include "mm/region_tree_internal.h"

/* What a look at a subtree finds out, for the node above it to check against. */
struct finding {
        const char *broken;             /* the first rule found broken, in words; NULL if none */
        size_t count;
        size_t largest_gap;
        unsigned black_height;
};

/* No red-black tree that fits into memory is higher: 2 log2(n + 1). Deeper means that the links run in a circle. */
enum { HIGHEST = 128 };

/* Written in another way than the tree's own, which it checks: tries each address. */
static bool has_large_page(struct vrange hole)
{
        for (uintptr_t base = hole.base; base < hole.end && hole.end - base >= LARGE_PAGE_SIZE; base += PAGE_SIZE) {
                if (base % LARGE_PAGE_SIZE == 0)
                        return true;
        }
        return false;
}

static const char *check_node(const struct region *region, uintptr_t hole_base, struct vrange tree_range)
{
        if (region->base >= region->end)
                return "a region is empty";
        if (!region->in_tree)
                return "a region in the tree says that it is in none";
        if (!vrange_contains_range(tree_range, (struct vrange){ region->base, region->end }))
                return "a region lies outside the tree's range";
        if (region->base < hole_base)
                return "a region is out of order, or overlaps the one below it";
        if (region->base - hole_base != gap_size(region->links.gap))
                return "a gap is not what lies between two regions";
        if (has_large_page((struct vrange){ hole_base, region->base }) != (region->links.gap & GAP_HOLDS_LARGE_PAGE))
                return "a gap is wrong about whether a large page lies in it";
        return NULL;
}

/* Looks at a subtree in order. `*reached` is the end of the region before it, and becomes the end of its last one. */
static struct finding look(const struct region_tree *tree, const struct rbtree_node *node,
                           const struct rbtree_node *parent, unsigned depth, uintptr_t *reached)
{
        const struct region *region = region_of(node);
        struct finding below[2], finding = { 0 };

        if (!node)
                return finding;
        if (depth > HIGHEST)
                return (struct finding){ .broken = "the tree is higher than any red-black tree can be" };
        if (rbtree_parent(node) != parent)
                return (struct finding){ .broken = "a node's parent is not the node it hangs from" };
        if (rbtree_colour(node) == RED && (!parent || rbtree_colour(parent) == RED))
                return (struct finding){ .broken = parent ? "a red node has a red child" : "the root is red" };

        below[LEFT] = look(tree, node->child[LEFT], node, depth + 1, reached);
        if (below[LEFT].broken)
                return below[LEFT];
        finding.broken = check_node(region, *reached, tree->range);
        if (finding.broken)
                return finding;
        *reached = region->end;
        below[RIGHT] = look(tree, node->child[RIGHT], node, depth + 1, reached);
        if (below[RIGHT].broken)
                return below[RIGHT];

        if (below[LEFT].black_height != below[RIGHT].black_height)
                return (struct finding){ .broken = "two ways down pass different numbers of black nodes" };
        finding.count = below[LEFT].count + 1 + below[RIGHT].count;
        finding.black_height = below[LEFT].black_height + (rbtree_colour(node) == BLACK);
        finding.largest_gap = region->links.gap;
        for (enum side side = LEFT; side <= RIGHT; side++) {
                if (region->links.max_gap[side] != below[side].largest_gap)
                        return (struct finding){ .broken = "a node is wrong about the largest gap below a child" };
                finding.largest_gap = gap_larger(finding.largest_gap, below[side].largest_gap);
        }
        return finding;
}

const char *region_tree_validate(const struct region_tree *tree)
{
        uintptr_t reached = tree->range.base;
        struct finding finding = look(tree, tree->nodes.root, NULL, 0, &reached);

        if (finding.broken)
                return finding.broken;
        if (finding.count != tree->count)
                return "the tree does not hold as many regions as it says";
        if (tree->range.end - reached != tree->tail_gap)
                return "the tail gap is not what lies above the last region";
        return NULL;
}
