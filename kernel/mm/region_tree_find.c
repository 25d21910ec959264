#include "mm/region_tree_internal.h"

struct region *region_tree_next(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->links.node, RIGHT));
}

struct region *region_tree_previous(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->links.node, LEFT));
}

struct region *region_tree_first(const struct region_tree *tree)
{
        return region_of(rbtree_outermost(tree->nodes.root, LEFT));
}

uint16_t region_tree_depth(const struct region *region)
{
        uint16_t depth = 0;
        for (const struct rbtree_node *node = &region->links.node; (node = rbtree_parent(node));)
                depth++;
        return depth;
}

enum colour region_tree_colour(const struct region *region)
{
        return rbtree_colour(&region->links.node);
}

struct region *region_tree_above(const struct region_tree *tree, uintptr_t address, struct region **below)
{
        struct region *above = NULL;
        *below = NULL;
        for (const struct rbtree_node *node = tree->nodes.root; node;) {
                if (address < region_of(node)->end) {
                        above = region_of(node);
                        node = node->child[LEFT];
                } else {
                        *below = region_of(node);
                        node = node->child[RIGHT];
                }
        }
        return above;
}

/*
 * Here the direction is a branch, which the processor predicts: when it is right, half the time, the nodes below are
 * being loaded before the comparison is done.
 */
void insertion_point_at(const struct region_tree *tree, uintptr_t address, struct insertion_point *point)
{
        struct rbtree_node *node = tree->nodes.root, *parent = NULL;
        struct region *above = NULL;
        while (node) {
                struct region *region = region_of(node);
                rbtree_prefetch_children(node);
                parent = node;
                if (address < region->end) {
                        above = region;
                        if (address >= region->base)
                                break;          /* the address is taken: no need to go on */
                        trace_tree_visit(tree->id, region->id, ADDRESS_LEFT, SKIPPED_NONE);
                        node = node->child[LEFT];
                } else {
                        trace_tree_visit(tree->id, region->id, ADDRESS_RIGHT, SKIPPED_NONE);
                        node = node->child[RIGHT];
                }
        }
        *point = (struct insertion_point){ parent, region_of(parent) == above ? LEFT : RIGHT, above };
}

static struct region *answer(const struct region_tree *tree, struct region *found)
{
        if (found)
                trace_tree_visit(tree->id, found->id, FOUND, SKIPPED_NONE);
        operation_end(tree, found ? ERROR_OK : ERROR_NOT_FOUND, found);
        return found;
}

/* The lowest region that ends above the range's base is the one, if it also begins below the range's end. */
struct region *region_tree_find_intersecting(struct region_tree *tree, struct vrange range)
{
        const struct placement request = { .size = vrange_size(range), .alignment = 1, .window = tree->range };
        struct insertion_point point;
        operation_begin(tree, FIND, NULL, &request, range.base);
        insertion_point_at(tree, range.base, &point);
        struct region *found = point.above;
        if (found && region_range(found).end <= range.base)
                found = region_tree_next(found);        /* only its guard lies above */
        return answer(tree, found && region_range(found).base < range.end ? found : NULL);
}

/* Here the answer is waited for, so no guess: which way to go is no branch, and both children are on their way. */
struct region *region_tree_find_containing(struct region_tree *tree, uintptr_t address)
{
        const struct placement request = { .size = 1, .alignment = 1, .window = tree->range };
        struct rbtree_node *node = tree->nodes.root;
        operation_begin(tree, FIND, NULL, &request, address);
        while (node) {
                const struct region *region = region_of(node);
                bool is_below = address < region->end;
                struct rbtree_node *next = rbtree_choose(is_below, node->child[LEFT], node->child[RIGHT]);
                rbtree_prefetch_children(node);
                if (address - region->base < region->end - region->base)
                        break;
                trace_tree_visit(tree->id, region->id, is_below ? ADDRESS_LEFT : ADDRESS_RIGHT, SKIPPED_NONE);
                node = next;
        }
        return answer(tree, node && vrange_contains(region_range(region_of(node)), address) ? region_of(node) : NULL);
}
