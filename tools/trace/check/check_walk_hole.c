#include "check/check_walk_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>

/* --- holes ------------------------------------------------------------------------------------------------ */

uint64_t walk_pages_needed(const struct model_operation *operation)
{
        uint64_t bytes;

        if (__builtin_add_overflow(operation->size, operation->before, &bytes) ||
            __builtin_add_overflow(bytes, operation->after, &bytes))
                return UINT64_MAX;
        return bytes / PAGE_SIZE;
}

struct vrange walk_hole_below(const struct model_tree *tree, const struct model_region *above)
{
        const uintptr_t end = above ? model_footprint(above).base : tree->range.end;

        return (struct vrange){ end - model_gap(tree, above) * PAGE_SIZE, end };
}

bool walk_bases(const struct model_operation *operation, struct vrange space, uint64_t *lowest, uint64_t *highest)
{
        const uint64_t mask = operation->alignment - 1;

        if (vrange_is_empty(space) || __builtin_add_overflow(space.base, operation->before, lowest) ||
            __builtin_sub_overflow(space.end, operation->after, highest) ||
            __builtin_sub_overflow(*highest, operation->size, highest) || __builtin_add_overflow(*lowest, mask, lowest))
                return false;
        *lowest &= ~mask;
        *highest &= ~mask;
        return *lowest <= *highest;
}

/* --- where a search begins -------------------------------------------------------------------------------- */

struct vrange walk_whole_window(const struct model_tree *tree)
{
        return vrange_intersection(tree->operation.window, tree->range);
}

void walk_search(struct visit_walk *walk, const struct model_tree *tree, struct vrange window, enum side near)
{
        walk->window = window;
        walk->near = near;
        walk->node = walk_id(tree->root);
        walk->step = near == LEFT && tree->root ? WALK_NODE : WALK_TAIL;
}

/* The places from the hint up are searched first. */
void walk_search_near(struct visit_walk *walk, const struct model_tree *tree, uint64_t hint)
{
        struct vrange window = walk_whole_window(tree);
        uint64_t first;

        walk->hint = hint;
        walk->is_second = false;
        walk->hole[0] = walk->hole[1] = (struct walk_hole){ 0 };
        if (!__builtin_sub_overflow(hint, tree->operation.before, &first) && first > window.base)
                window.base = first;
        walk_search(walk, tree, window, LEFT);
}

/* Then those from the hint down, the highest first. */
static void begin_search_below(struct visit_walk *walk, const struct model_tree *tree)
{
        struct vrange window = walk_whole_window(tree);
        uint64_t last;

        walk->is_second = true;
        if (!__builtin_add_overflow(walk->hint, tree->operation.size, &last) &&
            !__builtin_add_overflow(last, tree->operation.after, &last) && last < window.end)
                window.end = last;
        walk_search(walk, tree, window, RIGHT);
}

/* --- a search for a hole ---------------------------------------------------------------------------------- */

static bool is_larger_than_every_hole(const struct model_tree *tree)
{
        return walk_pages_needed(&tree->operation) > model_largest_hole(tree);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
        return a < b ? b - a : a - b;
}

/* Both sides of a hint have been searched, or the hint itself is free: the nearer place is taken. */
static void choose(struct visit_walk *walk)
{
        const struct walk_hole *up = &walk->hole[0], *down = &walk->hole[1];
        const bool is_up_nearer = !down->is_found ||
                                  (up->is_found && distance(up->base, walk->hint) < distance(down->base, walk->hint));

        if (!up->is_found && !down->is_found) {
                walk->step = WALK_FAILED;
                return;
        }
        walk->node = is_up_nearer ? up->above : down->above;
        walk->step = up->is_found && down->is_found && up->above != down->above ? WALK_FARTHER : WALK_TAKEN;
}

static void search_failed(struct visit_walk *walk, const struct model_tree *tree)
{
        if (tree->operation.kind == PLACE_ANYWHERE)
                walk->step = WALK_FAILED;
        else if (!walk->is_second)
                begin_search_below(walk, tree);
        else
                choose(walk);
}

static void search_found(struct visit_walk *walk, const struct model_tree *tree, const struct model_region *above)
{
        const struct vrange seen = vrange_intersection(walk_hole_below(tree, above), walk->window);
        struct walk_hole *hole = &walk->hole[walk->is_second];
        uint64_t lowest, highest;

        if (tree->operation.kind == PLACE_ANYWHERE) {
                walk_begin_linking(walk, tree, above);
                return;
        }
        if (!walk_bases(&tree->operation, seen, &lowest, &highest)) {
                walk->step = WALK_QUIET;
                return;
        }
        *hole = (struct walk_hole){ true, walk_id(above), walk->near == LEFT ? lowest : highest };
        if (!walk->is_second && lowest != walk->hint)
                begin_search_below(walk, tree);
        else
                choose(walk);
}

/* All below a node has been dealt with: next comes the hole of the nearest node above it that lies behind. */
static void climb(struct visit_walk *walk, const struct model_tree *tree, const struct model_region *node)
{
        while (node->parent && node->parent->child[walk->near] != node)
                node = node->parent;
        if (node->parent) {
                walk->node = node->parent->id;
                walk->step = WALK_HOLE;
        } else if (walk->near == LEFT) {
                walk->step = WALK_TAIL;
        } else {
                search_failed(walk, tree);
        }
}

