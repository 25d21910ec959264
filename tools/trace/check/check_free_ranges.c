/*
 * Checks the early kernels of the labs, which have two authorities: a collection of regions, and an allocator of free
 * ranges beside it. What one of them answers is compared with what the other knows; and after each operation on the
 * space the two must agree. The first disagreement of a tree is reported, where it happened, with its address.
 */
#include "check/check_internal.h"

#include <inttypes.h>
#include <stdio.h>

/* "region 7 "heap" is there" */
static const char *who_is_there(const struct model_region *region)
{
        static char words[120];

        snprintf(words, sizeof words, "region %" PRIu64 " \"%.40s\" is there", region->id, region->name);
        return words;
}

/* The lowest region of a tree that has an address of a range, guards included; NULL: none. O(regions). */
static const struct model_region *region_in(const struct model_tree *tree, struct vrange range)
{
        const struct model_region *region = model_outermost(tree, LEFT);

        while (region && !vrange_overlaps(model_footprint(region), range))
                region = model_neighbour(region, RIGHT);
        return region;
}

/* The regions say where a hole is. For the allocator it must be one, too. */
static void check_place_of_regions(struct check *check, const struct event *event, const struct model_tree *tree,
                                   struct vrange place)
{
        if (!model_allocator_has_free(tree->allocator, place))
                check_report(check, event->number, tree,
                             "two authorities: the regions answer that %s to %s is free, but for the allocator it is not",
                             format_address(place.base), format_address(place.end));
}

static void check_place_of_allocator(struct check *check, const struct event *event, const struct model_tree *tree,
                                     struct vrange place)
{
        const struct model_region *region = region_in(tree, place);

        if (region)
                check_report(check, event->number, tree,
                             "two authorities: the allocator answers that %s to %s is free, but %s",
                             format_address(place.base), format_address(place.end), who_is_there(region));
}

/* A region that the tree has just placed is to be taken out of the free ranges, and they do not have its addresses. */
static void check_refusal(struct check *check, const struct event *event, const struct model_tree *tree,
                          struct vrange range)
{
        const struct model_operation *newest = &tree->operation;
        const struct model_region *region = model_region(check->model, newest->result_region);
        const struct model_space *space = model_space(check->model, tree->space);
        const bool has_placed = newest->kind <= PLACE_RANDOM && !newest->result && region && region->tree == tree;

        if (has_placed && space && newest->cause == space->operation && vrange_equals(model_footprint(region), range))
                check_report(check, event->number, tree,
                             "two authorities: region %" PRIu64 " was placed at %s to %s, but for the allocator that is "
                             "not free", region->id, format_address(range.base), format_address(range.end));
}

static bool overlaps_free(const struct model_allocator *allocator, struct vrange range)
{
        size_t i = 0;

        while (i < allocator->count && !vrange_overlaps(allocator->free[i], range))
                i++;
        return i < allocator->count;
}

/* What is wrong with the allocator's answer to a request to take or release a range, by what is free now; or NULL. */
static const char *wrong_change(const struct model_tree *tree, struct vrange range, bool was_free)
{
        const struct model_question *question = &tree->question;

        if (question->question == QUESTION_TAKE && question->result == ERROR_OVERLAP)
                return was_free ? "refused, but it was free" : NULL;
        if (question->result)
                return NULL;
        if (question->answer != question->base)
                return "answered with another address";
        if (question->question == QUESTION_RELEASE)
                return model_allocator_has_free(tree->allocator, range) ? NULL : "released, but is not free";
        if (!was_free)
                return "taken, but was not free";
        return overlaps_free(tree->allocator, range) ? "taken, but is still free" : NULL;
}

static void check_change(struct check *check, const struct event *event, const struct model_tree *tree,
                         struct vrange range)
{
        const struct checked_tree *checked = id_map_get(&check->checked_trees, tree->id);
        const char *wrong = wrong_change(tree, range, checked && checked->was_free);

        if (wrong)
                check_report(check, event->number, tree,
                             "two authorities: the allocator was asked for %s to %s, which is %s",
                             format_address(range.base), format_address(range.end), wrong);
}

/* Before a question is taken over: the one before has been answered. */
void check_question(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, authority_asked, tree));

        if (tree && tree->question.is_open && check_can_judge(check, tree) && tree->question.event > check->newest_loss)
                check_report(check, event->number, tree,
                             "an authority is asked, but the question of event %s has no answer",
                             format_count(tree->question.event));
}

static void see_question(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, authority_asked, tree));
        struct checked_tree *checked = tree ? id_map_get(&check->checked_trees, tree->id) : NULL;
        struct vrange range;

        if (checked)
                checked->was_free = tree->allocator && vrange_make(&range, tree->question.base, tree->question.size) &&
                                    model_allocator_has_free(tree->allocator, range);
}

static void check_answer(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, authority_answered, tree));
        struct vrange range;

        if (!tree || !tree->allocator || tree->allocator->unknown || !check_can_judge(check, tree))
                return;

        const struct model_question *question = &tree->question;
        const bool is_place = question->question == QUESTION_PLACE;

        if (!vrange_make(&range, is_place ? question->answer : question->base, question->size))
                return;
        if (is_place && !question->result && question->authority == AUTHORITY_REGIONS)
                check_place_of_regions(check, event, tree, range);
        else if (is_place && !question->result)
                check_place_of_allocator(check, event, tree, range);
        else if (question->question == QUESTION_TAKE && question->result == ERROR_OVERLAP)
                check_refusal(check, event, tree, range);
        if (question->authority == AUTHORITY_ALLOCATOR && question->event > check->newest_loss &&
            (question->question == QUESTION_TAKE || question->question == QUESTION_RELEASE))
                check_change(check, event, tree, range);
}

static void check_agreement(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_end, space));
        const struct model_tree *tree = space ? model_tree(check->model, space->tree) : NULL;
        struct model_divergence divergence;

        if (!tree || !check_can_judge(check, tree) || !model_diverges(tree, &divergence))
                return;
        if (divergence.region)
                check_report(check, event->number, tree,
                             "two authorities: since this operation the allocator has %s to %s free, but %s",
                             format_address(divergence.range.base), format_address(divergence.range.end),
                             who_is_there(divergence.region));
        else
                check_report(check, event->number, tree,
                             "two authorities: since this operation no region is at %s to %s, but the allocator does not "
                             "have it free",
                             format_address(divergence.range.base), format_address(divergence.range.end));
}

void check_free_ranges(struct check *check, const struct event *event)
{
        if (event->type == EVENT_authority_asked)
                see_question(check, event);
        else if (event->type == EVENT_authority_answered)
                check_answer(check, event);
        else if (event->type == EVENT_space_end)
                check_agreement(check, event);
}
