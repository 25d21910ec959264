#include "check.h"
#include "error_message.h"
#include "event_table.h"
#include "format.h"
#include "judge.h"
#include "lib/vocabulary/lock.h"
#include "mm/layout.h"
#include "oracle.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { RANDOM_DRAWS = 8, REGIONS_MADE_MAX = 8 };
/* What a judge keeps of a recording, in bytes: Gradescope has 768 MB for everything. An honest recording takes 1 MB. */
enum { MEMORY_MAX = 200 << 20 };

struct trial {
        struct judgement *out;
        struct check *check;
        struct oracle oracle;
        struct op_script script;
        struct op op;                           /* being run */
        const struct judge_rules *rules;
        bool searched;                          /* the regions answered where the region goes that is being mapped */
        bool took;                              /* and said of a hole that it is taken */
        unsigned lookups, placements, changes;  /* operations of the tree, of these kinds, that the line began */
        unsigned draws;                         /* addresses that it drew at random ... */
        uint64_t drawn;                         /* ... and the newest of them */
        uint64_t space;                         /* the script's; 0: it has not begun */
        bool is_running;                        /* a line was begun, and is not judged yet */
        bool has_answer;
        struct oracle_answer answer;            /* the newest that the space gave ... */
        uint64_t answered;                      /* ... at this event */
        uint64_t made[REGIONS_MADE_MAX];        /* the regions created since the line began */
        size_t made_count;
        bool ended, passed;
};

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* Keeps the first thing that is wrong with an operation, and the words of the oracle before those of the check. */
[[gnu::format(printf, 3, 4)]] static void object(struct trial *trial, uint64_t event, const char *format, ...)
{
        struct judgement *out = trial->out;
        va_list arguments;

        if (out->right)
                out->event = event;
        out->right = false;
        va_start(arguments, format);
        vsnprintf(out->words, sizeof out->words, format, arguments);
        va_end(arguments);
}

/* --- the script ------------------------------------------------------------------------------------------- */

static bool next_operation(struct trial *trial)
{
        while (op_script_next(&trial->script, &trial->op))
                if (!op_is_directive(&trial->op))
                        return true;
        return false;
}

static void note_line(struct trial *trial)
{
        trial->out->line = trial->script.line;
        snprintf(trial->out->operation, sizeof trial->out->operation, "%.*s", (int)trial->script.length,
                 trial->script.text);
}

/* Lines come in the script's order, each once: an event of a line made up by someone else would not. */
static void begin_line(struct trial *trial, const struct event *event)
{
        uint64_t line = VALUE(event, script_line, line);

        if (trial->is_running)
                object(trial, event->number, "line %u has no keyframe of memory behind it", trial->out->line);
        else if (!next_operation(trial) || trial->script.line != line)
                object(trial, event->number, "an event says that line %" PRIu64 " of the script is run, which is not its turn",
                       line);
        note_line(trial);
        trial->is_running = true;
        trial->has_answer = false;
        trial->searched = trial->took = false;
        trial->lookups = trial->placements = trial->changes = trial->draws = 0;
        trial->made_count = 0;
}

static void note_answer(struct trial *trial, const struct event *event)
{
        if (VALUE(event, space_end, space) != trial->space)
                return;
        trial->has_answer = true;
        trial->answer = (struct oracle_answer){ (enum error_code)VALUE(event, space_end, result),
                                                VALUE(event, space_end, base) };
        trial->answered = event->number;
}

static const struct model_tree *tree_of(const struct trial *trial)
{
        const struct model *model = check_model(trial->check);
        const struct model_space *space = model_space(model, trial->space);

        return space ? model_tree(model, space->tree) : NULL;
}

/* Whether the regions answered what they are to answer, and nothing else. */
static bool right_authority(struct trial *trial)
{
        const struct mapping *mapping = &trial->op.mapping;
        const bool plain = !mapping->alignment && !mapping->guard_before && !mapping->guard_after && !mapping->window.end;

        if (!trial->rules->regions_decide || trial->op.kind != OP_MAP || mapping->where != MAP_ANYWHERE ||
            (plain == trial->searched && (!plain || trial->took || trial->answer.error)))
                return true;
        object(trial, trial->answered,
               plain && trial->searched ? "the search says of no hole that it takes it: tell_visit(tree, above, TAKEN)" :
               plain ? "the range allocator was asked where this region goes, not the regions" :
                       "the regions answered a request with an alignment, guards or a window: the search does not know "
                       "these yet");
        return false;
}

