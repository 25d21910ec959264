/*
 * Checks the decision of each visit against the values that the node had at that moment: a gap that is called too small
 * is too small, a subtree that is skipped has no hole that fits, and a search ends before linking begins.
 */
#include "check_internal.h"

#include <inttypes.h>

#define LARGE_PAGE_SIZE ((uint64_t)2 << 20)

/* The visit that is checked: the operation so far, and the values of the event. */
struct visit {
        const struct model_operation *operation;
        const struct model_region *region;      /* NULL: the tail gap */
        uint64_t gap;                           /* pages */
        enum decision decision;
        enum skip skipped;
};

static uint64_t pages_needed(const struct model_operation *operation)
{
        return (operation->size + operation->before + operation->after) / PAGE_SIZE;
}

static bool seeks_hole(const struct model_operation *operation)
{
        return operation->kind == PLACE_ANYWHERE || operation->kind == PLACE_NEAR || operation->kind == PLACE_RANDOM;
}

static struct vrange hole_of(const struct model_region *region)
{
        const uintptr_t end = model_footprint(region).base;

        return (struct vrange){ end - region->gap * PAGE_SIZE, end };
}

static bool has_large_page(const struct model_region *region)
{
        const struct vrange hole = hole_of(region);
        const uint64_t base = (hole.base + LARGE_PAGE_SIZE - 1) & ~(LARGE_PAGE_SIZE - 1);

        return base >= hole.base && base <= hole.end && hole.end - base >= LARGE_PAGE_SIZE;
}

/* O(subtree): an operation that asks for 2 MiB at 2 MiB skips few subtrees. */
static bool subtree_has_large_page(const struct model_region *region)
{
        return region && (has_large_page(region) || subtree_has_large_page(region->child[LEFT]) ||
                          subtree_has_large_page(region->child[RIGHT]));
}

/* --- what is decided about the node's own gap ------------------------------------------------------------- */

/* In words, what is wrong with a decision; NULL if it is right. */
static const char *decision_is_wrong(const struct visit *visit)
{
        const struct model_operation *operation = visit->operation;
        const bool has_size = visit->gap >= operation->size / PAGE_SIZE;
        const bool has_room = visit->gap >= pages_needed(operation);

        switch (visit->decision) {
        case TOO_SMALL:
                return has_size ? "calls the gap too small, which it is not" : NULL;
        case NO_ROOM_FOR_GUARDS:
                if (!has_size)
                        return "says that the gap has no room for guards, but it has none for the region either";
                return has_room ? "says that the gap has no room for guards, but it has" : NULL;
        case MISALIGNED:
        case OUTSIDE_WINDOW:
                return has_room ? NULL : "has another reason to refuse the gap: it is too small";
        case FITS:
        case FARTHER:
        case TAKEN:
                return has_room ? NULL : "takes a gap that is too small";
        case GO_LEFT:
        case GO_RIGHT:
                return visit->region && visit->region->child[visit->decision == GO_LEFT ? LEFT : RIGHT]
                               ? NULL : "goes on to a child that is not there";
        default:
                return NULL;
        }
}

/* --- what is skipped -------------------------------------------------------------------------------------- */

static enum side skipped_side(enum skip skipped)
{
        return skipped == LEFT_TOO_SMALL || skipped == LEFT_MISALIGNED || skipped == LEFT_OUTSIDE_WINDOW ||
               skipped == LEFT_BEYOND_HINT ? LEFT : RIGHT;
}

/* The address that a search near a hint measures from: the one given, or the one drawn last. */
static uint64_t hint_of(const struct model_operation *operation)
{
        return operation->draws ? operation->draw[operation->draws - 1].address : operation->address;
}

/* Whether all of a child's subtree lies below (LEFT) or above (RIGHT) where a search of the window, or up to it, looks. */
static bool is_out_of_reach(const struct visit *visit, enum side side, struct vrange reach)
{
        return side == LEFT ? hole_of(visit->region).base <= reach.base
                            : model_footprint(visit->region).end >= reach.end;
}

