/*
 * Which categories are known to be sent. The event that switched a category off may be among those that are missing. So
 * after a loss an event that should be there, and is not, may not have been sent at all:
 *
 *      a region is placed      ("regions are off" is missing)      a region is placed, but no event says where
 *
 * An operation that places, splits or resizes a region contains an event of it, and so does one that protects a part of
 * a space; and an operation on a space contains operations on its tree. If these are not there, the tree is not known
 * any more. Of another category, an event that has come since proves that it is sent.
 */
#include "check/check_internal.h"

static const uint64_t everything = ((uint64_t)1 << CATEGORY_COUNT) - 1;

static const uint8_t category_of[EVENT_COUNT_ALL] = {
#define EVENT(name, category, ...) [EVENT_##name] = CATEGORY_##category,
#include "trace/events.def"
};

/* Nothing is judged about the tree until a keyframe shows it. */
static void stop_judging(struct check *check, const struct model_tree *tree)
{
        struct checked_tree *checked = id_map_get(&check->checked_trees, tree->id);

        if (checked)
                checked->faulty = true;
}

/* --- any category ----------------------------------------------------------------------------------------- */

void check_sent_all(struct check *check)
{
        check->sent_categories = everything;
}

void check_sent_forget(struct check *check)
{
        check->sent_categories = 0;
}

static void stop_judging_all(struct check *check)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(check->model, i)); i++)
                stop_judging(check, tree);
}

/* Of a category that is not known to be sent, events may have been left out up to here. */
static void apply_choice(struct check *check)
{
        if (!check_is_sent(check, CATEGORY_tree))
                stop_judging_all(check);
        if (!check_is_sent(check, CATEGORY_visit))
                check_leave_visits(check);
        if (!check_is_sent(check, CATEGORY_space))
                check_space_lost(check);
        if (!check_is_sent(check, CATEGORY_memory))
                check_memory_lost(check);
        if (!check_is_sent(check, CATEGORY_task))
                check->tasks_unknown = check->calls_unknown = true;
        check_sent_all(check);
}

void check_sent_note(struct check *check, const struct event *event)
{
        if (event->gap_elsewhere)
                return;                         /* the choice may be among the events missing there, and come later */
        if (event->type == EVENT_categories_chosen)
                apply_choice(check);
        check->sent_categories |= (uint64_t)1 << category_of[event->type];
}

bool check_is_sent(const struct check *check, enum category category)
{
        return check->sent_categories >> category & 1;
}

/* --- regions ---------------------------------------------------------------------------------------------- */

/* Whether an event of the region has come since an operation began. */
static bool has_region_event(const struct check *check, uint64_t region, uint64_t begin)
{
        const struct model_region *told = model_region(check->model, region);

        return told && told->changed_by >= begin;
}

/* Before a region is linked, which every operation does that puts one somewhere. */
static void see_link(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, tree_link, tree));

        if (tree && !has_region_event(check, VALUE(event, tree_link, region), tree->operation.begin))
                stop_judging(check, tree);
}

/* Before a resize has ended. */
static void see_tree_end(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, tree_end, tree));

        if (tree && tree->operation.kind == RESIZE && !VALUE(event, tree_end, result) &&
            !has_region_event(check, tree->operation.region, tree->operation.begin))
                stop_judging(check, tree);
}

/* Every operation that changes regions looks for them in the tree first. */
static bool has_searched(const struct model_space *space, const struct model_tree *tree)
{
        return space->kind == SPACE_FIND || space->kind == DISCARD || tree->operation.begin >= space->begin;
}

/* Before an operation on a space ends. If its beginning is missing, it may have been any, lost in the newest gap. */
static void see_space_end(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_end, space));
        const struct model_tree *tree = space ? model_tree(check->model, space->tree) : NULL;
        const uint64_t newest_region = check->newest_region[event->cpu];

        if (!tree || VALUE(event, space_end, result))
                return;
        if (space->begin ? !has_searched(space, tree) || (space->kind == PROTECT && newest_region < space->begin)
                         : newest_region < check->newest_gap[event->cpu])
                stop_judging(check, tree);
}

void check_region_events(struct check *check, const struct event *event)
{
        if (event->missing)
                check->newest_gap[event->cpu] = event->number;
        if (category_of[event->type] == CATEGORY_region)
                check->newest_region[event->cpu] = event->number;
        if (!check->newest_loss)
                return;
        if (event->type == EVENT_tree_link)
                see_link(check, event);
        else if (event->type == EVENT_tree_end)
                see_tree_end(check, event);
        else if (event->type == EVENT_space_end)
                see_space_end(check, event);
}