/* The allocator is asked for a place, or to take one, and the regions have not answered yet where it is. */
static void note_question(struct trial *trial, const struct event *event)
{
        const bool is_of_allocator = VALUE(event, authority_asked, authority) == AUTHORITY_ALLOCATOR;
        const struct model_tree *tree = tree_of(trial);

        if (!trial->rules->regions_always || trial->op.kind != OP_MAP || !trial->is_running || !trial->out->right ||
            !is_of_allocator || VALUE(event, authority_asked, question) == QUESTION_RELEASE || trial->searched || !tree ||
            tree->id != VALUE(event, authority_asked, tree))
                return;
        trial->out->tree = tree->id;
        object(trial, event->number, "the range allocator was asked where this region goes, not the regions");
}

/* A random place is the newest that was drawn, or near another one, after 8 were in vain. */
static bool right_draw(struct trial *trial)
{
        if (!trial->rules->regions_always || trial->op.kind != OP_MAP || trial->op.mapping.where != MAP_RANDOM ||
            trial->answer.error || trial->draws > RANDOM_DRAWS || (trial->draws && trial->answer.address == trial->drawn))
                return true;
        if (!trial->draws)
                object(trial, trial->answered, "the region is to lie at a random address, but none was drawn");
        else if (trial->draws == RANDOM_DRAWS)
                object(trial, trial->answered, "the region lies at %s, but %d draws were in vain, the last of them at %s: one "
                       "more address is to be drawn, to be near to", format_address(trial->answer.address), RANDOM_DRAWS,
                       format_address(trial->drawn));
        else
                object(trial, trial->answered, "the region lies at %s, but the address drawn last was %s, and only %u of %d "
                       "were drawn", format_address(trial->answer.address), format_address(trial->drawn), trial->draws,
                       RANDOM_DRAWS);
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
                trial->lookups++;
        else if (kind <= PLACE_RANDOM)
                trial->placements++;
        else
                trial->changes++;
}

/* Whether a range was unmapped or protected region by region: cheap, whatever its size. */
static bool right_cost(struct trial *trial)
{
        const bool is_unmap = trial->op.kind == OP_UNMAP;
        unsigned regions = 0;

        if (!trial->rules->whole_regions || (!is_unmap && trial->op.kind != OP_PROTECT))
                return true;
        for (size_t i = 0; i < trial->oracle.count; i++)
                regions += vrange_overlaps(trial->oracle.region[i].range, trial->op.range);
        if (is_unmap && (trial->lookups > regions + 1 || trial->changes > regions + 1)) {
                object(trial, trial->answered, "the range meets %u region%s, but unmapping it took %u lookups and %u changes of the "
                       "tree; %u of each are enough", regions, regions == 1 ? "" : "s", trial->lookups, trial->changes,
                       regions + 1);
                return false;
        }
        if (trial->placements)
                object(trial, trial->answered, "a region was divided by placing its upper part as a new region: a search, where "
                       "none is needed");
        return !trial->placements;
}

/* A tree cannot promise more later than when it was created. */
static void check_promise(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);

        if (!tree || tree->promises <= trial->rules->promise)
                return;
        trial->out->tree = tree->id;
        object(trial, event->number, "the tree promises \"%s\" only; in this step it is to promise \"%s\"",
               promise_name(tree->promises), promise_name(trial->rules->promise));
}

/* A region was passed in a search that does not go down the tree, or the lookup cache was asked. */
static void note_search(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);

        if (!trial->rules->searches_tree || !trial->is_running || !trial->out->right || !tree || tree->id != event->field[0])
                return;
        trial->out->tree = tree->id;
        object(trial, event->number,
               event->type == EVENT_list_visit ? "the regions are searched one after the other, as in a list, not down the tree" :
                                                 "the lookup cache is still asked, and not the tree alone");
}

