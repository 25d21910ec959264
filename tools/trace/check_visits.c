/*
 * Checks what each visit says against the values that the node had at that moment: a gap that is called too small is too
 * small, a subtree that is skipped has no hole that fits. check_walk.c checks that the visits follow from each other.
 *
 * Recordings made before 2026-11-28 say neither which subtrees were skipped nor what was only linking. In those each
 * visit is checked by itself.
 */
#include "check_internal.h"
#include "schema.h"

#include <inttypes.h>

#define LARGE_PAGE_SIZE ((uint64_t)2 << 20)

/* The visit that is checked. */
struct visit {
        const struct visit_walk *walk;
        const struct model_tree *tree;
        const struct model_operation *operation;
        const struct model_region *region;      /* NULL: the tail gap */
        enum decision decision;
        enum skip skipped;
        bool is_whole;                          /* see visits_are_whole() */
};

static bool seeks_hole(const struct model_operation *operation)
{
        return operation->kind == PLACE_ANYWHERE || operation->kind == PLACE_NEAR || operation->kind == PLACE_RANDOM;
}

static bool needs_large_page(const struct model_operation *operation)
{
        return operation->alignment >= LARGE_PAGE_SIZE && operation->size >= LARGE_PAGE_SIZE;
}

static bool has_large_page(struct vrange hole)
{
        const uint64_t base = (hole.base + LARGE_PAGE_SIZE - 1) & ~(LARGE_PAGE_SIZE - 1);

        return base >= hole.base && base <= hole.end && hole.end - base >= LARGE_PAGE_SIZE;
}

static const struct model_region *outermost_below(const struct model_region *region, enum side side)
{
        while (region->child[side])
                region = region->child[side];
        return region;
}

/* O(subtree): an operation that asks for 2 MiB at 2 MiB skips few subtrees. */
static bool subtree_has_large_page(const struct model_region *top)
{
        const struct model_region *region = outermost_below(top, LEFT), *last = outermost_below(top, RIGHT);

        while (region != last && !has_large_page(walk_hole_below(region->tree, region)))
                region = model_neighbour(region, RIGHT);
        return has_large_page(walk_hole_below(region->tree, region));
}

/* --- what is decided about the node's own gap ------------------------------------------------------------- */

static bool has_base(const struct visit *visit, struct vrange space)
{
        uint64_t lowest, highest;

        return walk_bases(visit->operation, space, &lowest, &highest);
}

/* Trees without gaps look at one hole after the other, and at each with the whole window: no walk need be followed to judge it. */
static bool searches_in_order(const struct visit *visit)
{
        return visit->operation->kind == PLACE_ANYWHERE && visit->tree->promises != PROMISE_GAPS;
}

/* The gap is large enough, and refused for this reason. */
static const char *refusal_is_wrong(const struct visit *visit, struct vrange hole)
{
        const struct vrange window = visit->is_whole ? visit->walk->window : walk_whole_window(visit->tree);
        const struct vrange seen = vrange_intersection(window, hole);
        const bool is_seen = !vrange_is_empty(seen) && vrange_size(seen) / PAGE_SIZE >= walk_pages_needed(visit->operation);

        if (visit->decision == OUTSIDE_WINDOW)
                return is_seen ? "calls the gap outside the window, but enough of it lies inside" : NULL;
        if (needs_large_page(visit->operation) && !has_large_page(hole))
                return NULL;
        if (!is_seen)
                return "calls the gap misaligned, but too little of it lies inside the window";
        return has_base(visit, seen) ? "calls the gap misaligned, which it is not" : NULL;
}

static const char *success_is_wrong(const struct visit *visit, struct vrange hole)
{
        if (visit->walk->step > WALK_TAIL)
                return NULL;            /* of the holes that were found one is chosen: the walk checks which */
        if (visit->decision != (visit->operation->kind == PLACE_ANYWHERE ? TAKEN : FITS))
                return visit->decision == TAKEN ? "takes a gap before the search is over"
                                                : "says that the gap fits, where the first that fits is taken";
        return has_base(visit, vrange_intersection(hole, visit->walk->window))
                       ? NULL : "takes a gap in which no aligned place lies inside the window";
}

