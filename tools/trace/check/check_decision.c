#include "check/check_decision.h"

#define LARGE_PAGE_SIZE ((uint64_t)2 << 20)

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

/* Trees without gaps look at one hole after the other, each with the whole window: no walk need be followed. */
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

/* A visit that goes left or right may be on the way to the insertion point. */
const char *visit_alone_is_wrong(const struct visit *visit)
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
const char *visit_is_wrong(const struct visit *visit)
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
