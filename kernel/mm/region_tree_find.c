#include "mm/region_tree_internal.h"

struct region *region_tree_next(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->node, RIGHT));
}

struct region *region_tree_previous(const struct region *region)
{
        return region_of(rbtree_neighbour(&region->node, LEFT));
}

struct region *region_tree_first(const struct region_tree *tree)
{
        return region_of(rbtree_outermost(tree->nodes.root, LEFT));
}

/*
 * Left or right is as good as a toss of a coin, and a processor that guesses is wrong every second time. So the way is
 * chosen without a branch, while both children are already on their way from memory. The branches that are left are
 * those that hardly ever change their mind.
 */
void region_tree_spot_at(const struct region_tree *tree, uintptr_t address, struct spot *spot)
{
        struct rbtree_node *node = tree->nodes.root, *parent = NULL;
        struct rbtree_node *last[2] = { 0 };    /* where we last went left, and where right */
        enum side side = LEFT;

        while (node) {
                const struct region *region = region_of(node);
                struct rbtree_node *left = node->child[LEFT], *right = node->child[RIGHT];

                __builtin_prefetch(left);
                __builtin_prefetch(right);
                side = region->end > address ? LEFT : RIGHT;
                last[side] = parent = node;
                if (address - region->base < region->end - region->base)
                        break;                  /* the address is taken: no need to go on */
                trace_tree_visit(tree->id, region->id, side == LEFT ? GO_LEFT : GO_RIGHT);
                node = side == LEFT ? left : right;
        }
        *spot = (struct spot){ parent, side, region_of(last[LEFT]) };
}

/* The lowest region that ends above the range's base is the one, if it also begins below the range's end. */
struct region *region_tree_find_intersecting(struct region_tree *tree, struct vrange range)
{
        struct placement request = { .size = vrange_size(range), .alignment = 1, .window = tree->range };
        struct region *found;
        struct spot spot;

        operation_begin(tree, FIND, NULL, &request, range.base);
        region_tree_spot_at(tree, range.base, &spot);
        found = spot.above;
        if (found && region_range(found).end <= range.base)
                found = region_tree_next(found);        /* only its guard lies above */
        if (found && region_range(found).base >= range.end)
                found = NULL;
        if (found)
                trace_tree_visit(tree->id, found->id, FOUND);
        operation_end(tree, found ? ERROR_OK : ERROR_NOT_FOUND, found);
        return found;
}

struct region *region_tree_find_containing(struct region_tree *tree, uintptr_t address)
{
        return region_tree_find_intersecting(tree, (struct vrange){ address, address + 1 });
}
