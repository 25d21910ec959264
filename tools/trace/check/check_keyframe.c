#include "check/check_internal.h"
#include "check/check_rules.h"
#include "stream/event_table.h"
#include "stream/schema.h"

#include <inttypes.h>
#include <stdlib.h>

/*
 * A keyframe shows real memory. It is compared with the model before the model takes it over. The first keyframe may
 * show objects that were created before the trace began; later ones may only show known objects.
 */

static const char unseen[] = "changed unseen:";

/* Compares a value of a node or tree in the keyframe with that in the model. Reports a difference and returns false. */
static bool same(struct check *check, const struct event *event, const struct model_tree *tree, const char *what,
                 const char *shown, const char *rebuilt)
{
        if (__builtin_strcmp(shown, rebuilt) == 0)
                return true;
        check_report(check, event->number, tree, "%s in memory %s is %s, but by the events it is %s", unseen, what,
                     shown, rebuilt);
        return false;
}

static bool same_number(struct check *check, const struct event *event, const struct model_tree *tree, const char *what,
                        uint64_t shown, uint64_t rebuilt)
{
        return shown == rebuilt || same(check, event, tree, what, format_count(shown), format_count(rebuilt));
}

static bool same_address(struct check *check, const struct event *event, const struct model_tree *tree,
                         const char *what, uint64_t shown, uint64_t rebuilt)
{
        return shown == rebuilt || same(check, event, tree, what, format_address(shown), format_address(rebuilt));
}

/* What is not named, on either side, is not compared. */
static bool same_name(struct check *check, const struct event *event, const struct model_tree *tree, const char *what,
                      const char *rebuilt)
{
        return !event->text || !*event->text || !*rebuilt || same(check, event, tree, what, event->text, rebuilt);
}

/* --- spaces and trees ------------------------------------------------------------------------------------- */

static void compare_space(struct check *check, const struct event *event)
{
        uint64_t id = VALUE(event, keyframe_space, space);
        const struct model_space *space = model_space(check->model, id);

        check->keyframe.spaces++;
        if (!space || space->gone) {
                if (check->keyframe.compared && (check->any_keyframe || space))
                        check_report(check, event->number, NULL,
                                     "%s in memory there is space %" PRIu64 ", but by the events %s", unseen, id,
                                     space ? "it was destroyed" : "it was never created");
        } else if (same_name(check, event, NULL, "the space's name", space->name) &&
                   same_number(check, event, NULL,
                               "the space's tree", VALUE(event, keyframe_space, tree), space->tree) &&
                   event_has_field(event, EVENT_FIELD(keyframe_space, in_progress)) &&
                   check_space_is_paired(check, space) && check_is_sent(check, CATEGORY_space)) {
                if (same_number(check, event, NULL, "the space's newest operation",
                                VALUE(event, keyframe_space, operation), space->operation))
                        same_number(check, event, NULL, "the number of operations in progress on the space",
                                    VALUE(event, keyframe_space, in_progress), space->in_progress);
        }
}

/* Fewer nodes than the tree should have; one too many would not have been linked. */
static void close_tree(struct check *check, const struct event *event)
{
        const struct model_tree *tree = check->keyframe.tree;

        if (tree && check_can_judge(check, tree))
                same_number(check, event, tree, "the number of nodes", check->keyframe.nodes, tree->regions);
        check->keyframe.tree = NULL;
        check->keyframe.nodes = 0;
}

/* A tree that is shown in an attempt, and did not end, changed meanwhile or was destroyed. */
static void give_tree_up(struct check *check)
{
        check->keyframe.tree = NULL;
        check->keyframe.nodes = 0;
}

static struct error remember_shown(struct check *check, uint64_t tree)
{
        uint64_t *grown = reallocarray(check->keyframe.shown, check->keyframe.trees + 1, sizeof *grown);

        if (!grown)
                return fail_no_memory();
        check->keyframe.shown = grown;
        grown[check->keyframe.trees++] = tree;
        return SUCCESS;
}

/*
 * A tree is shown at the first attempt, and again at the next one if it changed meanwhile; or at the third at once,
 * which holds its lock, if nothing else runs.
 */
static void check_attempt(struct check *check, const struct event *event)
{
        const uint64_t attempt = VALUE(event, keyframe_tree, attempt), last = 3;
        const bool is_again = VALUE(event, keyframe_tree, tree) == check->keyframe.newest;
        const uint64_t right = is_again ? check->keyframe.attempt + 1 : 1;

        if (attempt && check->keyframe.begun && (attempt > last || (attempt != right && (is_again || attempt != last))))
                check_report(check, event->number, NULL, "tree %" PRIu64 " is shown at attempt %s, but it should be %s",
                             VALUE(event, keyframe_tree, tree), format_count(attempt), format_count(right));
}

static struct error compare_tree(struct check *check, const struct event *event)
{
        uint64_t id = VALUE(event, keyframe_tree, tree);
        struct model_tree *tree = model_tree(check->model, id);

