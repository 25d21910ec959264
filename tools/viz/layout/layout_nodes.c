#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <stdio.h>
#include <stdlib.h>

/* A walk in address order, with the depth that it has reached. */
struct walk {
        const struct model_region *region;
        unsigned depth;
};

static struct walk outermost(struct walk at, enum side side)
{
        while (at.region && at.region->child[side]) {
                at.region = at.region->child[side];
                at.depth++;
        }
        return at;
}

static struct walk next(struct walk at)
{
        if (at.region->child[RIGHT])
                return outermost((struct walk){ at.region->child[RIGHT], at.depth + 1 }, LEFT);
        while (at.region->parent && at.region == at.region->parent->child[RIGHT]) {
                at.region = at.region->parent;
                at.depth--;
        }
        return (struct walk){ at.region->parent, at.depth - 1 };
}

uint64_t layout_subtree_gap(const struct model_region *region)
{
        uint64_t largest = region->gap;

        for (enum side side = LEFT; side <= RIGHT; side++)
                if (region->child[side] && largest < region->max[side])
                        largest = region->max[side];
        return largest;
}

#define ADD(out, text) text_add(out, sizeof out, text)

/* A short address leaves room for the whole range; a long one for the size only. */
static void write_heading(struct layout_node *node, enum units units)
{
        if (units == UNITS_PAGES && node->range.end <= 0x100000) {
                ADD(node->heading, units_range(node->range));
                return;
        }
        ADD(node->heading, node->address);
        ADD(node->heading, " +");
        ADD(node->heading, units_short(units, vrange_size(node->range) >> PAGE_SHIFT));
}

/* A tree that does not keep largest gaps, in an early kernel of the labs, shows none. */
static void describe_gaps(struct layout_node *node, bool has_max, enum units units)
{
        const char *gap = units_short(units, node->gap), *max = units_short(units, node->max);

        ADD(node->gaps, "gap ");
        ADD(node->gaps, gap);
        ADD(node->tooltip, ", gap ");
        ADD(node->tooltip, gap);
        if (!has_max)
                return;
        ADD(node->gaps, " · max ");
        ADD(node->gaps, max);
        ADD(node->tooltip, ", largest gap in its subtree ");
        ADD(node->tooltip, max);
}

static void describe(struct layout_node *node, const struct model_region *region, enum units units)
{
        char *name = node->bare_name;

        ADD(node->address, units_address(node->range.base));
        write_heading(node, units);
        ADD(node->protection, format_protection(region->protection));
        text_copy_name(name, sizeof node->bare_name, region->name);
        text_fit(node->name, sizeof node->name - 8, name, TEXT_NAME, units == UNITS_PAGES ? 68 : 96);
        ADD(node->name, " ");
        ADD(node->name, node->protection);
        ADD(node->tooltip, name);
        ADD(node->tooltip, " ");
        ADD(node->tooltip, units_range(node->range));
        ADD(node->tooltip, " ");
        ADD(node->tooltip, node->protection);
        describe_gaps(node, region->tree->promises == PROMISE_GAPS, units);
        if (region->before || region->after)
                text_append(node->tooltip, sizeof node->tooltip, ", guards %s and %s",
                            units_short(units, region->before), units_short(units, region->after));
}

void layout_describe_node(struct layout_node *node, const struct model_region *region, enum units units)
{
        const struct model_region *parent = region->parent;

        *node = (struct layout_node){
                .region = region->id,
                .colour = region->colour,
                .parent = NOWHERE,
                .side = parent && parent->child[RIGHT] == region ? RIGHT : LEFT,
                .range = region->range,
                .footprint = model_footprint(region),
                .gap = model_gap(region->tree, region),
                .max = layout_subtree_gap(region),
        };
        describe(node, region, units);
}

static void add_node(struct layout *layout, struct walk at)
{
        struct layout_node *node = &layout->node[layout->nodes++];

        layout_describe_node(node, at.region, layout->units);
        node->depth = node->row = at.depth;
        if (layout->height_of_tree <= at.depth)
                layout->height_of_tree = at.depth + 1;
        if (layout->largest_hole < node->gap)
                layout->largest_hole = node->gap;
}

/*
 * In address order, the newest node at the depth above is the parent of a right child; when a parent comes, the newest
 * node at the depth below is its left child.
 */
static struct error connect(struct layout *layout)
{
        size_t *newest = calloc((size_t)layout->height_of_tree + 1, sizeof *newest);

        if (!newest)
                return fail_no_memory();
        for (size_t i = 0; i <= layout->height_of_tree; i++)
                newest[i] = NOWHERE;
        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];
                size_t below = newest[node->depth + 1];

                if (node->depth && node->side == RIGHT)
                        node->parent = newest[node->depth - 1];
                if (below != NOWHERE && layout->node[below].side == LEFT && layout->node[below].parent == NOWHERE)
                        layout->node[below].parent = i;
                newest[node->depth] = i;
        }
        free(newest);
        return SUCCESS;
}

/* The nodes level by level, the deepest first. The caller frees it; NULL if there is no memory. */
static size_t *sort_by_depth(const struct layout *layout)
{
        size_t *sorted = calloc(layout->nodes + 1, sizeof *sorted);
        size_t *begin = calloc((size_t)layout->height_of_tree + 2, sizeof *begin);

        for (size_t i = 0; sorted && begin && i < layout->nodes; i++)
                begin[layout->height_of_tree - layout->node[i].depth]++;
        for (size_t i = 1; sorted && begin && i <= layout->height_of_tree; i++)
                begin[i] += begin[i - 1];
        for (size_t i = 0; sorted && begin && i < layout->nodes; i++)
                sorted[begin[layout->height_of_tree - layout->node[i].depth - 1]++] = i;
        if (!begin) {
                free(sorted);
                return NULL;
        }
        free(begin);
        return sorted;
}

/* From below: a node's subtree reaches as far as those of its children. */
static struct error find_subtrees(struct layout *layout)
{
        size_t *sorted = sort_by_depth(layout);

        if (!sorted)
                return fail_no_memory();
        for (size_t i = 0; i < layout->nodes; i++)
                layout->node[i].first = layout->node[i].last = i;
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[sorted[i]];
                struct layout_node *above = node->parent == NOWHERE ? NULL : &layout->node[node->parent];

                if (above && above->first > node->first)
                        above->first = node->first;
                if (above && above->last < node->last)
                        above->last = node->last;
        }
        free(sorted);
        return SUCCESS;
}

struct error layout_add_nodes(struct layout *layout, const struct model_tree *tree)
{
        layout->node = calloc(tree->regions + 1, sizeof *layout->node);
        if (!layout->node)
                return fail_no_memory();
        layout->largest_hole = layout->tail_gap = model_gap(tree, NULL);
        for (struct walk at = outermost((struct walk){ tree->root, 0 }, LEFT); at.region && layout->nodes < tree->regions;
             at = next(at))
                add_node(layout, at);
        TRY(connect(layout));
        return find_subtrees(layout);
}
