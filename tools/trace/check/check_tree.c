#include "check/check_internal.h"
#include "check/check_rules.h"
#include "stream/event_table.h"

#include <inttypes.h>

enum { WORDS = 400 };

/* --- before an event is applied --------------------------------------------------------------------------- */

/*
 * Operations of several cpus are ordered by time. If their numbers do not ascend, the clocks are wrong, not the tree.
 */
static void number_find(struct check *check, const struct event *event, const struct model_tree *tree, uint64_t cpus)
{
        const char *number = format_count(VALUE(event, tree_begin, operation));
        const char *next = format_count(tree->operations + 1);

        if (cpus & (cpus - 1))
                check_report(check, event->number, tree,
                             "clock disorder: by time operation %s begins now, on cpu %u, but %s should be next; several "
                             "processors work on this tree, and their clocks or locks disagree",
                             number, event->cpu, next);
        else
                check_report(check, event->number, tree, "operation %s begins, but %s should be next", number, next);
}

static struct error before_begin(struct check *check, const struct event *event)
{
        struct model_tree *tree = model_tree(check->model, VALUE(event, tree_begin, tree));
        const struct model_tree *busy = model_cpu(check->model, event->cpu)->tree;
        struct checked_tree *checked;

        if (!tree)
                return SUCCESS;
        TRY(check_record_of(check, tree->id, &checked));
        checked->cpus |= (uint64_t)1 << (event->cpu < 63 ? event->cpu : 63);
        if (!check_can_judge(check, tree))
                return SUCCESS;
        if (VALUE(event, tree_begin, operation) != tree->operations + 1)
                number_find(check, event, tree, checked->cpus);
        else if (busy && busy != tree)
                check_report(check, event->number, tree, "an operation begins inside one on tree %" PRIu64, busy->id);
        else
                check_request(check, event, tree);
        return SUCCESS;
}

/* The kernel tells what has changed, and nothing else. */
static void before_gap(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, tree_gap, tree));
        const struct model_region *region = model_region(check->model, VALUE(event, tree_gap, region));
        const uint64_t gap = VALUE(event, tree_gap, gap);

        if (!tree || tree->promises != PROMISE_GAPS || !check_can_judge(check, tree))
                return;
        if (region && region->tree == tree && region->gap == gap)
                check_report(check, event->number, tree,
                             "the gap below region %" PRIu64 " is told, but has not changed", region->id);
        if (!VALUE(event, tree_gap, region) && tree->tail_gap == gap)
                check_report(check, event->number, tree, "the tail gap is told, but has not changed");
}

static void before_max(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, tree_max, tree));
        const struct model_region *region = model_region(check->model, VALUE(event, tree_max, region));
        const uint64_t side = VALUE(event, tree_max, side);

        if (tree && tree->promises == PROMISE_GAPS && check_can_judge(check, tree) && region && region->tree == tree &&
            side <= RIGHT && region->max[side] == VALUE(event, tree_max, max))
                check_report(check, event->number, tree, "the largest gap on the %s of region %" PRIu64
                             " is told, but has not changed", side_name(side), region->id);
}

/* Nodes change only inside operations. */
static void before_change(struct check *check, const struct event *event, struct model_tree *tree)
{
        if (tree && !tree->operation.in_progress && check_can_judge(check, tree))
                check_report(check, event->number, tree, "%s outside any operation", event->schema->name);
}

/* An event is emitted when a colour changes. If the node has that colour already, an earlier event is missing. */
static void before_colour(struct check *check, const struct event *event, struct model_tree *tree)
{
        const struct model_region *region = model_region(check->model, VALUE(event, tree_colour, region));

        before_change(check, event, tree);
        if (tree && region && region->tree == tree && region->colour == VALUE(event, tree_colour, colour) &&
            check_can_judge(check, tree))
                check_report(check, event->number, tree,
                             "node %" PRIu64 " at %s turns %s, but is %s already", region->id,
                             format_address(region->range.base), colour_name(region->colour),
                             colour_name(region->colour));
}

