/*
 * Checks what only early kernels do: searching regions one after the other, as in a list, and asking for the region
 * that was found last before anything is searched.
 */
#include "check/check_internal.h"

#include <inttypes.h>

static void check_list_visit(struct check *check, const struct event *event, const struct model_tree *tree,
                             struct visit_walk *walk)
{
        const uint64_t id = VALUE(event, list_visit, region);
        const struct model_region *region = model_region(check->model, id);
        const struct model_region *last = model_region(check->model, walk->passed);
        const struct model_region *next = last ? model_neighbour(last, RIGHT) : model_outermost(tree, LEFT);

        const enum decision decision = VALUE(event, list_visit, decision);
        const bool is_end = !id && decision == FREE;            /* free, and behind the last region */

        if (!is_end && (!region || region->tree != tree))
                check_report(check, event->number, tree,
                             "region %" PRIu64 " is visited, but is not among the regions of tree %" PRIu64,
                             id, tree->id);
        else if ((is_end || decision == ADDRESS_RIGHT) && region != next)
                check_report(check, event->number, tree,
                             "the visit of region %" PRIu64 " comes where region %" PRIu64 " is next in order",
                             id, next ? next->id : 0);
        walk->passed = id;
}

/* The answer of the cache must be what a search would find. */
static void check_hit(struct check *check, const struct event *event, const struct model_tree *tree)
{
        const uint64_t id = VALUE(event, lookup_hit, region);
        const struct model_region *region = model_region(check->model, id);

        if (!region || region->tree != tree)
                check_report(check, event->number, tree,
                             "the lookup cache answers with region %" PRIu64 ", which is not in the tree any more", id);
        else if (!vrange_contains(region->range, VALUE(event, lookup_hit, address)))
                check_report(check, event->number, tree,
                             "the lookup cache answers with region %" PRIu64 ", which does not have the address %s", id,
                             format_address(VALUE(event, lookup_hit, address)));
}

void check_early_lookup(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, event->field[0]);
        struct checked_tree *checked = tree ? id_map_get(&check->checked_trees, tree->id) : NULL;

        if (!checked || !check_can_judge(check, tree))
                return;
        checked->walk.leaves_tree = true;
        if (!tree->operation.in_progress)
                check_report(check, event->number, tree, "%s outside any operation", event->schema->name);
        else if (event->type == EVENT_list_visit)
                check_list_visit(check, event, tree, &checked->walk);
        else if (event->type == EVENT_lookup_hit)
                check_hit(check, event, tree);
}
