#include "moment/moment.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "moment/event_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what was asked --------------------------------------------------------------------------------------- */

static bool parse_number(uint64_t *out, const char *text)
{
        char *end;

        *out = strtoull(text, &end, 10);
        return *text >= '0' && *text <= '9' && !*end && *out != UINT64_MAX;
}

static bool parse_time(uint64_t *nanoseconds, const char *text)
{
        static const struct {
                const char *name;
                double nanoseconds;
        } units[] = { { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 } };
        char *unit;
        double value = strtod(text, &unit);

        if (*text < '0' || *text > '9')
                return false;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
                if (!strcmp(unit, units[i].name) && value * units[i].nanoseconds < 1e19) {
                        *nanoseconds = (uint64_t)(value * units[i].nanoseconds);
                        return true;
                }
        return false;
}

struct error moment_parse(struct moment_when *out, const char *text)
{
        if (!strncmp(text, "op:", 3) && parse_number(&out->number, text + 3))
                out->kind = MOMENT_OPERATION;
        else if (!strcmp(text, "last-search"))
                out->kind = MOMENT_LAST_SEARCH;
        else if (parse_number(&out->number, text))
                out->kind = MOMENT_EVENT;
        else if (parse_time(&out->number, text))
                out->kind = MOMENT_TIME;
        else
                return FAILF(BAD_ARGUMENT, "--at takes an event's number (1204), a time (12.5ms), an operation of the "
                             "tree (op:57) or last-search, not \"%s\"", text);
        return SUCCESS;
}

/* --- which tree ------------------------------------------------------------------------------------------- */

static const char *name_of_space(const struct model *model, const struct model_tree *tree)
{
        const struct model_space *space = model_space(model, tree->space);

        return space && space->name && *space->name ? space->name : NULL;
}

/* The moment's time in ticks. */
static uint64_t ticks_of(const struct moment *moment)
{
        const struct schema *schema = history_schema(moment->history);
        double ticks = (double)moment->when.number * (double)schema->clock_per_second / 1e9;
        uint64_t sum;

        if (ticks >= 0x1p63 || __builtin_add_overflow(schema->clock_ticks, (uint64_t)ticks, &sum))
                return UINT64_MAX;
        return sum;
}

/* The trees beside the one that is chosen: the first in words, the rest counted. */
static void name_others(struct moment *moment, const struct model *model, const struct model_tree *chosen)
{
        enum { NAMED_MOST = 6 };
        const struct model_tree *tree;
        size_t others = 0;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++) {
                const char *name = name_of_space(model, tree);

                if (tree == chosen || ++others > NAMED_MOST)
                        continue;
                text_append(moment->trees, sizeof moment->trees, "%s%s (%.24s%s%.24s)", moment->trees[0] ? ", " : "",
                            format_count(tree->id), name ? name : "", name ? ", " : "",
                            format_counted(tree->operations, "operation"));
        }
        if (others > NAMED_MOST)
                text_append(moment->trees, sizeof moment->trees, " and %s more", format_count(others - NAMED_MOST));
}

/*
 * Of the first `there` trees, which are those of the moment, the one that will be the busiest, the newer of two equally
 * busy: that is the newest program's, not the kernel's own.
 */
static uint64_t choose_tree(struct moment *moment, size_t there)
{
        const struct model *model = history_newest_model(moment->history);
        const struct model_tree *tree, *chosen = NULL;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                if (!chosen || (i < there && tree->operations >= chosen->operations))
                        chosen = tree;
        name_others(moment, model, chosen);
        return chosen ? chosen->id : 0;
}

/* How many trees there are, or were, by the moment. Where an operation is, only its tree will tell. */
static struct error count_trees(struct moment *moment, size_t *there)
{
        const struct model *model = history_newest_model(moment->history);
        uint64_t number = moment->when.number;

        if (moment->when.kind == MOMENT_EVENT && number <= history_progress(moment->history).newest) {
                TRY(history_seek(moment->history, number));
                model = history_model(moment->history);
        } else if (moment->when.kind == MOMENT_TIME) {
                TRY(history_at_time(moment->history, ticks_of(moment), &number));
                TRY(history_seek(moment->history, number));
                model = history_model(moment->history);
        }
        for (*there = 0; model_tree_at(model, *there); ++*there)
                continue;
        return SUCCESS;
}

