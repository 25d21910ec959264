#include "moment.h"
#include "error_message.h"
#include "event_words.h"
#include "format.h"
#include "text.h"

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

/* Whether an event comes after the moment. Where an operation is, only its tree's events will tell. */
static bool is_past(const struct moment *moment, const struct schema *schema, const struct event *event)
{
        if (moment->when.kind == MOMENT_EVENT)
                return event->number > moment->when.number;
        return moment->when.kind == MOMENT_TIME &&
               (double)(int64_t)(event->ticks - schema->clock_ticks) * 1e9 / (double)schema->clock_per_second >
               (double)moment->when.number;
}

/*
 * Of the first `there` trees, which are those of the moment, the one that will be the busiest, the newer of two equally
 * busy: that is the newest program's, not the kernel's own.
 */
static uint64_t choose_tree(struct moment *moment, const struct model *model, size_t there)
{
        const struct model_tree *tree, *chosen = NULL;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                if (!chosen || (i < there && tree->operations >= chosen->operations))
                        chosen = tree;
        for (size_t i = 0; (tree = model_tree_at(model, i)); i++) {
                const char *name = name_of_space(model, tree);

                if (tree != chosen)
                        text_append(moment->trees, sizeof moment->trees, "%s%s (%s%.40s%s)", moment->trees[0] ? ", " : "",
                                    format_count(tree->id), name ? name : "", name ? ", " : "",
                                    format_counted(tree->operations, "operation"));
        }
        return chosen ? chosen->id : 0;
}

/* The first reading, to the end: which trees are there at all? */
static struct error survey(struct moment *moment, const char *path, uint64_t *tree)
{
        struct reader *reader;
        struct model *model;
        struct event event;
        uint64_t wanted = *tree;
        struct error error = SUCCESS;
        size_t there = 0;
        bool past = false;

        TRY(model_create(&model));
        error = reader_open(path, &reader);
        if (!error.code) {
                while (reader_next(reader, &event)) {
                        past = past || is_past(moment, reader_schema(reader), &event);
                        error_ignore(model_apply(model, &event));
                        while (!past && model_tree_at(model, there))
                                there++;
                }
                *tree = choose_tree(moment, model, there);
                if (reader_failed(reader))
                        error = FAIL(BAD_INPUT);
                else if (!*tree)
                        error = FAILF(NOT_FOUND, "%s: no region tree was ever created", path);
                else if (wanted && !model_tree(model, wanted))
                        error = FAILF(NOT_FOUND, "%s: there is no tree %s; there are %s%s%s", path,
                                      format_count(wanted), format_count(*tree), moment->trees[0] ? ", " : "",
                                      moment->trees);
                reader_close(reader);
        }
        model_destroy(model);
        if (wanted)
                *tree = wanted;
        return error;
}

/* --- when ------------------------------------------------------------------------------------------------- */

static bool is_of_tree(const struct event *event, uint64_t tree)
{
        return event_is_of_tree(event) && event->type != EVENT_tree_created && event->type != EVENT_tree_destroyed &&
               event->field[0] == tree;
}

static bool changes_something(const struct event *event, uint64_t tree)
{
        if (event->type == EVENT_region_changed)
                return true;
        return is_of_tree(event, tree) && event->type != EVENT_tree_begin && event->type != EVENT_tree_visit &&
               event->type != EVENT_tree_draw && event->type != EVENT_tree_end;
}

/* The operation in progress on the tree, or the last one; NULL if there is none that is known. */
static const struct model_operation *newest_operation(const struct moment *moment)
{
        const struct model_tree *tree = model_tree(moment->model, moment->id);

        return tree && tree->operation.begin ? &tree->operation : NULL;
}

/* Whether the state looked for is the one just before this event. */
static bool is_too_late(const struct moment *moment, const struct schema *schema, const struct event *event)
{
        const struct model_operation *operation = newest_operation(moment);

        switch (moment->when.kind) {
        case MOMENT_TIME:
                return is_past(moment, schema, event);
        case MOMENT_OPERATION:
                return operation && operation->in_progress && operation->number == moment->when.number &&
                       changes_something(event, moment->id);
        default:
                return false;
        }
}

static bool is_it(const struct moment *moment, const struct event *event)
{
        const struct model_operation *operation = newest_operation(moment);

        if (moment->when.kind == MOMENT_OPERATION)
                return is_of_tree(event, moment->id) && operation && !operation->in_progress &&
                       operation->number == moment->when.number;
        return moment->when.kind == MOMENT_EVENT && event->number == moment->when.number;
}

static void take_operation(struct moment *moment)
{
        const struct model_tree *tree = model_tree(moment->model, moment->id);

        if (tree)
                shown_take(&moment->shown, tree);
}

