#include "check/check_internal.h"
#include "stream/event_table.h"

/*
 * Which categories of events are sent. What is not sent is not missed, and what follows from it is not judged, as after
 * a loss, but there is no finding. The model follows by itself (model_categories).
 */

static bool is_sent(uint64_t categories, enum category category)
{
        return categories >> category & 1;
}

void check_leave_visits(struct check *check)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(check->model, i)); i++) {
                struct checked_tree *checked = id_map_get(&check->checked_trees, tree->id);

                if (checked && tree->operation.in_progress)
                        checked->walk_is_unjudged = true;
        }
}

void check_categories(struct check *check)
{
        const uint64_t categories = model_categories(check->model);

        check->visits = is_sent(categories, CATEGORY_visit) ? VISITS_ARE_SENT : VISITS_ARE_LEFT_OUT;
        if (categories == check->categories)
                return;
        check->categories = categories;
        check->totals.unsent |= ~categories & (((uint64_t)1 << CATEGORY_COUNT) - 1) & ~((uint64_t)1 << CATEGORY_lock);
        check_leave_visits(check);
        if (!is_sent(categories, CATEGORY_space) || !is_sent(categories, CATEGORY_tree) ||
            !is_sent(categories, CATEGORY_region)) {
                check->keyframe.compared = false;
                check->keyframe.tree = NULL;
                check->tasks_unknown = check->calls_unknown = true;     /* the model forgets them, too */
                check_space_lost(check);
        }
        if (!is_sent(categories, CATEGORY_memory))
                check_memory_lost(check);
        if (!is_sent(categories, CATEGORY_task))
                check->tasks_unknown = check->calls_unknown = true;
        check_interrupts_lost(check);
        if (!is_sent(categories, CATEGORY_test))
                check->script.is_partial = true;
}