/* The old values in the event are those of the region. The first change has those it was created with. */
static void check_old_range(struct check *check, const struct event *event, const struct model_region *region)
{
        struct vrange old = { VALUE(event, region_changed, old_base), VALUE(event, region_changed, old_end) };

        if (!vrange_equals(old, region->range))
                check_report(check, event->number, region->tree,
                             "region %" PRIu64 " is said to have been %s to %s, but was %s to %s", region->id,
                             format_address(old.base), format_address(old.end), format_address(region->range.base),
                             format_address(region->range.end));
        else if (region->changed_by && VALUE(event, region_changed, old_protection) != region->protection)
                check_report(check, event->number, region->tree,
                             "region %" PRIu64 " is said to have been %s, but was %s",
                             region->id, format_protection(VALUE(event, region_changed, old_protection)),
                             format_protection(region->protection));
}

/* A region in no tree may have been changed by any event that is missing. */
static bool is_known(const struct check *check, const struct model_region *region)
{
        return region->tree ? check_can_judge(check, region->tree) : region->changed_by > check->newest_loss;
}

/* Created where every event is known, and without a range yet; its protection is not known. */
static bool is_new(const struct check *check, const struct model_region *region)
{
        return !check->newest_loss && check->policy == EVERY_EVENT_COUNTS && !region->tree && vrange_is_empty(region->range);
}

static void before_region_changed(struct check *check, const struct event *event)
{
        const struct model_region *region = model_region(check->model, VALUE(event, region_changed, region));
        const struct model_tree *busy = model_cpu(check->model, event->cpu)->tree;
        struct checked_tree *checked = busy ? id_map_get(&check->checked_trees, busy->id) : NULL;

        if (checked)
                checked->walk.is_changing = true;
        if (region && ((region->changed_by && is_known(check, region)) || is_new(check, region)))
                check_old_range(check, event, region);

        if (region && region->tree &&
            (region->range.base != VALUE(event, region_changed, base) ||
             region->range.end != VALUE(event, region_changed, end) ||
             region->before != VALUE(event, region_changed, before) ||
             region->after != VALUE(event, region_changed, after)))
                before_change(check, event, region->tree);
}

static void before_memory(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_cpu(check->model, event->cpu)->tree;

        if (tree && check_can_judge(check, tree))
                check_report(check, event->number, tree,
                             "%s inside the operation: nothing may be allocated or freed there", event->schema->name);
}

/* Remembers what an operation changes, so that only this need be looked at when it ends. */
static struct error note_change(struct check *check, const struct event *event)
{
        const struct model_region *region = model_region(check->model, VALUE(event, region_changed, region));
        const struct model_tree *tree = event->type != EVENT_region_changed ? model_tree(check->model, event->field[0]) :
                                        region ? region->tree : NULL;
        struct checked_tree *checked = tree ? id_map_get(&check->checked_trees, tree->id) : NULL;

        if (!checked || !tree->operation.in_progress || !check_can_follow(check, tree))
                return SUCCESS;
        TRY(touched_note(&checked->touched, check->model, event));
        check_count_tree(check, checked);
        return SUCCESS;
}

struct error check_tree_before(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_begin:
                return before_begin(check, event);
        case EVENT_tree_colour:
                before_colour(check, event, model_tree(check->model, event->field[0]));
                return note_change(check, event);
        case EVENT_tree_visit:
                check_visit(check, event);
                return SUCCESS;
        case EVENT_list_visit:
        case EVENT_lookup_hit:
        case EVENT_lookup_missed:
                check_early_lookup(check, event);
                return SUCCESS;
        case EVENT_tree_draw:
                check_draw(check, event);
                return SUCCESS;
        case EVENT_tree_link:
                before_change(check, event, model_tree(check->model, event->field[0]));
                check_link(check, event);
                return note_change(check, event);
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_unlink ... EVENT_tree_rotate:
        case EVENT_tree_gap:
        case EVENT_tree_max:
                if (event->type == EVENT_tree_gap)
                        before_gap(check, event);
                if (event->type == EVENT_tree_max)
                        before_max(check, event);
                before_change(check, event, model_tree(check->model, event->field[0]));
                return note_change(check, event);
        case EVENT_region_changed:
                before_region_changed(check, event);
                return note_change(check, event);
        case EVENT_frame_allocated ... EVENT_kmalloc_freed:
                before_memory(check, event);
                return SUCCESS;
        default:
                return SUCCESS;
        }
}

/* --- at the end of an operation --------------------------------------------------------------------------- */

