#include "check/check_touched.h"
#include "base/error_message.h"

#include <stdlib.h>

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* By the red-black rules a tree of n nodes is at most 2 log2(n + 1) deep, and n is below 2^64. */
enum { DEPTH_MAX = 128 };

void touched_free(struct touched *touched)
{
        free(touched->region);
        *touched = (struct touched){ 0 };
}

/* --- noting ----------------------------------------------------------------------------------------------- */

static struct error note(struct touched *touched, const struct model_region *region)
{
        if (!region)
                return SUCCESS;
        if (touched->count == touched->room) {
                size_t room = 2 * touched->room + 32;
                uint64_t *grown = reallocarray(touched->region, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                touched->region = grown;
                touched->room = room;
        }
        touched->region[touched->count++] = region->id;
        return SUCCESS;
}

/* A node that leaves its place changes those around it: above and below in the tree, before and behind in order. */
static struct error note_with_surroundings(struct touched *touched, const struct model_region *region)
{
        if (!region || !region->tree)
                return note(touched, region);
        TRY(note(touched, region->parent));
        TRY(note(touched, region->child[LEFT]));
        TRY(note(touched, region->child[RIGHT]));
        TRY(note(touched, model_neighbour(region, LEFT)));
        TRY(note(touched, model_neighbour(region, RIGHT)));
        return note(touched, region);
}

struct error touched_note(struct touched *touched, const struct model *model, const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_link:
                return note(touched, model_region(model, VALUE(event, tree_link, region)));
        case EVENT_tree_unlink:
                return note_with_surroundings(touched, model_region(model, VALUE(event, tree_unlink, region)));
        case EVENT_tree_exchange:
                TRY(note_with_surroundings(touched, model_region(model, VALUE(event, tree_exchange, region))));
                return note_with_surroundings(touched, model_region(model, VALUE(event, tree_exchange, successor)));
        case EVENT_tree_rotate:
                return note_with_surroundings(touched, model_region(model, VALUE(event, tree_rotate, region)));
        case EVENT_tree_colour:
                return note(touched, model_region(model, VALUE(event, tree_colour, region)));
        case EVENT_tree_gap:
                return note(touched, model_region(model, VALUE(event, tree_gap, region)));
        case EVENT_tree_max:
                return note(touched, model_region(model, VALUE(event, tree_max, region)));
        case EVENT_region_changed:
                return note(touched, model_region(model, VALUE(event, region_changed, region)));
        default:
                return SUCCESS;
        }
}

/* --- the rules, near one node ----------------------------------------------------------------------------- */

static bool is_whole(const struct model_tree *tree, const struct model_region *node)
{
        const struct vrange footprint = model_footprint(node);

        return node->before <= UINTPTR_MAX / PAGE_SIZE && node->after <= UINTPTR_MAX / PAGE_SIZE &&
               footprint.base <= node->range.base && node->range.base < node->range.end &&
               node->range.end <= footprint.end && vrange_is_page_aligned(footprint) &&
               vrange_contains_range(tree->range, footprint);
}

/*
 * The order of two neighbours, and the gap between them, which the upper one keeps (NULL: the tree, as the tail gap).
 */
static bool gap_holds(const struct model_tree *tree, const struct model_region *below, const struct model_region *above)
{
        const uintptr_t base = below ? model_footprint(below).end : tree->range.base;
        const uintptr_t end = above ? model_footprint(above).base : tree->range.end;

        return base <= end && (end - base) / PAGE_SIZE == (above ? above->gap : tree->tail_gap);
}

static bool neighbours_hold(const struct model_tree *tree, const struct model_region *node)
{
        return is_whole(tree, node) && gap_holds(tree, model_neighbour(node, LEFT), node) &&
               gap_holds(tree, node, model_neighbour(node, RIGHT));
}

/* Along the left edge of a subtree: by the rules it is the same along every other way down. */
static unsigned black_height(const struct model_region *region)
{
        unsigned height = 0, depth = 0;

        for (; region && depth < DEPTH_MAX; region = region->child[LEFT], depth++)
                height += region->colour == BLACK;
        return height;
}

static bool node_holds(const struct model_region *node)
{
        for (enum side side = LEFT; side <= RIGHT; side++) {
                const struct model_region *child = node->child[side];

                if (child && node->colour == RED && child->colour == RED)
                        return false;
                if (node->max[side] != (child ? model_subtree_gap(child) : 0))
                        return false;
        }
        return black_height(node->child[LEFT]) == black_height(node->child[RIGHT]);
}

static bool path_holds(const struct model_region *node)
{
        for (unsigned depth = 0; node; node = node->parent, depth++)
                if (depth > DEPTH_MAX || !node_holds(node))
                        return false;
        return true;
}

/* --- all that was touched --------------------------------------------------------------------------------- */

static bool came_before(const struct touched *touched, size_t i)
{
        for (size_t j = 0; j < i; j++)
                if (touched->region[j] == touched->region[i])
                        return true;
        return false;
}

bool touched_rules_hold(const struct touched *touched, const struct model *model, const struct model_tree *tree)
{
        if (vrange_is_empty(tree->range) || (tree->root && tree->root->colour == RED) ||
            !gap_holds(tree, model_outermost(tree, RIGHT), NULL))
                return false;
        for (size_t i = 0; i < touched->count; i++) {
                const struct model_region *node = model_region(model, touched->region[i]);

                if (!node || node->tree != tree || came_before(touched, i))
                        continue;
                if (!neighbours_hold(tree, node) || !path_holds(node))
                        return false;
        }
        return true;
}

/* Both have the region, in the same place, or neither has it. */
static bool region_matches(const struct model *model, const struct model_tree *tree, const struct reference *reference,
                           uint64_t id)
{
        const struct model_region *node = model_region(model, id);
        const bool is_linked = node && node->tree == tree;
        const size_t i = is_linked ? reference_first_above(reference, model_footprint(node).base) : reference->count;
        const struct reference_region *known = i < reference->count ? &reference->region[i] : NULL;

        if (!is_linked)
                return true;            /* if the reference has it, their numbers of regions differ */
        return known && known->id == id && vrange_equals(known->range, node->range) &&
               vrange_equals(known->footprint, model_footprint(node));
}

bool touched_match(const struct touched *touched, const struct model *model, const struct model_tree *tree,
                   const struct reference *reference)
{
        if (tree->regions != reference->count || !region_matches(model, tree, reference, tree->operation.region) ||
            !region_matches(model, tree, reference, tree->operation.result_region))
                return false;
        for (size_t i = 0; i < touched->count; i++)
                if (!region_matches(model, tree, reference, touched->region[i]))
                        return false;
        return true;
}