        check_attempt(check, event);
        check->keyframe.newest = id;
        check->keyframe.attempt = VALUE(event, keyframe_tree, attempt);
        if (check->keyframe.attempt)
                give_tree_up(check);
        else
                close_tree(check, event);
        if (!check->keyframe.attempt)
                TRY(remember_shown(check, id));
        if (!tree || tree->gone) {
                if (check->keyframe.compared && (check->any_keyframe || tree))
                        check_report(check, event->number, NULL,
                                     "%s in memory there is tree %" PRIu64 ", but by the events %s", unseen, id,
                                     tree ? "it was destroyed" : "it was never created");
                return SUCCESS;
        }
        if (!check_can_judge(check, tree))
                return SUCCESS;
        check->keyframe.tree = tree;
        if (tree->operation.in_progress)
                check_report(check, event->number, tree,
                             "a keyframe comes before the operation has ended: there is no tree_end");
        else if (event_has_field(event, EVENT_FIELD(keyframe_tree, promises)) &&
                 tree->promises == PROMISE_GAPS && VALUE(event, keyframe_tree, promises) != PROMISE_GAPS)
                same(check, event, tree, "its promise", promise_name(VALUE(event, keyframe_tree, promises)),
                     promise_name(tree->promises));
        else if (same_number(check, event, tree, "the newest operation", VALUE(event, keyframe_tree, operation),
                             tree->operations) &&
                 same_address(check, event, tree, "the range's base", VALUE(event, keyframe_tree, base),
                              tree->range.base) &&
                 same_address(check, event, tree, "the range's end", VALUE(event, keyframe_tree, end),
                              tree->range.end) &&
                 same_number(check, event, tree, "the count of regions", VALUE(event, keyframe_tree, regions),
                             tree->regions) &&
                 same_number(check, event, tree, "the root", VALUE(event, keyframe_tree, root),
                             tree->root ? tree->root->id : 0))
                same_number(check, event, tree, "the tail gap (pages)", VALUE(event, keyframe_tree, tail_gap),
                            tree->tail_gap);
        return SUCCESS;
}

/* --- nodes ------------------------------------------------------------------------------------------------ */

static bool same_place(struct check *check, const struct event *event, const struct model_tree *tree,
                       const struct model_region *node)
{
        enum side side = node->parent && node->parent->child[RIGHT] == node ? RIGHT : LEFT;

        return same_number(check, event, tree, "its parent", VALUE(event, keyframe_node, parent),
                           node->parent ? node->parent->id : 0) &&
               same(check, event, tree, "its side", side_name(VALUE(event, keyframe_node, side)),
                    side_name(side)) &&
               same(check, event, tree, "its colour", colour_name(VALUE(event, keyframe_node, colour)),
                    colour_name(node->colour)) &&
               same_number(check, event, tree, "its gap (pages)", VALUE(event, keyframe_node, gap), node->gap) &&
               same_number(check, event, tree, "the largest gap on its left (pages)",
                           VALUE(event, keyframe_node, max_left), node->max[LEFT]) &&
               same_number(check, event, tree, "the largest gap on its right (pages)",
                           VALUE(event, keyframe_node, max_right), node->max[RIGHT]);
}

static bool same_region(struct check *check, const struct event *event, const struct model_tree *tree,
                        const struct model_region *node)
{
        return same_name(check, event, tree, "its name", node->name) &&
               same_address(check, event, tree, "its base", VALUE(event, keyframe_node, base), node->range.base) &&
               same_address(check, event, tree, "its end", VALUE(event, keyframe_node, end), node->range.end) &&
               same(check, event, tree, "its protection",
                    format_protection(VALUE(event, keyframe_node, protection)),
                    format_protection(node->protection)) &&
               same_number(check, event, tree, "its guard below (pages)", VALUE(event, keyframe_node, before),
                           node->before) &&
               same_number(check, event, tree, "its guard above (pages)", VALUE(event, keyframe_node, after),
                           node->after);
}

static void compare_node(struct check *check, const struct event *event)
{
        const struct model_region *node = model_region(check->model, VALUE(event, keyframe_node, region));
        const struct model_tree *tree = check->keyframe.tree;

        check->keyframe.nodes++;
        if (!tree || !check_can_judge(check, tree) || tree->id != VALUE(event, keyframe_node, tree))
                return;
        if (!node || node->tree != tree)
                check_report(check, event->number, tree,
                             "%s in memory node %" PRIu64 " at %s is linked, but by the events it is not", unseen,
                             VALUE(event, keyframe_node, region), format_address(VALUE(event, keyframe_node, base)));
        else if (same_place(check, event, tree, node))
                same_region(check, event, tree, node);
}

/* --- the end of a keyframe -------------------------------------------------------------------------------- */

static void count_spaces(struct check *check, const struct event *event)
{
        const struct model_space *space;
        size_t living = 0;

        for (size_t i = 0; (space = model_space_at(check->model, i)); i++)
                living += !space->gone;
        if (check->keyframe.compared && check->any_keyframe)
                same_number(check, event, NULL, "the number of spaces", check->keyframe.spaces, living);
}