/*
 * The whole tree is looked at once for as many operations as it has regions, so that this costs O(1) an operation, and
 * whenever what was touched breaks a rule, to say which. Trees of early kernels are small and keep other promises.
 */
static bool whole_tree_is_due(const struct touched *touched, const struct model_tree *tree)
{
        return tree->promises != PROMISE_GAPS || touched->operations > tree->regions;
}

static bool rules_held(struct check *check, const struct model_tree *tree, struct checked_tree *checked)
{
        const struct model_region *culprit;
        char words[WORDS];

        if (!whole_tree_is_due(&checked->touched, tree) && touched_rules_hold(&checked->touched, check->model, tree))
                return true;
        if (rules_hold(tree, &culprit, words, sizeof words))
                return true;
        if (culprit && culprit->changed_by >= tree->operation.begin)
                check_report(check, tree->operation.end, tree, "%s (last changed by event %s)", words,
                             format_count(culprit->changed_by));
        else
                check_report(check, tree->operation.end, tree, "%s", words);
        if (culprit && check->findings <= FINDINGS_MAX)
                check->finding[check->findings - 1].region = culprit->id;
        return false;
}

/* First checks the links, then the answer against the reference, then whether the two agree. */
static struct error judge(struct check *check, const struct model_tree *tree, struct checked_tree *checked)
{
        const struct model_operation *operation = &tree->operation;
        char words[WORDS];
        struct error error;

        check->totals.operations++;
        checked->touched.operations++;
        if (!rules_held(check, tree, checked))
                return SUCCESS;
        if (!reference_accepts(&checked->reference, operation, words, sizeof words)) {
                check_report(check, operation->end, tree, "%s", words);
                return SUCCESS;
        }
        if (!operation->result) {
                error = reference_apply(&checked->reference, operation);
                if (error_is(error, ERROR_BAD_INPUT)) {
                        check_report(check, operation->end, tree, "%s", error_message());
                        return SUCCESS;
                }
                TRY(error);
        }
        if (!whole_tree_is_due(&checked->touched, tree) &&
            touched_match(&checked->touched, check->model, tree, &checked->reference))
                return SUCCESS;
        if (!reference_matches(&checked->reference, tree, words, sizeof words))
                check_report(check, operation->end, tree, "%s", words);
        checked->touched.operations = 0;
        return SUCCESS;
}

static struct error after_created(struct check *check, const struct event *event)
{
        struct checked_tree *checked;

        check->totals.trees++;
        TRY(check_record_of(check, VALUE(event, tree_created, tree), &checked));
        reference_init(&checked->reference, model_tree(check->model, VALUE(event, tree_created, tree))->range);
        return SUCCESS;
}

static struct error after_end(struct check *check, const struct event *event)
{
        struct model_tree *tree = model_tree(check->model, VALUE(event, tree_end, tree));
        struct checked_tree *checked;

        check->totals.not_judged += check->newest_loss && tree && model_tree_knowledge(check->model, tree) != KNOWN_NOW;
        if (!tree || !check_can_judge(check, tree))
                return SUCCESS;
        TRY(check_record_of(check, tree->id, &checked));
        TRY(judge(check, tree, checked));
        checked->touched.count = 0;
        check_count_tree(check, checked);
        check_visits_end(check, tree);
        if (check_can_judge(check, tree))
                check_outcome(check, event, tree);
        return SUCCESS;
}

/* Its number is not used again: what a kernel's thousands of processes leave behind takes little. */
static void after_destroyed(struct check *check, uint64_t tree)
{
        struct checked_tree *checked = id_map_get(&check->checked_trees, tree);

        if (!checked)
                return;
        reference_free(&checked->reference);
        touched_free(&checked->touched);
        check_count_tree(check, checked);
}

struct error check_tree_after(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_list_created:
        case EVENT_tree_created:
                return after_created(check, event);
        case EVENT_tree_begin:
                check_visits_begin(check, model_tree(check->model, VALUE(event, tree_begin, tree)));
                return SUCCESS;
        case EVENT_tree_end:
                return after_end(check, event);
        case EVENT_list_destroyed:
        case EVENT_tree_destroyed:
                after_destroyed(check, VALUE(event, tree_destroyed, tree));
                return SUCCESS;
        default:
                return SUCCESS;
        }
}
