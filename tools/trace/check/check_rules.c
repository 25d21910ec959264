#include "check/check_rules.h"
#include "base/format.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* By the red-black rules a tree of n nodes is at most 2 log2(n + 1) deep, and n is below 2^64. */
enum { DEPTH_MAX = 128 };

/* An in-order walk; `reached` is the end of the regions passed so far. */
struct walk {
        const struct model_tree *tree;
        uintptr_t reached;

        const struct model_region *culprit;
        char *words;
        size_t room;
};

/* What was found out about a subtree. */
struct subtree {
        unsigned black_height;
        uint64_t largest_gap;
};

[[gnu::format(printf, 3, 4)]]
static bool broken(struct walk *walk, const struct model_region *culprit, const char *format, ...)
{
        va_list arguments;

        walk->culprit = culprit;
        va_start(arguments, format);
        vsnprintf(walk->words, walk->room, format, arguments);
        va_end(arguments);
        return false;
}

static const char *at(const struct model_region *node)
{
        return format_address(node->range.base);
}

/* --- order ------------------------------------------------------------------------------------------------ */

static bool footprint_holds(struct walk *walk, const struct model_region *node)
{
        struct vrange footprint = model_footprint(node);
        bool sound = node->before <= UINTPTR_MAX / PAGE_SIZE && node->after <= UINTPTR_MAX / PAGE_SIZE &&
                     footprint.base <= node->range.base && node->range.base < node->range.end &&
                     node->range.end <= footprint.end && vrange_is_page_aligned(footprint);

        if (!sound)
                return broken(walk, node, "node %" PRIu64 ", %s to %s, is no range of whole pages", node->id, at(node),
                              format_address(node->range.end));
        if (!vrange_contains_range(walk->tree->range, footprint))
                return broken(walk, node, "node %" PRIu64 " at %s lies outside the tree's range", node->id, at(node));
        return true;
}

/* Each node begins where the one before it ends, or above. */
static bool order_holds(struct walk *walk)
{
        const struct model_region *before = NULL, *node = model_outermost(walk->tree, LEFT);

        for (; node; before = node, node = model_neighbour(node, RIGHT)) {
                bool ascends = !before || before->range.base < node->range.base;

                if (!footprint_holds(walk, node))
                        return false;
                if (before && model_footprint(node).base < model_footprint(before).end)
                        return broken(walk, node,
                                      "node %" PRIu64 " at %s %s node %" PRIu64 " at %s", node->id, at(node),
                                      ascends ? "overlaps" : "is out of order: it comes after", before->id, at(before));
        }
        return true;
}

/* --- colours and gaps ------------------------------------------------------------------------------------- */

/* The gap between the node and the one before it. */
static bool gap_holds(struct walk *walk, const struct model_region *node)
{
        uint64_t gap = (model_footprint(node).base - walk->reached) / PAGE_SIZE;

        if (walk->tree->promises > PROMISE_GAPS)
                return true;
        walk->reached = model_footprint(node).end;
        return node->gap == gap ||
               broken(walk, node, "node %" PRIu64 " at %s says the gap below it is %s, but it is %s", node->id,
                      at(node), format_pages(node->gap), format_pages(gap));
}

static bool subtree_holds(struct walk *walk, const struct model_region *node, unsigned depth, struct subtree *out);

static bool child_holds(struct walk *walk, const struct model_region *node, enum side side, unsigned depth,
                        struct subtree *out)
{
        const struct model_region *child = node->child[side];

        *out = (struct subtree){ 0 };
        if (child && node->colour == RED && child->colour == RED)
                return broken(walk, node, "node %" PRIu64 " at %s is red and its child %" PRIu64 " at %s is red too",
                              node->id, at(node), child->id, at(child));
        return !child || subtree_holds(walk, child, depth + 1, out);
}

static bool max_holds(struct walk *walk, const struct model_region *node, enum side side, uint64_t largest)
{
        return walk->tree->promises > PROMISE_GAPS || node->max[side] == largest ||
               broken(walk, node, "node %" PRIu64 " at %s says the largest gap on its %s is %s, but it is %s",
                      node->id, at(node), side == LEFT ? "left" : "right", format_pages(node->max[side]),
                      format_pages(largest));
}

static bool subtree_holds(struct walk *walk, const struct model_region *node, unsigned depth, struct subtree *out)
{
        struct subtree child[2];

        if (depth > DEPTH_MAX)
                return broken(walk, node, "node %" PRIu64 " at %s is deeper than any red-black tree can be",
                              node->id, at(node));
        if (!child_holds(walk, node, LEFT, depth, &child[LEFT]) || !gap_holds(walk, node) ||
            !child_holds(walk, node, RIGHT, depth, &child[RIGHT]))
                return false;
        if (child[LEFT].black_height != child[RIGHT].black_height)
                return broken(walk, node, "below node %" PRIu64 " at %s the number of black nodes is %u to the left, "
                              "but %u to the right",
                              node->id, at(node), child[LEFT].black_height, child[RIGHT].black_height);
        if (!max_holds(walk, node, LEFT, child[LEFT].largest_gap) ||
            !max_holds(walk, node, RIGHT, child[RIGHT].largest_gap))
                return false;
        out->black_height = child[LEFT].black_height + (node->colour == BLACK);
        out->largest_gap = model_subtree_gap(node);
        return true;
}

static bool whole_tree_holds(struct walk *walk)
{
        const struct model_tree *tree = walk->tree;
        struct subtree all;
        uint64_t tail;

        if (vrange_is_empty(tree->range))
                return broken(walk, NULL, "the tree's range is empty");
        if (tree->promises <= PROMISE_ORDER && !order_holds(walk))
                return false;
        if (tree->promises > PROMISE_BALANCE_AT_FIRST)
                return true;
        if (tree->root && tree->root->colour == RED)
                return broken(walk, tree->root, "the root, node %" PRIu64 ", is red", tree->root->id);
        if (tree->root && !subtree_holds(walk, tree->root, 1, &all))
                return false;
        if (tree->promises > PROMISE_GAPS)
                return true;
        tail = (tree->range.end - walk->reached) / PAGE_SIZE;
        if (tree->tail_gap != tail)
                return broken(walk, NULL, "the tail gap is said to be %s, but is %s", format_pages(tree->tail_gap),
                              format_pages(tail));
        return true;
}

bool rules_hold(const struct model_tree *tree, const struct model_region **culprit, char *words, size_t room)
{
        struct walk walk = { .tree = tree, .reached = tree->range.base, .words = words, .room = room };
        bool hold = whole_tree_holds(&walk);

        *culprit = walk.culprit;
        return hold;
}