static bool is_left(enum skip skipped)
{
        return skipped == LEFT_TOO_SMALL || skipped == LEFT_MISALIGNED || skipped == LEFT_OUTSIDE_WINDOW ||
               skipped == LEFT_BEYOND_HINT;
}

/* With its hole a node names the subtree before it, if that is skipped; on the way up, the one after it. */
static const char *skip_is_misplaced(const struct visit_walk *walk, const struct walk_visit *visit)
{
        const enum side side = is_left(visit->skipped) ? LEFT : RIGHT;

        if (visit->skipped == SKIPPED_NONE)
                return NULL;
        if (visit->decision == GO_LEFT || visit->decision == GO_RIGHT)
                return "skips a subtree where it goes on to the other";
        return side == (visit->decision == GO_UP ? !walk->near : walk->near)
                       ? NULL : "skips the other subtree than the one whose turn it is";
}

static const char *visit_hole(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit)
{
        const struct model_region *node = visit->region;

        if (walk->step == WALK_NODE && node->child[walk->near] && visit->skipped == SKIPPED_NONE)
                return walk_wrong("does not say why its %s subtree is not searched", side_name(walk->near));
        if (walk->step == WALK_HOLE && visit->skipped != SKIPPED_NONE)
                return "skips a subtree that was searched";
        if (visit->decision == TAKEN || visit->decision == FITS)
                search_found(walk, tree, node);
        else if (node->child[!walk->near])
                walk->step = WALK_FAR;
        else
                climb(walk, tree, node);
        return NULL;
}

static const char *go_to_child(struct visit_walk *walk, const struct walk_visit *visit, enum side side)
{
        if (side != (walk->step == WALK_NODE ? walk->near : !walk->near))
                return walk_wrong("goes to the %s, where its hole comes first", side_name(side));
        walk->node = visit->region->child[side]->id;
        walk->step = WALK_NODE;
        return NULL;
}

static const char *visit_node(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit)
{
        const char *misplaced = skip_is_misplaced(walk, visit);

        if (misplaced)
                return misplaced;
        switch (visit->decision) {
        case GO_LEFT:
        case GO_RIGHT:
                if (walk->step == WALK_HOLE)
                        return "goes on before its hole was looked at";
                return go_to_child(walk, visit, visit->decision == GO_LEFT ? LEFT : RIGHT);
        case GO_UP:
                if (walk->step != WALK_FAR)
                        return "goes up before its hole was looked at";
                if (visit->skipped == SKIPPED_NONE)
                        return walk_wrong("does not say why its %s subtree is not searched", side_name(!walk->near));
                climb(walk, tree, visit->region);
                return NULL;
        default:
                return walk->step == WALK_FAR ? "looks at its hole twice" : visit_hole(walk, tree, visit);
        }
}

static const char *visit_tail(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit)
{
        if (visit->decision == TAKEN || visit->decision == FITS) {
                search_found(walk, tree, NULL);
                return NULL;
        }
        if (walk->near == LEFT || !tree->root)
                search_failed(walk, tree);
        else
                walk->step = WALK_NODE;
        return NULL;
}

bool walk_is_of_search(enum decision decision)
{
        return decision == GO_LEFT || decision == GO_RIGHT || decision == GO_UP || decision == TOO_SMALL ||
               decision == NO_ROOM_FOR_GUARDS || decision == MISALIGNED || decision == OUTSIDE_WINDOW ||
               decision == FITS || decision == TAKEN;
}

const char *walk_visit_in_search(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit)
{
        /* A request that is larger than every hole is refused from the left, whichever way the search would go. */
        if (walk->step == WALK_TAIL && walk->near == RIGHT && visit->region && is_larger_than_every_hole(tree))
                walk_search(walk, tree, walk->window, LEFT);
        if (!walk_is_of_search(visit->decision))
                return visit->decision == LINKING ? "links before a place is found" : "is not what a search for a hole decides";
        if (walk->step == WALK_TAIL)
                return visit->region ? "comes where the tail gap should be looked at" : visit_tail(walk, tree, visit);
        if (walk_id(visit->region) != walk->node)
                return walk_wrong("comes where region %" PRIu64 " should be visited", walk->node);
        return visit_node(walk, tree, visit);
}

/* --- choosing --------------------------------------------------------------------------------------------- */

const char *walk_visit_choice(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit)
{
        const uint64_t farther = walk->hole[0].above == walk->node ? walk->hole[1].above : walk->hole[0].above;

        if (walk->step == WALK_FARTHER) {
                if (visit->decision != FARTHER || visit->skipped != SKIPPED_NONE || walk_id(visit->region) != farther)
                        return walk_wrong("comes where the hole below region %" PRIu64 " should be called farther",
                                          farther);
                walk->step = WALK_TAKEN;
                return NULL;
        }
        if (visit->decision == LINKING)
                return "links before a place is found";
        if (visit->skipped != SKIPPED_NONE)
                return "skips a subtree where none is";
        if (visit->decision != TAKEN || walk_id(visit->region) != walk->node)
                return walk_wrong("comes where the hole below region %" PRIu64 " should be taken", walk->node);
        if (tree->operation.kind == PLACE_RANDOM)
                walk->step = WALK_DRAW;
        else
                walk_begin_linking(walk, tree, visit->region);
        return NULL;
}