static struct error find_tree(struct moment *moment, uint64_t wanted)
{
        const char *path = history_name(moment->history);
        uint64_t busiest;
        size_t there;

        TRY(count_trees(moment, &there));
        busiest = choose_tree(moment, there);
        moment->id = wanted ? wanted : busiest;
        if (!busiest)
                return FAILF(NOT_FOUND, "%s: no region tree was ever created", path);
        if (!model_tree(history_newest_model(moment->history), moment->id))
                return FAILF(NOT_FOUND, "%s: there is no tree %s among its trees: %s%s%s", path, format_count(wanted),
                             format_count(busiest), moment->trees[0] ? ", " : "", moment->trees);
        return SUCCESS;
}

/* --- when ------------------------------------------------------------------------------------------------- */

/* The operation in progress on the tree, or the last one; NULL if there is none that is known. */
static const struct model_operation *newest_operation(const struct moment *moment)
{
        const struct model_tree *tree = model_tree(history_model(moment->history), moment->id);

        return tree && tree->operation.begin ? &tree->operation : NULL;
}

/* Whether the event at which the history stands is one of the tree's, inside or at the end of an operation. */
static bool is_at_event_of_tree(const struct moment *moment)
{
        const struct event *event = history_event(moment->history);

        if (!event || !event_is_of_tree(event) || event->field[0] != moment->id)
                return false;
        switch (event->type) {
        case EVENT_list_created:
        case EVENT_list_destroyed:
        case EVENT_tree_created:
        case EVENT_tree_destroyed:
                return false;
        default:
                return true;
        }
}

static void take_operation(struct moment *moment)
{
        const struct model_tree *tree = model_tree(history_model(moment->history), moment->id);

        if (tree)
                shown_take(&moment->shown, tree);
}

/* The end of the operation says what became of it, though the state shown is the one before it changed anything. */
static struct error read_outcome(struct moment *moment, uint64_t end)
{
        struct model_operation *operation = &moment->shown.operation;
        struct history_event last;

        TRY(history_read(moment->history, end, &last));
        if (last.event.type != EVENT_tree_end || last.event.field[0] != moment->id)
                return SUCCESS;
        operation->in_progress = false;
        operation->result = (enum error_code)last.event.field[EVENT_FIELD(tree_end, result)];
        operation->result_region = last.event.field[EVENT_FIELD(tree_end, region)];
        operation->result_address = last.event.field[EVENT_FIELD(tree_end, address)];
        moment->shown.before_change = true;
        return SUCCESS;
}

static struct error no_such_operation(const struct moment *moment)
{
        const struct history_landmark *last =
                history_landmark_before(moment->history, UINT64_MAX, LANDMARKS_OF(LANDMARK_OPERATION), moment->id);

        return FAILF(NOT_FOUND, "%s: tree %s has no operation %s; the last one seen is %s", history_name(moment->history),
                     format_count(moment->id), format_count(moment->when.number), format_count(last ? last->number : 0));
}

static struct error operation_in_the_dark(const struct moment *moment)
{
        return FAILF(NOT_FOUND, "%s: of tree %s operation %s cannot be shown: events of it or before it are missing",
                     history_name(moment->history), format_count(moment->id), format_count(moment->when.number));
}

/* Goes to where an operation has chosen, and changed nothing yet; or to its end, if it changes nothing. */
static struct error go_to_operation(struct moment *moment)
{
        const struct history_landmark *landmark = history_operation(moment->history, moment->id, moment->when.number);
        const struct model_operation *operation;

        if (!landmark)
                return no_such_operation(moment);
        if (!landmark->change && !landmark->end)
                return operation_in_the_dark(moment);
        TRY(history_seek(moment->history, landmark->change ? landmark->change - 1 : landmark->end));
        operation = newest_operation(moment);
        if (!operation || operation->number != moment->when.number)
                return operation_in_the_dark(moment);
        take_operation(moment);
        moment->has_operation = true;
        return landmark->change && landmark->end ? read_outcome(moment, landmark->end) : SUCCESS;
}

static struct error go_to_event(struct moment *moment)
{
        const struct model_operation *operation;
        uint64_t newest = history_progress(moment->history).newest;

