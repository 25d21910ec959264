/*
 * What is still known after events went missing.
 *
 * A tree changes only in operations on it, which its kernel numbers without a gap, each on one cpu, with a lock held. A
 * region in a tree also changes in an operation on the tree's space, but not before a tree operation that names it as
 * its cause. So the next operation on a tree proves what the missing events did to it:
 *
 *      operation 41 ends   (events are missing)   operation 42 begins      no operation was missed: the tree is as it was
 *      operation 41 ends   (events are missing)   operation 44 begins      two were missed: the tree is unknown
 *
 * Until that proof a tree is unconfirmed: it keeps its nodes, but nothing about it is judged. What the cpu that lost
 * events was in the middle of is unknown at once, since the rest of it may be missing.
 *
 * Each event with a gap before it, or during one, is a loss. An object that was confirmed when there had been as many
 * losses as there are now is known.
 */
#include "model/model_internal.h"
#include "stream/schema.h"

/* The trees of early kernels, their lists and free ranges keep no such promise: a loss makes them unknown. */
static bool keeps_count(const struct model_tree *tree)
{
        return !tree->is_list && tree->promises == PROMISE_GAPS;
}

enum knowledge model_tree_knowledge(const struct model *model, const struct model_tree *tree)
{
        if (tree->unknown)
                return KNOWN_NOTHING;
        return tree->gone || tree->losses == model->losses ? KNOWN_NOW : KNOWN_ONCE;
}

bool model_space_is_known(const struct model *model, const struct model_space *space)
{
        return space->losses == model->losses;
}

void model_note_tree(struct model *model, const struct model_tree *tree)
{
        model->early_trees += !keeps_count(tree);
}

/* --- operations in progress ------------------------------------------------------------------------------- */

void model_space_leave(struct model_space *space)
{
        space->in_progress = false;
        if (!space->link)
                return;
        *space->link = space->next;
        if (space->next)
                space->next->link = space->link;
        space->next = NULL;
        space->link = NULL;
}

static void put_first(struct model_space **first, struct model_space *space)
{
        space->next = *first;
        space->link = first;
        if (*first)
                (*first)->link = &space->next;
        *first = space;
}

/* If it is not sent which task a cpu runs, an operation may go on anywhere. */
void model_space_enter(struct model *model, struct model_space *space, unsigned cpu, enum whereabouts whereabouts)
{
        model_space_leave(space);
        space->in_progress = true;
        space->begin = 0;
        space->cpu = cpu;
        space->has_moved = whereabouts == MAY_HAVE_MOVED || cpu >= MODEL_CPUS_MAX || model->unsent >> CATEGORY_task & 1;
        put_first(space->has_moved ? &model->moving : &model->working[cpu], space);
}

void model_space_moves(struct model *model, unsigned cpu)
{
        struct model_space *space;

        while (cpu < MODEL_CPUS_MAX && (space = model->working[cpu])) {
                const uint64_t begin = space->begin;

                model_space_enter(model, space, cpu, MAY_HAVE_MOVED);
                space->begin = begin;
        }
}

void model_give_up_tree(struct model *model, struct model_tree *tree)
{
        struct model_space *space = model_space(model, tree->space);
        struct model_cpu *cpu = &model->cpu[tree->operation.cpu % MODEL_CPUS_MAX];

        if (tree->operation.in_progress && cpu->tree == tree)
                cpu->tree = NULL;
        if (space && space->tree == tree->id)
                space->begin = 0;
        tree->unknown = !tree->gone;
        model_empty_tree(tree);
        tree->operation = (struct model_operation){ 0 };
}

static bool changes_regions(const struct model_space *space)
{
        return !space->begin || (space->kind != SPACE_FIND && space->kind != DISCARD);
}

/* Events of an operation may be missing, and when it ended is not known. */
static void break_space(struct model *model, struct model_space *space)
{
        struct model_tree *tree = model_tree(model, space->tree);

        if (tree && tree->space == space->id && !tree->unknown && changes_regions(space))
                model_give_up_tree(model, tree);
        model_space_leave(space);
        space->begin = 0;
        space->losses = model->losses - 1;
}