/* In a step without the range allocator, which also had a lock of its own. */
static void check_alone(struct trial *trial, const struct event *event)
{
        const char *problem = NULL;

        if (!trial->rules->regions_alone || !trial->out->right)
                return;
        if (event->type == EVENT_allocator_created)
                problem = "a range allocator is made beside the tree";
        else if (event->type == EVENT_authority_asked && VALUE(event, authority_asked, authority) == AUTHORITY_ALLOCATOR)
                problem = "a range allocator is asked or told";
        else if (event->type == EVENT_lock_acquired && VALUE(event, lock_acquired, lock) == LOCK_RANGE_ALLOCATOR)
                problem = "the lock of a range allocator is taken";
        if (problem)
                object(trial, event->number, "%s; in this step the regions are the only record", problem);
}

/* A region that was made for this operation must be in the tree now, or freed. */
static bool regions_are_kept(struct trial *trial, uint64_t event)
{
        for (size_t i = 0; i < trial->made_count; i++) {
                const struct model_region *region = model_region(check_model(trial->check), trial->made[i]);

                if (!region || region->tree)
                        continue;
                object(trial, event, "region %" PRIu64 " \"%s\" was made for this operation and is in no tree, but it was not freed",
                       region->id, region->name);
                return false;
        }
        return true;
}

/* The line says how much memory there was, and the operation failed for want of it. Then nothing may have changed. */
static bool memory_ran_out(const struct trial *trial)
{
        return trial->op.is_scarce && trial->answer.error == ERROR_NO_MEMORY;
}

/* The operation is over, and a keyframe has shown memory. */
static struct error judge_line(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);
        uint64_t address;
        char words[512];

        trial->is_running = false;
        if (!trial->has_answer || !tree) {
                object(trial, event->number, "the space never answered");
                return SUCCESS;
        }
        trial->out->tree = tree->id;
        if (memory_ran_out(trial)) {
                if (trial->op.expects && !trial->op.expected_error)
                        object(trial, trial->answered, "the operation failed for want of memory, but must do with %"
                               PRIu64 " blocks of it", trial->op.memory);
        } else if (!oracle_accepts(&trial->oracle, &trial->op, trial->answer, words, sizeof words)) {
                object(trial, trial->answered, "%s", words);
                return SUCCESS;
        }
        if (!trial->out->right || !regions_are_kept(trial, event->number))
                return SUCCESS;
        if (!right_authority(trial) || !right_cost(trial) || !right_draw(trial))
                return SUCCESS;
        TRY(oracle_apply(&trial->oracle, &trial->op, trial->answer));
        if (!oracle_matches(&trial->oracle, tree, &address, words, sizeof words))
                object(trial, event->number, "the answer is right, but afterwards %s", words);
        return SUCCESS;
}

/* --- events ----------------------------------------------------------------------------------------------- */

static void begin_script(struct trial *trial, const struct event *event)
{
        struct vrange range = { USER_BASE, USER_END };
        struct op_script script = trial->script;
        struct op op;

        if (trial->space) {
                object(trial, event->number, "an event says that a second script begins");
                return;
        }
        while (op_script_next(&script, &op))
                if (op.kind == OP_SPACE)
                        range = op.range;
        oracle_init(&trial->oracle, range);
        trial->space = VALUE(event, script_begin, space);
        check_promise(trial, event);
}

static struct error follow_script(struct trial *trial, const struct event *event)
{
        switch (event->type) {
        case EVENT_script_begin:
                begin_script(trial, event);
                return SUCCESS;
        case EVENT_script_line:
                begin_line(trial, event);
                return SUCCESS;
        case EVENT_space_end:
                if (trial->is_running)
                        note_answer(trial, event);
                return SUCCESS;
        case EVENT_region_created:
                if (trial->is_running && trial->made_count < REGIONS_MADE_MAX)
                        trial->made[trial->made_count++] = VALUE(event, region_created, region);
                return SUCCESS;
        case EVENT_authority_answered:
                if (tree_of(trial) && tree_of(trial)->id == VALUE(event, authority_answered, tree))
                        trial->searched |= VALUE(event, authority_answered, authority) == AUTHORITY_REGIONS;
                return SUCCESS;
        case EVENT_tree_visit:
                if (tree_of(trial) && tree_of(trial)->id == VALUE(event, tree_visit, tree))
                        trial->took |= VALUE(event, tree_visit, decision) == TAKEN;
                return SUCCESS;
        case EVENT_authority_asked:
                note_question(trial, event);
                return SUCCESS;
        case EVENT_tree_begin:
                if (trial->is_running)
                        note_operation(trial, event);
                return SUCCESS;
        case EVENT_tree_draw:
                trial->draws++;
                trial->drawn = VALUE(event, tree_draw, address);
                return SUCCESS;
        case EVENT_list_visit:
        case EVENT_lookup_hit:
        case EVENT_lookup_missed:
                note_search(trial, event);
                return SUCCESS;
        case EVENT_keyframe_end:
                return trial->is_running ? judge_line(trial, event) : SUCCESS;
        case EVENT_script_end:
                if (trial->is_running || next_operation(trial))
                        object(trial, event->number, "an event says that the script ends, but it has more lines");
                trial->ended = true;
                return SUCCESS;
        default:
                return SUCCESS;
        }
}

