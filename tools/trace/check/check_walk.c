#include "base/format.h"
#include "check/check_walk_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

const char *walk_wrong(const char *format, ...)
{
        static char words[200];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(words, sizeof words, format, arguments);
        va_end(arguments);
        return words;
}

/* --- looking an address up -------------------------------------------------------------------------------- */

/* The way to an address ends at a region that has it, or below the last node. */
static void go_on_to(struct visit_walk *walk, const struct model_region *next)
{
        if (next)
                walk->node = next->id;
        walk->step = next && !vrange_contains(model_footprint(next), walk->address) ? WALK_ADDRESS : WALK_ANSWER;
}

static void begin_lookup(struct visit_walk *walk, const struct model_tree *tree, uint64_t address)
{
        walk->address = address;
        walk->node = 0;
        go_on_to(walk, tree->root);
}

static const struct model_region *lowest_above(const struct model_tree *tree, uint64_t address)
{
        const struct model_region *above = NULL, *node = tree->root;

        while (node) {
                const bool is_above = address < model_footprint(node).end;

                above = is_above ? node : above;
                node = node->child[is_above ? LEFT : RIGHT];
        }
        return above;
}

/* The first region that meets the range sought, or NULL. */
static const struct model_region *first_meeting(const struct model_tree *tree)
{
        const struct model_operation *operation = &tree->operation;
        const struct model_region *region = lowest_above(tree, operation->address);
        uint64_t end;

        if (__builtin_add_overflow(operation->address, operation->size ? operation->size : 1, &end))
                end = UINT64_MAX;
        if (region && region->range.end <= operation->address)
                region = model_neighbour(region, RIGHT);
        return region && region->range.base < end ? region : NULL;
}

static const char *visit_on_the_way(struct visit_walk *walk, const struct walk_visit *visit)
{
        const enum side side = visit->decision == ADDRESS_LEFT ? LEFT : RIGHT;

        if (visit->decision != ADDRESS_LEFT && visit->decision != ADDRESS_RIGHT && walk_id(visit->region) == walk->node)
                return walk_wrong("ends the way to %s, which should go on from this region",
                                  format_address(walk->address));
        if (visit->decision != ADDRESS_LEFT && visit->decision != ADDRESS_RIGHT)
                return walk_wrong("comes where the way to %s should go on at region %" PRIu64,
                                  format_address(walk->address),
                             walk->node);
        if (walk_id(visit->region) != walk->node)
                return walk_wrong("comes where region %" PRIu64 " should be visited", walk->node);
        if ((side == LEFT) != (walk->address < model_footprint(visit->region).base))
                return walk_wrong("goes to the %s, but %s lies on the other side", side_name(side),
                                  format_address(walk->address));
        go_on_to(walk, visit->region->child[side]);
        return NULL;
}

static const char *visit_answer(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit)
{
        const struct model_operation *operation = &tree->operation;
        const struct model_region *above = lowest_above(tree, walk->address);
        const uint64_t end = walk->address + operation->before + operation->size + operation->after;
        const bool is_free = !above || end <= model_footprint(above).base;

        if (operation->kind == FIND) {
                walk->step = WALK_OVER;
                walk->found = true;
                return visit->decision == FOUND && visit->region && visit->region == first_meeting(tree)
                               ? NULL : "is not the answer to what was sought";
        }
        if (visit->decision != FREE && visit->decision != IN_THE_WAY)
                return "comes where it should be said whether the place is free";
        if (visit->region != above || (visit->decision == FREE) != is_free)
                return is_free ? "says that something is in the way, but the place is free"
                               : "says that the place is free, but something is in the way";
        if (is_free)
                walk->step = WALK_PLACED;
        else
                walk->step = operation->kind == PLACE_RANDOM ? WALK_DRAW : WALK_OVER;
        return NULL;
}

/* --- linking ---------------------------------------------------------------------------------------------- */

/* The insertion point is the rightmost one in the subtree before the hole. */
void walk_begin_linking(struct visit_walk *walk, const struct model_tree *tree, const struct model_region *above)
{
        const struct model_region *next = above ? above->child[LEFT] : tree->root;

        walk->node = next ? next->id : walk_id(above);
        walk->step = next ? WALK_LINKING : WALK_PLACED;
}

static const char *visit_linking(struct visit_walk *walk, const struct walk_visit *visit)
{
        if (visit->decision != LINKING)
                return "searches again after linking began";
        if (visit->skipped != SKIPPED_NONE)
                return "skips a subtree where none is";
        if (walk_id(visit->region) != walk->node)
                return walk_wrong("comes where region %" PRIu64 " is next on the way to the insertion point",
                                  walk->node);
        if (visit->region->child[RIGHT])
                walk->node = visit->region->child[RIGHT]->id;
        else
                walk->step = WALK_PLACED;
        return NULL;
}

/* --- the beginning ---------------------------------------------------------------------------------------- */

void walk_begin(struct visit_walk *walk, const struct model *model, const struct model_tree *tree)
{
        const struct model_operation *operation = &tree->operation;

        *walk = (struct visit_walk){ .model = model, .was_empty = !tree->root, .step = WALK_QUIET };
        switch (operation->kind) {
        case PLACE_ANYWHERE:
                walk_search(walk, tree, walk_whole_window(tree), LEFT);
                break;
        case PLACE_NEAR:
                walk_search_near(walk, tree, operation->address);
                break;
        case PLACE_SPECIFICALLY:
                begin_lookup(walk, tree, operation->address - operation->before);
                break;
        case PLACE_RANDOM:
                walk->step = WALK_DRAW;
                break;
        case FIND:
                begin_lookup(walk, tree, operation->address);
                break;
        default:
                break;
        }
}