static const char *skip_is_wrong(const struct visit *visit)
{
        const struct model_operation *operation = visit->operation;
        const enum side side = skipped_side(visit->skipped);
        const uint64_t hint = hint_of(operation);
        const struct vrange window = vrange_intersection(operation->window, visit->region->tree->range);
        const struct vrange beside = { hint - operation->before, hint + operation->size + operation->after };

        if (!visit->region->child[side])
                return "skips a child that is not there";
        switch (visit->skipped) {
        case LEFT_TOO_SMALL:
        case RIGHT_TOO_SMALL:
                return visit->region->max[side] < pages_needed(operation)
                               ? NULL : "skips a subtree as too small, but its largest gap is large enough";
        case LEFT_MISALIGNED:
        case RIGHT_MISALIGNED:
                return operation->alignment >= LARGE_PAGE_SIZE && operation->size >= LARGE_PAGE_SIZE &&
                       !subtree_has_large_page(visit->region->child[side])
                               ? NULL : "skips a subtree as misaligned, but an aligned 2 MiB lies in it, or none is needed";
        case LEFT_OUTSIDE_WINDOW:
        case RIGHT_OUTSIDE_WINDOW:
                return is_out_of_reach(visit, side, window)
                               ? NULL : "skips a subtree as outside the window, but it reaches into it";
        case LEFT_BEYOND_HINT:
        case RIGHT_BEYOND_HINT:
                return operation->kind != PLACE_ANYWHERE && is_out_of_reach(visit, side, beside)
                               ? NULL : "skips a subtree as beyond the hint, but it is not";
        case SKIPPED_NONE:
                break;
        }
        return NULL;
}

/* --- the order of visits ---------------------------------------------------------------------------------- */

/* First a place is found, then the search for the insertion point begins; no other decisions follow. */
static const char *order_is_wrong(const struct visit *visit)
{
        const struct model_operation *operation = visit->operation;
        const enum decision before = operation->visits ? operation->visit[operation->visits - 1].decision : GO_UP;

        if (visit->decision == LINKING)
                return before == LINKING || before == TAKEN || before == FREE ? NULL : "links before a place is found";
        return before == LINKING ? "searches again after linking began" : NULL;
}

void check_visit(struct check *check, const struct event *event)
{
        struct model_tree *tree = model_tree(check->model, VALUE(event, tree_visit, tree));
        const uint64_t id = VALUE(event, tree_visit, region);

        if (!tree || !tree->operation.in_progress || !check_can_judge(check, tree))
                return;

        const struct model_region *region = model_region(check->model, id);

        if (id && (!region || region->tree != tree)) {
                check_report(check, event->number, tree, "region %" PRIu64 " is visited, but is not in tree %" PRIu64, id,
                             tree->id);
                return;
        }

        const struct visit visit = {
                .operation = &tree->operation,
                .region = region,
                .gap = model_gap(tree, region),
                .decision = (enum decision)VALUE(event, tree_visit, decision),
                .skipped = (enum skip)VALUE(event, tree_visit, skipped),
        };
        const char *wrong = order_is_wrong(&visit);

        if (!wrong && seeks_hole(visit.operation))
                wrong = decision_is_wrong(&visit);
        if (!wrong && visit.skipped != SKIPPED_NONE)
                wrong = region && seeks_hole(visit.operation) ? skip_is_wrong(&visit) : "skips a subtree where none is";
        if (wrong)
                check_report(check, event->number, tree, "the visit of region %" PRIu64 " %s", id, wrong);
}

/*
 * The last visit says below which node a region is linked: where linking ended, or where the place was found. An
 * operation without any visit was recorded without them.
 */
void check_link(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, tree_link, tree));
        const uint64_t parent = VALUE(event, tree_link, parent);

        if (!tree || !tree->operation.in_progress || !seeks_hole(&tree->operation) || !tree->operation.visits ||
            !check_can_judge(check, tree))
                return;

        const struct model_operation *operation = &tree->operation;
        const struct model_visit *last = &operation->visit[operation->visits - 1];

        if (last->decision != LINKING && last->decision != TAKEN && last->decision != FREE)
                check_report(check, event->number, tree, "a region is linked, but no visit found a place for it");
        else if (last->decision != FREE && last->region != parent)
                check_report(check, event->number, tree,
                             "a region is linked below region %" PRIu64 ", but the last node visited is region %" PRIu64,
                             parent, last->region);
}