/* From now on the tree is taken to be as the keyframe shows it, if that obeys the rules. */
static struct error take_from_memory(struct check *check, const struct event *event, struct model_tree *tree)
{
        const struct model_region *culprit;
        struct checked_tree *checked;
        char words[400];
        struct error error;

        if (tree->unknown)
                return SUCCESS;                 /* the model does not take it over: it would be stale at once */
        TRY(check_record_of(check, tree->id, &checked));
        checked->faulty = false;
        checked->touched.count = 0;
        if (!rules_hold(tree, &culprit, words, sizeof words)) {
                check_report(check, event->number, tree, "in memory %s", words);
                return SUCCESS;
        }
        error = reference_load(&checked->reference, tree);
        check_count_tree(check, checked);
        return error_is(error, ERROR_BAD_INPUT) ? SUCCESS : error;      /* the rules have reported it already */
}

static struct error take_all_from_memory(struct check *check, const struct event *event)
{
        for (size_t i = 0; i < check->keyframe.trees; i++) {
                struct model_tree *tree = model_tree(check->model, check->keyframe.shown[i]);

                if (tree && !(check->keyframe.compared && check_can_judge(check, tree))) {
                        check->totals.trees += !id_map_get(&check->checked_trees, tree->id);
                        TRY(take_from_memory(check, event, tree));
                }
        }
        return SUCCESS;
}

static struct error take_shown_from_memory(struct check *check, const struct event *event)
{
        struct model_tree *tree = model_tree(check->model, VALUE(event, keyframe_tree_end, tree));

        if (!tree || (check->keyframe.compared && check_can_judge(check, tree)))
                return SUCCESS;
        check->totals.trees += !id_map_get(&check->checked_trees, tree->id);
        return take_from_memory(check, event, tree);
}

static void check_keyframe_complete(struct check *check, const struct event *event)
{
        if (check->keyframe.begun)
                check_report(check, event->number, NULL, "the keyframe that began with event %s is not complete",
                             format_count(check->keyframe.begun));
        check->keyframe.begun = 0;
}

struct error check_keyframe_before(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_keyframe_begin:
                check_keyframe_complete(check, event);
                check->keyframe.begun = event->number;
                check->keyframe.cpu = event->cpu;
                check->keyframe.said = VALUE(event, keyframe_begin, spaces);
                check->keyframe.compared = !model_unknown_since(check->model) && check_is_sent(check, CATEGORY_space) &&
                                           check_is_sent(check, CATEGORY_tree);
                check->keyframe.spaces_changed = check->keyframe.shows_cpus = false;
                check->keyframe.tasks = 0;
                check->keyframe.newest = check->keyframe.attempt = check->keyframe.spaces = check->keyframe.trees = 0;
                give_tree_up(check);
                return SUCCESS;
        case EVENT_space_created:
        case EVENT_space_destroyed:
                check->keyframe.spaces_changed = true;
                return SUCCESS;
        case EVENT_keyframe_task ... EVENT_keyframe_cpu:
                check_shown_task(check, event);
                return SUCCESS;
        case EVENT_keyframe_space:
                compare_space(check, event);
                return SUCCESS;
        case EVENT_keyframe_tree:
                return compare_tree(check, event);
        case EVENT_keyframe_node:
                compare_node(check, event);
                return SUCCESS;
        case EVENT_keyframe_tree_end:
                if (check->keyframe.tree && check_can_judge(check, check->keyframe.tree))
                        same_number(check, event, check->keyframe.tree, "the newest operation",
                                    VALUE(event, keyframe_tree_end, operation), check->keyframe.tree->operations);
                close_tree(check, event);
                return SUCCESS;
        case EVENT_end:
                check_keyframe_complete(check, event);
                return SUCCESS;
        case EVENT_keyframe_end:
                if (check->keyframe.begun && !check->keyframe.spaces_changed &&
                    check->keyframe.said != check->keyframe.spaces)
                        check_report(check, event->number, NULL,
                                     "the keyframe said that it would show %s, but shows %s",
                                     format_counted(check->keyframe.said, "space"),
                                     format_counted(check->keyframe.spaces, "space"));
                check->keyframe.begun = 0;
                if (check->keyframe.attempt)
                        give_tree_up(check);
                close_tree(check, event);
                if (!check->keyframe.spaces_changed)
                        count_spaces(check, event);
                return SUCCESS;
        default:
                return SUCCESS;
        }
}

struct error check_keyframe_after(struct check *check, const struct event *event)
{
        char until[64];

        if (event->type == EVENT_keyframe_tree_end)
                return take_shown_from_memory(check, event);
        if (event->type != EVENT_keyframe_end || model_unknown_since(check->model))
                return SUCCESS;
        __builtin_snprintf(until, sizeof until, "until the keyframe at event %s", format_count(event->number));
        check_report_loss(check, until);
        TRY(take_all_from_memory(check, event));
        check->any_keyframe = true;
        check_tasks_shown(check);
        check->totals.keyframes++;
        check->totals.keyframe_nodes += VALUE(event, keyframe_end, nodes);
        return SUCCESS;
}
