/*
 * Lists of regions, as the earliest kernels of the labs have them. The model keeps a list as a tree whose nodes have no
 * left child: the first region is the root, and the right child of a region is the one after it.
 *
 *      first               so that model_outermost() and model_neighbour() yield a list's own order,
 *          second          whatever that is
 *              third
 */
#include "model/model_internal.h"

#include <inttypes.h>

_Static_assert(EVENT_FIELD(list_created, list) == EVENT_FIELD(tree_created, tree) &&
               EVENT_FIELD(list_created, base) == EVENT_FIELD(tree_created, base) &&
               EVENT_FIELD(list_created, end) == EVENT_FIELD(tree_created, end) &&
               EVENT_FIELD(list_created, promises) == EVENT_FIELD(tree_created, promises) &&
               EVENT_FIELD(list_destroyed, list) == EVENT_FIELD(tree_destroyed, tree) &&
               EVENT_FIELD(list_unlink, region) == EVENT_FIELD(tree_unlink, region) &&
               EVENT_FIELD(list_visit, decision) == EVENT_FIELD(tree_visit, decision),
               "what lists and trees have in common has the same fields");

static struct error apply_link(struct model *model, struct model_tree *list, const struct event *event)
{
        uint64_t id = VALUE(event, list_link, region), previous_id = VALUE(event, list_link, previous);
        struct model_region *region, *previous = NULL, *next;

        TRY(model_need_region(model, id, &region));
        if (region->tree)
                return REJECT(model, "region %" PRIu64 " is linked, but is in tree %" PRIu64 " already", id,
                              region->tree->id);
        if (previous_id)
                TRY(model_need_region(model, previous_id, &previous));
        if (previous && previous->tree != list)
                return REJECT(model, "region %" PRIu64 " is linked after region %" PRIu64 ", which is not in the list",
                              id, previous_id);
        next = previous ? previous->child[RIGHT] : list->root;
        model_link_region(list, region, previous, RIGHT);
        region->child[RIGHT] = next;
        if (next)
                next->parent = region;
        region->colour = BLACK;
        region->max[LEFT] = region->max[RIGHT] = 0;
        region->changed_by = event->number;
        list->operation.links++;
        return SUCCESS;
}

/* A tree may be searched as a list was: a visit may name either. */
struct error model_apply_list_event(struct model *model, const struct event *event)
{
        struct event as_tree = *event;
        struct model_tree *list;

        TRY(model_need_tree(model, event->field[0], &list));
        if (!list->is_list && event->type != EVENT_list_visit)
                return REJECT(model, "tree %" PRIu64 " is no list", list->id);
        if (list->unknown)
                return SUCCESS;
        switch (event->type) {
        case EVENT_list_link:
                return apply_link(model, list, event);
        case EVENT_list_unlink:
                as_tree.type = EVENT_tree_unlink;
                return model_apply_tree_event(model, &as_tree);
        default:
                as_tree.type = EVENT_tree_visit;
                as_tree.field[EVENT_FIELD(tree_visit, skipped)] = SKIPPED_NONE;
                return model_apply_tree_event(model, &as_tree);
        }
}