/*
 * Leaves out the recording's name for the line, `, NAME line N' or ` (NAME line N)': a report has the line itself, and counts
 * without the line `keyframes' that the grader puts first.
 */
static void leave_out_the_line(char *words)
{
        char *line = strstr(words, " line "), *end = line ? strchr(line, ')') : NULL;

        while (end && line > words && *line != ',' && *line != '(')
                line--;
        if (end && *line == ',')
                memmove(line, end, strlen(end) + 1);
        else if (end && *line == '(' && line > words)
                memmove(line - 1, end + 1, strlen(end + 1) + 1);
}

/* The finding is what the check's words say; those of the oracle about the same operation are easier, and replace them. */
static void take_finding(struct trial *trial)
{
        const struct finding *finding = check_finding(trial->check, 0);

        if (!finding || !trial->out->right)
                return;
        if (finding->tree)
                trial->out->tree = finding->tree;
        object(trial, finding->event, "%s", finding->words);
        leave_out_the_line(trial->out->words);
}

static struct error read_events(struct trial *trial, struct reader *reader, bool has_script)
{
        struct judgement *out = trial->out;
        struct event event;

        /* After a finding of the check the operation is read to its end, for the words of the oracle. */
        while ((out->right || (trial->is_running && !trial->ended)) && reader_next(reader, &event)) {
                const bool was_running = trial->is_running;

                if (check_event(trial->check, &event).code) {
                        object(trial, event.number, "it emits more than can be judged: %s", error_message());
                        return SUCCESS;
                }
                take_finding(trial);
                check_alone(trial, &event);
                if (has_script)
                        TRY(follow_script(trial, &event));
                if (!out->right && was_running && !trial->is_running)
                        return SUCCESS;
                if (event.type == EVENT_end)
                        trial->passed = VALUE(&event, end, verdict) == VERDICT_PASSED;
        }
        return SUCCESS;
}

static struct error judge_stream(struct trial *trial, struct reader *reader, bool has_script)
{
        struct judgement *out = trial->out;

        TRY(read_events(trial, reader, has_script));
        if (!out->right)
                return SUCCESS;
        out->whole = trial->passed && (trial->ended || !has_script);
        if (!out->whole) {
                object(trial, 0, "the run ended early, %s", trial->is_running ? "in the middle of this operation" :
                                 "without the record END of a run that passed");
                return SUCCESS;
        }
        TRY(check_finish(trial->check, reader));
        take_finding(trial);
        return SUCCESS;
}

struct error judge_recording(const char *path, const char *script, const struct judge_rules *rules, struct judgement *out)
{
        struct trial trial = {
                .out = out, .rules = rules, .script = op_script_of(script ? script : "", script ? strlen(script) : 0),
        };
        struct reader *reader;
        struct error error;

        *out = (struct judgement){ .right = true };
        if (reader_open(path, &reader).code) {
                object(&trial, 0, "there is no stream: %s", error_message());
                return SUCCESS;
        }
        error = check_create(EVERY_EVENT_COUNTS, &trial.check);
        if (!error.code) {
                check_set_memory(trial.check, MEMORY_MAX);
                error = judge_stream(&trial, reader, script);
                check_destroy(trial.check);
        }
        oracle_free(&trial.oracle);
        reader_close(reader);
        return error;
}