/* --- all -------------------------------------------------------------------------------------------------- */

void walk_prepare(struct visit_walk *walk, const struct model_tree *tree, enum decision decision)
{
        if (walk->step == WALK_DRAWN && walk_is_of_search(decision))
                walk_search_near(walk, tree, walk->hint);
        else if (walk->step == WALK_DRAWN)
                begin_lookup(walk, tree, walk->hint - tree->operation.before);
}

const char *walk_visit(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit)
{
        walk->visits++;
        if (walk->is_changing)
                return "comes after the region was given its range";
        switch (walk->step) {
        case WALK_NODE:
        case WALK_HOLE:
        case WALK_FAR:
        case WALK_TAIL:
                return walk_visit_in_search(walk, tree, visit);
        case WALK_FARTHER:
        case WALK_TAKEN:
                return walk_visit_choice(walk, tree, visit);
        case WALK_ADDRESS:
                return visit_on_the_way(walk, visit);
        case WALK_ANSWER:
                return visit_answer(walk, tree, visit);
        case WALK_LINKING:
                return visit_linking(walk, visit);
        case WALK_PLACED:
                return "searches again after linking began";
        case WALK_DRAW:
                return "comes where an address should be drawn";
        default:
                return "comes where no visit should follow";
        }
}

const char *walk_draw(struct visit_walk *walk, const struct model_tree *tree, uint64_t address)
{
        const struct model_operation *operation = &tree->operation;
        const bool is_taken = walk->hole[0].is_found || walk->hole[1].is_found;
        const struct model_region *above = NULL;
        struct vrange space = walk_whole_window(tree);
        uint64_t lowest, highest;

        walk->draws++;
        if (operation->kind != PLACE_RANDOM)
                return "nothing is drawn in such an operation";
        if (walk->step != WALK_DRAW && walk->visits)
                return "an address is drawn, but the one before it was not looked up";
        if (is_taken) {
                above = model_region(walk->model, walk->node);
                space = vrange_intersection(space, walk_hole_below(tree, above));
        }
        if (!walk_bases(operation, space, &lowest, &highest) || address < lowest || address > highest ||
            (address & (operation->alignment - 1)))
                return "the address drawn is not one to choose from";
        walk->hint = address;
        if (is_taken)
                walk_begin_linking(walk, tree, above);
        else
                walk->step = WALK_DRAWN;
        return NULL;
}

/* A search that cannot begin: what it asks for wraps round, or the window is too small for any base. */
static bool could_not_begin(const struct visit_walk *walk, const struct model_tree *tree)
{
        uint64_t lowest, highest;

        if (walk->visits || walk->draws)
                return false;
        return tree->operation.kind == PLACE_RANDOM
                       ? !walk_bases(&tree->operation, walk_whole_window(tree), &lowest, &highest)
                       : walk_pages_needed(&tree->operation) == UINT64_MAX;
}

bool walk_needs_visits(const struct visit_walk *walk, const struct model_tree *tree)
{
        const struct model_operation *operation = &tree->operation;
        const bool finds_nothing = operation->kind == FIND && !operation->in_progress && operation->result != ERROR_OK;

        /* There is nothing on the way in an empty tree, or if the address lies in a guard of the root. */
        if (finds_nothing && walk->step == WALK_ANSWER)
                return false;
        if (!operation->in_progress && operation->result == ERROR_NO_MEMORY && could_not_begin(walk, tree))
                return false;
        return !walk->visits && !walk->draws && walk->step != WALK_QUIET && walk->step != WALK_OVER;
}

const char *walk_link(struct visit_walk *walk, const struct model_tree *tree, uint64_t parent)
{
        if (tree->operation.kind == SPLIT)
                return NULL;
        if (walk->step != WALK_PLACED)
                return "a region is linked, but no visit found a place for it";
        if (walk->node != parent)
                return walk_wrong("a region is linked below region %" PRIu64 ", but the last node visited is region %" PRIu64, parent,
                             walk->node);
        walk->step = WALK_OVER;
        return NULL;
}

const char *walk_end(const struct visit_walk *walk, const struct model_tree *tree)
{
        const struct model_operation *operation = &tree->operation;

        if (operation->kind == FIND) {
                if (operation->result == ERROR_OK)
                        return walk->found ? NULL : "the operation ends, but no visit found the region";
                return walk->step == WALK_ANSWER && !walk->found ? NULL : "the operation ends before the way to the address does";
        }
        if (operation->kind == REMOVE || operation->kind == RESIZE || operation->kind == SPLIT)
                return NULL;
        switch (operation->result) {
        case ERROR_OK:
                if (walk->step != WALK_OVER)
                        return "the operation ends, but no visit found a place";
                return operation->kind != PLACE_RANDOM || operation->result_address == walk->hint
                               ? NULL : "the address is not the one drawn last";
        case ERROR_NO_MEMORY:
                return walk->step == WALK_FAILED || could_not_begin(walk, tree)
                               ? NULL : "the operation ends before every hole was refused";
        case ERROR_OVERLAP:
                return walk->step == WALK_OVER ? NULL : "the operation ends, but no visit found a region in the way";
        default:
                return walk->visits ? "the request was refused, but nodes were visited" : NULL;
        }
}
