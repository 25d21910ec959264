/* What a step asks for beside right answers: who decides, what it costs, what is promised, and what is not asked any
 * more. */
#include "base/format.h"
#include "judge_trial.h"
#include "lib/vocabulary/lock.h"

#include <inttypes.h>

enum { RANDOM_DRAWS = 8 };

/* Whether the regions answered what they are to answer, and nothing else. */
static bool right_authority(struct trial *trial)
{
        const struct mapping *mapping = &trial->op.mapping;
        const struct line_work *work = &trial->work;
        const bool has_guards = mapping->guard_before || mapping->guard_after;
        const bool plain = !mapping->alignment && !has_guards && !mapping->window.end;
        const char *words;

        if (!trial->rules->regions_decide || trial->op.kind != OP_MAP || mapping->where != MAP_ANYWHERE)
                return true;
        if (plain == work->searched && (!plain || work->took || trial->answer.error))
                return true;
        if (plain && work->searched)
                words = "the search says of no hole that it takes it: tell_visit(tree, above, TAKEN)";
        else if (plain)
                words = "the range allocator was asked where this region goes, not the regions";
        else
                words = "the regions answered a request with an alignment, guards or a window: the search does not "
                        "know these yet";
        find_fault(trial, trial->answered, "%s", words);
        return false;
}

/* The allocator is asked for a place, or to take one, and the regions have not answered yet where it is. */
static void note_question(struct trial *trial, const struct event *event)
{
        const bool is_of_allocator = VALUE(event, authority_asked, authority) == AUTHORITY_ALLOCATOR;
        const bool is_given_back = VALUE(event, authority_asked, question) == QUESTION_RELEASE;
        const struct model_tree *tree = tree_of(trial);

        if (!trial->rules->regions_always || trial->op.kind != OP_MAP || !trial->is_running || !trial->out->right)
                return;
        if (!is_of_allocator || is_given_back || trial->work.searched)
                return;
        if (!tree || tree->id != VALUE(event, authority_asked, tree))
                return;
        trial->out->tree = tree->id;
        find_fault(trial, event->number, "the range allocator was asked where this region goes, not the regions");
}

/* A random place is the newest that was drawn, or near another one, after 8 were in vain. */
static bool right_draw(struct trial *trial)
{
        const uint64_t answered = trial->answered, address = trial->answer.address, drawn = trial->work.drawn;
        const unsigned draws = trial->work.draws;

        if (!trial->rules->regions_always || trial->op.kind != OP_MAP || trial->op.mapping.where != MAP_RANDOM)
                return true;
        if (trial->answer.error || draws > RANDOM_DRAWS || (draws && address == drawn))
                return true;
        if (!draws)
                find_fault(trial, answered, "the region is to lie at a random address, but none was drawn");
        else if (draws == RANDOM_DRAWS)
                find_fault(trial, answered,
                           "the region lies at %s, but %d draws were in vain, the last of them at %s: one more "
                           "address is to be drawn, to be near to",
                           format_address(address), RANDOM_DRAWS, format_address(drawn));
        else
                find_fault(trial, answered,
                           "the region lies at %s, but the address drawn last was %s, and only %u of %d were "
                           "drawn",
                           format_address(address), format_address(drawn), draws, RANDOM_DRAWS);
        return false;
}

/* Counts what a line makes the tree do. */
static void note_operation(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);
        const enum tree_operation kind = (enum tree_operation)VALUE(event, tree_begin, kind);

        if (!tree || tree->id != VALUE(event, tree_begin, tree))
                return;
        if (kind == FIND)
                trial->work.lookups++;
        else if (kind <= PLACE_RANDOM)
                trial->work.placements++;
        else
                trial->work.changes++;
}

/* Whether a range was unmapped or protected region by region: cheap, whatever its size. */
static bool right_cost(struct trial *trial)
{
        const bool is_unmap = trial->op.kind == OP_UNMAP;
        const unsigned lookups = trial->work.lookups, changes = trial->work.changes;
        unsigned regions = 0;

        if (!trial->rules->whole_regions || (!is_unmap && trial->op.kind != OP_PROTECT))
                return true;
        for (size_t i = 0; i < trial->oracle.count; i++)
                regions += vrange_overlaps(trial->oracle.region[i].range, trial->op.range);
        if (is_unmap && (lookups > regions + 1 || changes > regions + 1)) {
                find_fault(trial, trial->answered,
                           "the range meets %u region%s, but unmapping it took %u lookups and %u changes "
                           "of the tree; %u of each are enough",
                           regions, regions == 1 ? "" : "s", lookups, changes, regions + 1);
                return false;
        }
        if (trial->work.placements)
                find_fault(trial, trial->answered,
                           "a region was divided by placing its upper part as a new region: a search, where "
                           "none is needed");
        return !trial->work.placements;
}

void judge_rules_check_promise(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);

        if (!tree || tree->promises <= trial->rules->promise)
                return;
        trial->out->tree = tree->id;
        find_fault(trial, event->number, "the tree promises \"%s\" only; in this step it is to promise \"%s\"",
               promise_name(tree->promises), promise_name(trial->rules->promise));
}

/* A region was passed in a search that does not go down the tree, or the lookup cache was asked. */
static void note_search(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);

        if (!trial->rules->searches_tree || !trial->is_running || !trial->out->right || !tree ||
            tree->id != event->field[0])
                return;
        trial->out->tree = tree->id;
        find_fault(trial, event->number,
                   event->type == EVENT_list_visit
                           ? "the regions are searched one after the other, as in a list, not down the tree"
                           : "the lookup cache is still asked, and not the tree alone");
}

/* The range allocator also had a lock of its own. */
void judge_rules_check_alone(struct trial *trial, const struct event *event)
{
        const char *problem = NULL;

        if (!trial->rules->regions_alone || !trial->out->right)
                return;
        if (event->type == EVENT_allocator_created)
                problem = "a range allocator is made beside the tree";
        else if (event->type == EVENT_authority_asked &&
                 VALUE(event, authority_asked, authority) == AUTHORITY_ALLOCATOR)
                problem = "a range allocator is asked or told";
        else if (event->type == EVENT_lock_acquired && VALUE(event, lock_acquired, lock) == LOCK_RANGE_ALLOCATOR)
                problem = "the lock of a range allocator is taken";
        if (problem)
                find_fault(trial, event->number, "%s; in this step the regions are the only record", problem);
}

void judge_rules_follow(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);

        switch (event->type) {
        case EVENT_authority_asked:
                note_question(trial, event);
                return;
        case EVENT_authority_answered:
                if (tree && tree->id == VALUE(event, authority_answered, tree))
                        trial->work.searched |= VALUE(event, authority_answered, authority) == AUTHORITY_REGIONS;
                return;
        case EVENT_tree_begin:
                if (trial->is_running)
                        note_operation(trial, event);
                return;
        case EVENT_tree_visit:
                if (tree && tree->id == VALUE(event, tree_visit, tree))
                        trial->work.took |= VALUE(event, tree_visit, decision) == TAKEN;
                return;
        case EVENT_tree_draw:
                trial->work.draws++;
                trial->work.drawn = VALUE(event, tree_draw, address);
                return;
        case EVENT_list_visit:
        case EVENT_lookup_hit:
        case EVENT_lookup_missed:
                note_search(trial, event);
                return;
        default:
                return;
        }
}

bool judge_rules_hold(struct trial *trial)
{
        return right_authority(trial) && right_cost(trial) && right_draw(trial);
}
