/*
 * The course of operations on spaces, whatever they change: each begins once and ends once, with the number that it
 * began with, on one cpu at a time; what it ends with follows from what it began with; and operations on trees name the
 * one that caused them.
 */
#include "check/check_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>

/* Every begin has its end, and every end its begin. */
static void check_pair(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_end, space));
        uint64_t number = VALUE(event, space_end, operation);

        if (!space || space->gone || !check_space_is_paired(check, space))
                return;
        if (event->type == EVENT_space_begin && space->in_progress && space->cpu == event->cpu)
                check_report(check, event->number, NULL,
                             "operation %s on space %" PRIu64 " begins, but operation %s has not ended",
                             format_count(number), space->id, format_count(space->operation));
        else if (event->type == EVENT_space_end && !space->in_progress)
                check_report(check, event->number, NULL,
                             "operation %s on space %" PRIu64 " ends, but none is in progress", format_count(number),
                             space->id);
        else if (event->type == EVENT_space_end && space->operation != number)
                check_report(check, event->number, NULL,
                             "operation %s on space %" PRIu64 " ends, but operation %s is in progress",
                             format_count(number), space->id, format_count(space->operation));
}

/* An operation that fails has raised the error that it ends with. Early kernels of the labs may not. */
static void check_raised(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_end, space));
        const struct model_tree *tree = space ? model_tree(check->model, space->tree) : NULL;
        const uint64_t result = VALUE(event, space_end, result);

        if (!tree || tree->promises != PROMISE_GAPS || !check_space_is_paired(check, space) || check->newest_loss ||
            space->cpu != event->cpu)
                return;
        if (result && result < 64 && !(check->raised[event->cpu] >> result & 1) &&
            model_categories(check->model) >> CATEGORY_error & 1)
                check_report(check, event->number, tree,
                             "the operation on space %" PRIu64 " ends with %s, but no such error was raised",
                             space->id, error_code_name(result));
}

/* An operation that fails has no address; of those that do not choose one, it is the address that was asked for. */
static void check_base(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_end, space));
        const struct model_tree *tree = space ? model_tree(check->model, space->tree) : NULL;
        const uint64_t base = VALUE(event, space_end, base);
        uint64_t right = 0;

        if (!tree || tree->promises != PROMISE_GAPS || !check_space_is_paired(check, space) || !space->in_progress ||
            !space->begin)
                return;
        if (!VALUE(event, space_end, result) && (space->kind == MAP || space->kind == SPACE_FIND))
                return;
        if (!VALUE(event, space_end, result))
                right = space->base;
        if (base != right)
                check_report(check, event->number, tree,
                             "the operation on space %" PRIu64 " ends at %s, but it should be %s",
                             space->id, format_address(base), format_address(right));
}

/* A space is said to be a clone once, in the operation that clones it. */
static void check_cloned(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_cloned, space));

        if (!space || !check_space_is_paired(check, space) || check->newest_loss)
                return;
        if (!space->in_progress || space->kind != CLONE)
                check_report(check, event->number, NULL,
                             "space %" PRIu64 " is cloned, but that is not what is in progress on it",
                             space->id);
        else if (space->parent)
                check_report(check, event->number, NULL, "space %" PRIu64 " is cloned from space %" PRIu64
                             ", but from space %" PRIu64 " already", space->id, VALUE(event, space_cloned, parent),
                             space->parent);
}

/* One operation at a time is in progress on a space. */
static void check_begin(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_begin, space));

        if (space && check_space_is_paired(check, space) && space->in_progress && space->cpu != event->cpu)
                check_report(check, event->number, NULL,
                             "an operation on space %" PRIu64 " begins on cpu %u while one is in progress on cpu %u",
                             space->id, event->cpu, space->cpu);
}

/* Operations on a tree name the operation on its space that caused them. */
static void check_cause(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, VALUE(event, tree_begin, tree));
        const struct model_space *space = tree ? model_space(check->model, tree->space) : NULL;
        const uint64_t cause = VALUE(event, tree_begin, cause);
        const uint64_t right = space && space->in_progress ? space->operation : 0;

        if (!space || space->gone || tree->promises != PROMISE_GAPS || !check_can_judge(check, tree))
                return;
        if (cause != right && check_space_is_paired(check, space) && check_is_sent(check, CATEGORY_space))
                check_report(check, event->number, tree,
                             "its cause is operation %s on space %" PRIu64 ", but %s is in progress",
                             format_count(cause), space->id, right ? format_count(right) : "none");
}

/* --- all -------------------------------------------------------------------------------------------------- */

static void note_raised(struct check *check, const struct event *event)
{
        const uint64_t code = VALUE(event, error_raised, code);

        if (code < 64)
                check->raised[event->cpu] |= (uint64_t)1 << code;
}

void check_course(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_space_begin:
                check_pair(check, event);
                check_begin(check, event);
                check->raised[event->cpu] = 0;
                break;
        case EVENT_space_end:
                check_pair(check, event);
                check_raised(check, event);
                check_base(check, event);
                break;
        case EVENT_space_cloned:
                check_cloned(check, event);
                break;
        case EVENT_error_raised:
                note_raised(check, event);
                break;
        case EVENT_tree_begin:
                check_cause(check, event);
                break;
        default:
                break;
        }
}