/* A search changes nothing. */
static void break_tree(struct model *model, struct model_cpu *cpu)
{
        struct model_tree *tree = cpu->tree;

        cpu->tree = NULL;
        if (tree->operation.kind == FIND && keeps_count(tree))
                tree->operation = (struct model_operation){ 0 };
        else
                model_give_up_tree(model, tree);
}

static void break_cpu(struct model *model, unsigned cpu)
{
        if (cpu >= MODEL_CPUS_MAX)
                return;
        if (model->cpu[cpu].tree)
                break_tree(model, &model->cpu[cpu]);
        while (model->working[cpu])
                break_space(model, model->working[cpu]);
}

/* --- a loss ----------------------------------------------------------------------------------------------- */

static void give_up_early_trees(struct model *model)
{
        for (size_t i = 0; model->early_trees && i < model->tree_count; i++) {
                struct model_tree *tree = &model->tree[i]->tree;

                if (!tree->unknown && !tree->gone && !keeps_count(tree))
                        model_give_up_tree(model, tree);
        }
}

static void note_loss(struct model *model, uint64_t first)
{
        if (!model->unknown_since)
                model->unknown_since = first;
        model->has_lost = true;
        model->losses++;
        model_forget_tasks(model);
        model_forget_allocators(model);
}

static void forget_keyframe(struct model *model)
{
        keyframe_forget_all(&model->keyframe);
        for (size_t i = 0; i < model->task_count; i++)
                model->task[i]->is_shown = false;
}

static void lose(struct model *model, const struct event *event)
{
        note_loss(model, event->number - event->missing);
        if (event->missing)
                break_cpu(model, event->cpu);
        while (model->moving)
                break_space(model, model->moving);
        give_up_early_trees(model);
        if (event->missing && event->cpu == model->keyframe.cpu)
                forget_keyframe(model);
}

void model_lost(struct model *model, uint64_t first)
{
        note_loss(model, first);
        for (unsigned cpu = 0; cpu < MODEL_CPUS_MAX; cpu++)
                break_cpu(model, cpu);
        while (model->moving)
                break_space(model, model->moving);
        for (size_t i = 0; i < model->tree_count; i++)
                model_give_up_tree(model, &model->tree[i]->tree);
        forget_keyframe(model);
}

/* --- what an event proves --------------------------------------------------------------------------------- */

static bool is_unconfirmed(const struct model *model, const struct model_tree *tree)
{
        return tree && model_tree_knowledge(model, tree) == KNOWN_ONCE;
}

static void give_up_unconfirmed(struct model *model, struct model_tree *tree)
{
        if (is_unconfirmed(model, tree))
                model_give_up_tree(model, tree);
}

/*
 * Whether the space has done nothing unseen to the tree's regions. What is in progress must be the cause; if nothing
 * is, an operation that changed something would have had a number of the tree, too.
 */
static bool cause_agrees(const struct model_tree *tree, const struct model_space *space, uint64_t cause)
{
        if (!space || space->tree != tree->id)
                return !cause && !tree->operation.cause;
        if (space->in_progress)
                return cause == space->operation;
        return !cause || cause > space->operation;
}

static void settle_begin(struct model *model, struct model_tree *tree, const struct event *event)
{
        struct model_space *space = model_space(model, tree->space);
        const uint64_t cause = VALUE(event, tree_begin, cause);

        if (tree->operation.in_progress || VALUE(event, tree_begin, operation) != tree->operations + 1 ||
            !cause_agrees(tree, space, cause)) {
                model_give_up_tree(model, tree);
                return;
        }
        tree->losses = model->losses;
        if (!cause || !space || space->in_progress)
                return;
        space->operation = cause;               /* its space_begin is missing */
        space->begin = 0;
        model_space_enter(model, space, event->cpu, STAYS_ON_ITS_CPU);
}

static void settle_tree(struct model *model, const struct event *event)
{
        struct model_tree *tree = model_tree(model, event->field[0]);
        const struct model_region *linked = event->type == EVENT_tree_link ?
                                            model_region(model, VALUE(event, tree_link, region)) : NULL;

        if (linked && linked->tree != tree)
                give_up_unconfirmed(model, linked->tree);
        if (!is_unconfirmed(model, tree))
                return;
        if (event->type == EVENT_tree_begin)
                settle_begin(model, tree, event);
        else if (tree->operation.in_progress && tree->operation.cpu == event->cpu)
                tree->losses = model->losses;   /* its cpu has lost nothing since, and holds the lock */
        else
                model_give_up_tree(model, tree);
}