/* In words, what is wrong with a decision; NULL if it is right. */
static const char *decision_is_wrong(const struct visit *visit)
{
        const struct model_operation *operation = visit->operation;
        const uint64_t gap = model_gap(visit->tree, visit->region);
        const struct vrange hole = walk_hole_below(visit->tree, visit->region);
        const bool has_size = gap >= operation->size / PAGE_SIZE;
        const bool has_room = gap >= walk_pages_needed(operation);

        switch (visit->decision) {
        case TOO_SMALL:
                return has_size ? "calls the gap too small, which it is not" : NULL;
        case NO_ROOM_FOR_GUARDS:
                if (!has_size)
                        return "says that the gap has no room for guards, but it has none for the region either";
                return has_room ? "says that the gap has no room for guards, but it has" : NULL;
        case MISALIGNED:
        case OUTSIDE_WINDOW:
                if (!has_size)
                        return "has another reason to refuse the gap: it is smaller than the region";
                if (!has_room)
                        return "has another reason to refuse the gap: it has no room for the region with its guards";
                return visit->is_whole || searches_in_order(visit) ? refusal_is_wrong(visit, hole) : NULL;
        case FITS:
        case FARTHER:
        case TAKEN:
                if (!has_room)
                        return "takes a gap that is too small";
                return visit->is_whole && visit->decision != FARTHER ? success_is_wrong(visit, hole) : NULL;
        default:
                return NULL;
        }
}

/* --- where the search goes on ----------------------------------------------------------------------------- */

static const char *way_is_wrong(const struct visit *visit)
{
        const enum side side = visit->decision == GO_LEFT || visit->decision == ADDRESS_LEFT ? LEFT : RIGHT;

        if (!visit->region)
                return "goes on from where no region is";
        if (visit->decision == ADDRESS_LEFT || visit->decision == ADDRESS_RIGHT)
                return NULL;            /* the way to an address may end below a leaf */
        if (!visit->region->child[side])
                return "goes on to a child that is not there";
        return visit->region->max[side] < walk_pages_needed(visit->operation)
                       ? "goes on to a subtree in which every gap is too small" : NULL;
}

/* --- what is skipped -------------------------------------------------------------------------------------- */

static enum side skipped_side(enum skip skipped)
{
        return skipped == LEFT_TOO_SMALL || skipped == LEFT_MISALIGNED || skipped == LEFT_OUTSIDE_WINDOW ||
               skipped == LEFT_BEYOND_HINT ? LEFT : RIGHT;
}

/* Whether all of a child's subtree lies below (LEFT) or above (RIGHT) where the search looks. */
static bool is_out_of_reach(const struct visit *visit, enum side side)
{
        const struct vrange window = visit->walk->window;

        return side == LEFT ? walk_hole_below(visit->tree, visit->region).base <= window.base
                            : model_footprint(visit->region).end >= window.end;
}

/* The search looks only to one side of the hint, and that is what cuts the window off on this side. */
static bool is_cut_by_hint(const struct visit *visit, enum side side)
{
        const struct vrange window = vrange_intersection(visit->operation->window, visit->tree->range);

        return side == LEFT ? visit->walk->window.base != window.base : visit->walk->window.end != window.end;
}

