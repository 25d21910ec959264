/*
 * Checks the visits of operations: check_decision.c what each says about its node, check_walk.c that they follow from
 * each other.
 *
 * Recordings made before 2026-11-28 say neither which subtrees were skipped nor what was only linking. In those each
 * visit is checked by itself.
 */
#include "check/check_decision.h"
#include "check/check_internal.h"
#include "stream/schema.h"

#include <inttypes.h>

/*
 * Trees of early kernels find holes in other ways: there each visit is checked by itself. Addresses are looked up in
 * the same way in all that are in order; the trees of lab 1, which promise less than balance, look up a new region's
 * place like an address.
 */
static bool is_followed(const struct model_tree *tree, const struct visit_walk *walk)
{
        if (tree->promises == PROMISE_GAPS)
                return true;
        if (walk->leaves_tree || tree->promises > PROMISE_ORDER)
                return false;
        return tree->operation.kind == FIND || (tree->operation.kind == PLACE_SPECIFICALLY && tree->promises > PROMISE_BALANCE);
}

static bool visits_are_whole(const struct check *check, const struct model_tree *tree, const struct visit_walk *walk)
{
        return check->visits_are_whole && is_followed(tree, walk);
}

static void look_at_schema(struct check *check, const struct event_schema *schema)
{
        if (check->visit_schema == schema)
                return;
        check->visit_schema = schema;
        check->visits_are_whole = false;
        for (size_t i = 0; i < schema->fields; i++)
                check->visits_are_whole |= schema->field[i].known == EVENT_FIELD(tree_visit, skipped);
        if (check->visits_are_whole && check->without_visits)
                check_report(check, check->without_visits, NULL,
                             "an operation in an empty tree does not visit its gap");
        check->without_visits = 0;
}

/* The record of a tree whose operation's visits can be judged, or NULL. */
static struct checked_tree *walked(const struct check *check, const struct model_tree *tree)
{
        struct checked_tree *checked = tree ? id_map_get(&check->checked_trees, tree->id) : NULL;

        if (!checked || !check_can_judge(check, tree) || checked->walk_is_unjudged)
                return NULL;
        /* Whether visits are sent may have changed since it began, and the event that says so may be missing. */
        return tree->operation.in_progress && tree->operation.begin < check->newest_loss ? NULL : checked;
}

void check_visit(struct check *check, const struct event *event)
{
        struct model_tree *tree = model_tree(check->model, VALUE(event, tree_visit, tree));
        struct checked_tree *checked = walked(check, tree);
        const uint64_t id = VALUE(event, tree_visit, region);
        const struct model_region *region = model_region(check->model, id);
        const char *wrong;

        if (check->visits == VISITS_ARE_LEFT_OUT)
                return;
        look_at_schema(check, event->schema);
        check->visits = VISITS_ARE_SENT;
        if (!checked)
                return;
        if (!tree->operation.in_progress) {
                if (check_is_sent(check, CATEGORY_tree))
                        check_report(check, event->number, tree, "tree_visit outside any operation");
                return;
        }
        if (id && (!region || region->tree != tree)) {
                check_report(check, event->number, tree,
                             "region %" PRIu64 " is visited, but is not in tree %" PRIu64, id,
                             tree->id);
                return;
        }

        const struct visit visit = {
                .walk = &checked->walk,
                .tree = tree,
                .operation = &tree->operation,
                .region = region,
                .decision = (enum decision)VALUE(event, tree_visit, decision),
                .skipped = (enum skip)VALUE(event, tree_visit, skipped),
                .is_whole = visits_are_whole(check, tree, &checked->walk),
        };

        walk_prepare(&checked->walk, tree, visit.decision);
        wrong = visit.is_whole ? visit_is_wrong(&visit) : visit_alone_is_wrong(&visit);
        if (!wrong && visit.is_whole)
                wrong = walk_visit(&checked->walk, tree, &(struct walk_visit){ region, visit.decision, visit.skipped });
        else
                checked->walk.visits++;
        if (!wrong)
                return;
        if (!region)
                check_report(check, event->number, tree, "the visit of the tail gap %s", wrong);
        else
                check_report(check, event->number, tree,
                             "the visit of region %" PRIu64 " \"%.40s\" %s", id, region->name, wrong);
}

void check_draw(struct check *check, const struct event *event)
{
        struct model_tree *tree = model_tree(check->model, VALUE(event, tree_draw, tree));
        struct checked_tree *checked = walked(check, tree);
        const char *wrong;

        if (!checked || (check->visit_schema && !visits_are_whole(check, tree, &checked->walk)))
                return;
        wrong = tree->operation.in_progress ? walk_draw(&checked->walk, tree, VALUE(event, tree_draw, address))
                                            : "tree_draw outside any operation";
        if (wrong)
                check_report(check, event->number, tree, "%s", wrong);
}

/* Whether the walk of an operation can be judged; if visits are missing that should be there, reports that. */
static bool has_visits(struct check *check, const struct model_tree *tree, const struct visit_walk *walk)
{
        if (check->visits == VISITS_ARE_LEFT_OUT)
                return false;
        if (walk->visits || !is_followed(tree, walk))
                return visits_are_whole(check, tree, walk);
        if (!walk_needs_visits(walk, tree))
                return check->visits == VISITS_ARE_SENT && check->visits_are_whole;
        if (check->visits != VISITS_ARE_SENT)
                return false;
        if (!walk->was_empty || check->visits_are_whole)
                check_report(check, check->event->number, tree,
                             "the operation visits nothing (if an older kernel ran with trace=-visit, say --no-visits)");
        else if (!check->visit_schema && !check->without_visits)
                check->without_visits = check->event->number;
        return false;
}

void check_link(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, tree_link, tree));
        struct checked_tree *checked = walked(check, tree);
        const char *wrong;

        if (checked && tree->promises == PROMISE_GAPS && check_can_judge(check, tree) &&
            !VALUE(event, tree_link, parent) && VALUE(event, tree_link, side) != LEFT)
                check_report(check, event->number, tree, "the root is linked on a side that is not left");
        if (!checked || !tree->operation.in_progress || tree->operation.kind == SPLIT ||
            !has_visits(check, tree, &checked->walk))
                return;
        wrong = walk_link(&checked->walk, tree, VALUE(event, tree_link, parent));
        if (wrong)
                check_report(check, event->number, tree, "%s", wrong);
}

void check_visits_begin(struct check *check, const struct model_tree *tree)
{
        struct checked_tree *checked = id_map_get(&check->checked_trees, tree->id);

        if (!checked)
                return;
        checked->walk_is_unjudged = false;
        if (check_can_judge(check, tree))
                walk_begin(&checked->walk, check->model, tree);
}

void check_visits_end(struct check *check, const struct model_tree *tree)
{
        struct checked_tree *checked = walked(check, tree);
        const bool is_refused = tree->operation.result == ERROR_BAD_ARGUMENT || tree->operation.result == ERROR_OUT_OF_RANGE;
        const char *wrong;

        if (!checked || (is_refused && !checked->walk.visits) || tree->operation.begin < check->newest_loss)
                return;
        if (!has_visits(check, tree, &checked->walk))
                return;
        wrong = walk_end(&checked->walk, tree);
        if (wrong)
                check_report(check, tree->operation.end, tree, "%s", wrong);
}