/* Reads on, without applying anything, for what became of the operation. */
static void read_outcome(struct moment *moment, struct reader *reader)
{
        struct model_operation *operation = &moment->shown.operation;
        struct event event;

        while (reader_next(reader, &event) && !event.missing) {
                if (event.type != EVENT_tree_end || event.field[0] != moment->id)
                        continue;
                operation->in_progress = false;
                operation->result = (enum error_code)event.field[EVENT_FIELD(tree_end, result)];
                operation->result_region = event.field[EVENT_FIELD(tree_end, region)];
                operation->result_address = event.field[EVENT_FIELD(tree_end, address)];
                moment->shown.before_change = true;
                return;
        }
}

/* The second reading, up to the moment. Yields whether it was reached. */
static struct error read_until(struct moment *moment, struct reader *reader, bool *reached)
{
        bool is_at_end = moment->when.kind == MOMENT_END || moment->when.kind == MOMENT_TIME, too_late = false;
        const struct model_operation *operation;
        struct event event;

        *reached = is_at_end;
        while (reader_next(reader, &event)) {
                too_late = is_too_late(moment, reader_schema(reader), &event);
                if (too_late)
                        break;
                moment->refused += model_apply(moment->model, &event).code != 0;
                moment->event = event.number;
                if (is_it(moment, &event)) {
                        operation = newest_operation(moment);
                        *reached = true;
                        moment->has_operation = operation && (operation->in_progress || is_of_tree(&event, moment->id));
                        break;
                }
        }
        take_operation(moment);
        if (too_late || is_at_end) {
                *reached = true;
                moment->has_operation = moment->shown.begun;
        }
        if (too_late && moment->when.kind == MOMENT_OPERATION)
                read_outcome(moment, reader);
        return reader_failed(reader) ? FAIL(BAD_INPUT) : SUCCESS;
}

static struct error not_reached(const struct moment *moment, const char *path)
{
        if (moment->when.kind == MOMENT_EVENT)
                return FAILF(NOT_FOUND, "%s: there is no event %s; the last one is %s", path,
                             format_count(moment->when.number), format_count(moment->event));
        return FAILF(NOT_FOUND, "%s: tree %s has no operation %s; the last one seen is %s", path,
                     format_count(moment->id), format_count(moment->when.number),
                     format_count(moment->shown.operation.number));
}

/* An operation that looks for a hole, rather than for an address that was given to it. */
static bool looks_for_hole(enum tree_operation kind)
{
        return kind == PLACE_ANYWHERE || kind == PLACE_NEAR || kind == PLACE_RANDOM;
}

/* Turns "the last search" into that operation's number. Needs no model: the events of the tree say it all. */
static struct error find_last_search(struct moment *moment, const char *path, uint64_t tree)
{
        struct reader *reader;
        struct event event;
        struct error error = SUCCESS;
        uint64_t number = 0, last = 0;          /* the operation that is being read; the last search so far */
        bool searches = false;

        TRY(reader_open(path, &reader));
        while (reader_next(reader, &event)) {
                if (event.type == EVENT_tree_begin && event.field[0] == tree) {
                        number = event.field[EVENT_FIELD(tree_begin, operation)];
                        searches = looks_for_hole((enum tree_operation)event.field[EVENT_FIELD(tree_begin, kind)]);
                } else if (event.type == EVENT_tree_visit && event.field[0] == tree && searches) {
                        last = number;
                }
        }
        if (reader_failed(reader))
                error = FAIL(BAD_INPUT);
        else if (!last)
                error = FAILF(NOT_FOUND, "%s: tree %s was never searched for a hole (place anywhere, near or random): "
                              "choose another moment with --at, or another tree with --tree", path, format_count(tree));
        reader_close(reader);
        moment->when = (struct moment_when){ MOMENT_OPERATION, last };
        return error;
}

struct error moment_find(struct moment *moment, const char *path, uint64_t tree)
{
        struct reader *reader;
        struct error error;
        bool reached;

        *moment = (struct moment){ .when = moment->when };
        TRY(survey(moment, path, &tree));
        if (moment->when.kind == MOMENT_LAST_SEARCH)
                TRY(find_last_search(moment, path, tree));
        TRY(model_create(&moment->model));
        moment->id = tree;
        error = reader_open(path, &reader);
        if (!error.code) {
                if (moment->when.kind == MOMENT_TIME && !reader_schema(reader)->clock_per_second)
                        error = FAILF(BAD_INPUT, "%s: its header names no clock, so times mean nothing in it", path);
                else
                        error = read_until(moment, reader, &reached);
                if (!error.code && !reached)
                        error = not_reached(moment, path);
                reader_close(reader);
        }
        moment->tree = model_tree(moment->model, tree);
        if (!error.code && !moment->tree)
                error = FAILF(NOT_FOUND, "%s: tree %s was not there yet at event %s", path, format_count(tree),
                              format_count(moment->event));
        if (error.code) {
                moment_free(moment);
                return error;
        }
        snprintf(moment->unnamed, sizeof moment->unnamed, "tree %llu", (unsigned long long)tree);
        moment->space = name_of_space(moment->model, moment->tree);
        if (!moment->space)
                moment->space = moment->unnamed;
        return SUCCESS;
}

void moment_free(struct moment *moment)
{
        model_destroy(moment->model);
        moment->model = NULL;
}