static const char *skip_is_wrong(const struct visit *visit)
{
        const struct model_operation *operation = visit->operation;
        const enum side side = skipped_side(visit->skipped);
        const struct model_region *child = visit->region->child[side];
        const bool is_too_small = visit->region->max[side] < walk_pages_needed(operation);

        if (!child)
                return "skips a child that is not there";
        switch (visit->skipped) {
        case LEFT_TOO_SMALL:
        case RIGHT_TOO_SMALL:
                return is_too_small ? NULL : "skips a subtree as too small, but its largest gap is large enough";
        case LEFT_MISALIGNED:
        case RIGHT_MISALIGNED:
                return needs_large_page(operation) && !is_too_small && !subtree_has_large_page(child)
                               ? NULL : "skips a subtree as misaligned, but an aligned 2 MiB lies in it, or none is needed";
        case LEFT_OUTSIDE_WINDOW:
        case RIGHT_OUTSIDE_WINDOW:
                return is_out_of_reach(visit, side) && !is_cut_by_hint(visit, side) && !is_too_small
                               ? NULL : "skips a subtree as outside the window, but it reaches into it";
        case LEFT_BEYOND_HINT:
        case RIGHT_BEYOND_HINT:
                return is_out_of_reach(visit, side) && is_cut_by_hint(visit, side) && !is_too_small
                               ? NULL : "skips a subtree as beyond the hint, but it is not";
        default:
                return "skips a subtree for no known reason";
        }
}

/* --- a visit by itself ------------------------------------------------------------------------------------ */

static bool is_of_lookup(enum decision decision)
{
        return decision == ADDRESS_LEFT || decision == ADDRESS_RIGHT || decision == FREE || decision == IN_THE_WAY ||
               decision == FOUND;
}

/* Recordings without marks of linking: a visit that goes left or right may be on the way to the insertion point. */
static const char *single_visit_is_wrong(const struct visit *visit)
{
        const enum decision decision = visit->decision;
        const bool is_step = decision == GO_LEFT || decision == GO_RIGHT || decision == LINKING;

        if (visit->tree->promises != PROMISE_GAPS)
                return seeks_hole(visit->operation) ? decision_is_wrong(visit) : NULL;
        if (visit->operation->kind == FIND || visit->operation->kind == PLACE_SPECIFICALLY)
                return is_step || is_of_lookup(decision) || (decision == TAKEN && visit->operation->kind != FIND)
                               ? NULL : "is not what such an operation decides";
        if (!seeks_hole(visit->operation))
                return is_step ? NULL : "is not what such an operation decides";
        return decision_is_wrong(visit);
}

/* Of a random place an address is looked up first, and a hole searched if that is not free. */
static const char *visit_is_wrong(const struct visit *visit)
{
        const char *wrong = NULL;

        switch (visit->decision) {
        case GO_LEFT:
        case GO_RIGHT:
        case ADDRESS_LEFT:
        case ADDRESS_RIGHT:
                wrong = way_is_wrong(visit);
                break;
        default:
                if (seeks_hole(visit->operation))
                        wrong = decision_is_wrong(visit);
        }
        if (wrong || visit->skipped == SKIPPED_NONE)
                return wrong;
        return visit->region && seeks_hole(visit->operation) && !is_of_lookup(visit->decision)
                       ? skip_is_wrong(visit) : "skips a subtree where none is";
}

/* --- all -------------------------------------------------------------------------------------------------- */

/*
 * Trees of early kernels find holes in other ways: there each visit is checked by itself. Addresses are looked up in the same way
 * in all that are in order; the trees of lab 1, which promise less than balance, look up a new region's place like an address.
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
                check_report(check, check->without_visits, NULL, "an operation in an empty tree does not visit its gap");
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
                check_report(check, event->number, tree, "region %" PRIu64 " is visited, but is not in tree %" PRIu64, id,
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
        wrong = visit.is_whole ? visit_is_wrong(&visit) : single_visit_is_wrong(&visit);
        if (!wrong && visit.is_whole)
                wrong = walk_visit(&checked->walk, tree, &(struct walk_visit){ region, visit.decision, visit.skipped });
        else
                checked->walk.visits++;
        if (wrong)
                check_report(check, event->number, tree, "the visit of region %" PRIu64 " %s", id, wrong);
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