        if (moment->when.number <= newest)
                TRY(history_seek(moment->history, moment->when.number));
        if (!moment->when.number || history_position(moment->history) != moment->when.number)
                return FAILF(NOT_FOUND, "%s: there is no event %s; the last one is %s", history_name(moment->history),
                             format_count(moment->when.number), format_count(newest));
        operation = newest_operation(moment);
        take_operation(moment);
        moment->has_operation = operation && (operation->in_progress || is_at_event_of_tree(moment));
        return SUCCESS;
}

static struct error go_to_end_or_time(struct moment *moment)
{
        uint64_t number = history_progress(moment->history).newest;

        if (moment->when.kind == MOMENT_TIME)
                TRY(history_at_time(moment->history, ticks_of(moment), &number));
        TRY(history_seek(moment->history, number));
        take_operation(moment);
        moment->has_operation = moment->shown.begun;
        return SUCCESS;
}

/* An operation that looks for a hole, rather than for an address that was given to it. */
static bool looks_for_hole(enum tree_operation kind)
{
        return kind == PLACE_ANYWHERE || kind == PLACE_NEAR || kind == PLACE_RANDOM;
}

/* Turns "the last search" into that operation's number. */
static struct error find_last_search(struct moment *moment)
{
        uint64_t before = UINT64_MAX;
        const struct history_landmark *landmark;

        while ((landmark = history_landmark_before(moment->history, before, LANDMARKS_OF(LANDMARK_OPERATION), moment->id))) {
                if (looks_for_hole((enum tree_operation)landmark->what) && landmark->visits) {
                        moment->when = (struct moment_when){ MOMENT_OPERATION, landmark->number };
                        return SUCCESS;
                }
                before = landmark->event;
        }
        return FAILF(NOT_FOUND, "%s: tree %s was never searched for a hole (place anywhere, near or random): "
                     "choose another moment with --at, or another tree with --tree", history_name(moment->history),
                     format_count(moment->id));
}

static struct error go(struct moment *moment)
{
        if (moment->when.kind == MOMENT_LAST_SEARCH)
                TRY(find_last_search(moment));
        switch (moment->when.kind) {
        case MOMENT_OPERATION:
                return go_to_operation(moment);
        case MOMENT_EVENT:
                return go_to_event(moment);
        default:
                return go_to_end_or_time(moment);
        }
}

/* --- all -------------------------------------------------------------------------------------------------- */

static struct error index_all(struct moment *moment, const char *path)
{
        enum { MEMORY = 256 << 20 };
        bool more;

        TRY(history_open(path, HISTORY_WHOLE, MEMORY, &moment->history));
        do
                TRY(history_index(moment->history, UINT64_MAX, &more));
        while (more);
        if (moment->when.kind == MOMENT_TIME && !history_schema(moment->history)->clock_per_second)
                return FAILF(BAD_INPUT, "%s: its header names no clock, so times mean nothing in it", path);
        return SUCCESS;
}

/* What is to be shown of the state that was reached. */
static struct error take_state(struct moment *moment)
{
        moment->model = history_model(moment->history);
        moment->event = history_position(moment->history);
        moment->refused = history_refused(moment->history);
        moment->tree = model_tree(moment->model, moment->id);
        if (!moment->tree)
                return FAILF(NOT_FOUND, "%s: tree %s was not there yet at event %s", history_name(moment->history),
                             format_count(moment->id), format_count(moment->event));
        snprintf(moment->unnamed, sizeof moment->unnamed, "tree %llu", (unsigned long long)moment->id);
        moment->space = name_of_space(moment->model, moment->tree);
        if (!moment->space)
                moment->space = moment->unnamed;
        return SUCCESS;
}

struct error moment_find(struct moment *moment, const char *path, uint64_t tree)
{
        struct error error;

        *moment = (struct moment){ .when = moment->when };
        error = index_all(moment, path);
        if (!error.code)
                error = find_tree(moment, tree);
        if (!error.code)
                error = go(moment);
        if (!error.code)
                error = take_state(moment);
        if (error.code)
                moment_free(moment);
        return error;
}

void moment_free(struct moment *moment)
{
        history_close(moment->history);
        moment->history = NULL;
        moment->model = NULL;
}