static void settle_region(struct model *model, const struct event *event)
{
        const struct model_region *region = model_region(model, event->field[0]);
        const struct vrange old = { VALUE(event, region_changed, old_base), VALUE(event, region_changed, old_end) };

        if (!region || !is_unconfirmed(model, region->tree))
                return;
        if (event->type == EVENT_region_freed || !vrange_equals(region->range, old) ||
            region->protection != VALUE(event, region_changed, old_protection))
                model_give_up_tree(model, region->tree);
}

/* What is known to be in progress is what ends, and nothing is when something begins. */
static void settle_space(struct model *model, const struct event *event)
{
        struct model_space *space = model_space(model, VALUE(event, space_begin, space));
        const bool is_its_end = event->type == EVENT_space_end && space && space->cpu == event->cpu &&
                                space->operation == VALUE(event, space_end, operation);

        if (!space || model_space_is_known(model, space))
                return;
        if (space->in_progress && !is_its_end) {
                give_up_unconfirmed(model, model_tree(model, space->tree));
                model_space_leave(space);
                space->begin = 0;
        }
        if (event->type == EVENT_space_end && !space->in_progress) {
                space->operation = VALUE(event, space_end, operation);  /* that began among what is missing */
                model_space_enter(model, space, event->cpu, STAYS_ON_ITS_CPU);
        }
        space->losses = model->losses;
}

_Static_assert(EVENT_FIELD(space_begin, space) == EVENT_FIELD(space_end, space) &&
               EVENT_FIELD(space_begin, operation) == EVENT_FIELD(space_end, operation),
               "the two have the same fields");

/* A keyframe shows a space with its lock held. On which cpu an operation is in progress, it does not say. */
static void settle_shown_space(struct model *model, const struct event *event)
{
        struct model_space *space = model_space(model, VALUE(event, keyframe_space, space));
        const bool in_progress = VALUE(event, keyframe_space, in_progress);
        const uint64_t operation = VALUE(event, keyframe_space, operation);

        if (!space || model_space_is_known(model, space) ||
            !event_has_field(event, EVENT_FIELD(keyframe_space, in_progress)))
                return;
        if (space->in_progress && (!in_progress || operation != space->operation)) {
                give_up_unconfirmed(model, model_tree(model, space->tree));
                model_space_leave(space);
        }
        if (in_progress && !space->in_progress) {
                space->begin = 0;
                model_space_enter(model, space, 0, MAY_HAVE_MOVED);
        }
        space->operation = operation;
        space->losses = model->losses;
}

/* The tree's lock is still held from when its space was shown, if this is the first attempt. */
static void settle_shown_tree(struct model *model, const struct event *event)
{
        struct model_tree *tree = model_tree(model, VALUE(event, keyframe_tree, tree));
        const struct model_space *space = tree ? model_space(model, tree->space) : NULL;

        if (is_unconfirmed(model, tree) && space && space->tree == tree->id && model_space_is_known(model, space) &&
            !tree->operation.in_progress && tree->operations == VALUE(event, keyframe_tree, operation) &&
            model->keyframe.attempts == 0 && model->keyframe.open)
                tree->losses = model->losses;
}

/* --- all -------------------------------------------------------------------------------------------------- */

static void settle(struct model *model, const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_begin ... EVENT_tree_visit:
                settle_tree(model, event);
                return;
        case EVENT_region_changed:
        case EVENT_region_freed:
                settle_region(model, event);
                return;
        case EVENT_space_begin:
        case EVENT_space_end:
                settle_space(model, event);
                return;
        case EVENT_keyframe_space:
                settle_shown_space(model, event);
                return;
        case EVENT_keyframe_tree:
                settle_shown_tree(model, event);
                return;
        default:
                return;
        }
}

void model_expect(struct model *model, const struct event *event)
{
        if (model->expected == event->number && event->number)
                return;
        model->expected = event->number;
        if (event->missing || event->gap_elsewhere)
                lose(model, event);
        if (model->has_lost)
                settle(model, event);
}
