#include "base/error_message.h"
#include "judge_trial.h"
#include "mm/layout.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What a judge keeps of a recording, in bytes: Gradescope has 768 MB for everything. An honest recording takes 1 MB. */
enum { MEMORY_MAX = 200 << 20 };

void find_fault(struct trial *trial, uint64_t event, const char *format, ...)
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

const struct model_tree *tree_of(const struct trial *trial)
{
        const struct model *model = check_model(trial->check);
        const struct model_space *space = model_space(model, trial->space);

        return space ? model_tree(model, space->tree) : NULL;
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
                find_fault(trial, event->number, "line %u has no keyframe of memory behind it", trial->out->line);
        else if (!next_operation(trial) || trial->script.line != line)
                find_fault(trial, event->number,
                           "an event says that line %" PRIu64 " of the script is run, which is not its turn", line);
        note_line(trial);
        trial->is_running = true;
        trial->has_answer = false;
        trial->work = (struct line_work){ 0 };
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

/* A region that was made for this operation must be in the tree now, or freed. */
static bool regions_are_kept(struct trial *trial, uint64_t event)
{
        for (size_t i = 0; i < trial->made_count; i++) {
                const struct model_region *region = model_region(check_model(trial->check), trial->made[i]);

                if (!region || region->tree)
                        continue;
                find_fault(trial, event,
                           "region %" PRIu64
                           " \"%s\" was made for this operation and is in no tree, but it was not freed",
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

/* An operation had as many blocks of memory as it may need, and failed for want of more. */
static void find_too_many_blocks(struct trial *trial)
{
        const uint64_t blocks = trial->op.memory;

        if (blocks)
                find_fault(trial, trial->answered,
                           "the operation failed for want of memory, but it needs no more than the %" PRIu64
                           " block%s that it had", blocks, blocks == 1 ? "" : "s");
        else
                find_fault(trial, trial->answered, "the operation failed for want of memory, but it needs none");
}

/* The operation is over, and a keyframe has shown memory. */
static struct error judge_line(struct trial *trial, const struct event *event)
{
        const struct model_tree *tree = tree_of(trial);
        uint64_t address;
        char words[512];

        trial->is_running = false;
        if (!trial->has_answer || !tree) {
                find_fault(trial, event->number, "the space never answered");
                return SUCCESS;
        }
        trial->out->tree = tree->id;
        if (memory_ran_out(trial)) {
                if (trial->op.expects && !trial->op.expected_error)
                        find_too_many_blocks(trial);
        } else if (!oracle_accepts(&trial->oracle, &trial->op, trial->answer, words, sizeof words)) {
                find_fault(trial, trial->answered, "%s", words);
                return SUCCESS;
        }
        if (!trial->out->right || !regions_are_kept(trial, event->number))
                return SUCCESS;
        if (!judge_rules_hold(trial))
                return SUCCESS;
        TRY(oracle_apply(&trial->oracle, &trial->op, trial->answer));
        if (!oracle_matches(&trial->oracle, tree, &address, words, sizeof words))
                find_fault(trial, event->number, "the answer is right, but afterwards %s", words);
        return SUCCESS;
}

/* --- events ----------------------------------------------------------------------------------------------- */

static void begin_script(struct trial *trial, const struct event *event)
{
        struct vrange range = { USER_BASE, USER_END };
        struct op_script script = trial->script;
        struct op op;

        if (trial->space) {
                find_fault(trial, event->number, "an event says that a second script begins");
                return;
        }
        while (op_script_next(&script, &op))
                if (op.kind == OP_SPACE)
                        range = op.range;
        oracle_init(&trial->oracle, range);
        trial->space = VALUE(event, script_begin, space);
        judge_rules_check_promise(trial, event);
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
        case EVENT_keyframe_end:
                return trial->is_running ? judge_line(trial, event) : SUCCESS;
        case EVENT_script_end:
                if (trial->is_running || next_operation(trial))
                        find_fault(trial, event->number, "an event says that the script ends, but it has more lines");
                trial->ended = true;
                return SUCCESS;
        default:
                judge_rules_follow(trial, event);
                return SUCCESS;
        }
}

/*
 * Leaves out the recording's name for the line, `, NAME line N' or ` (NAME line N)': a report has the line itself, and
 * counts without the line `keyframes' that the grader puts first.
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

/* What the check found. The oracle's words about the same operation are easier to understand, and replace these. */
static void take_finding(struct trial *trial)
{
        const struct finding *finding = check_finding(trial->check, 0);

        if (!finding || !trial->out->right)
                return;
        if (finding->tree)
                trial->out->tree = finding->tree;
        find_fault(trial, finding->event, "%s", finding->words);
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
                        find_fault(trial, event.number, "it emits more than can be judged: %s", error_message());
                        return SUCCESS;
                }
                take_finding(trial);
                judge_rules_check_alone(trial, &event);
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
                find_fault(trial, 0, "the run ended early, %s", trial->is_running ? "in the middle of this operation" :
                                 "without the record END of a run that passed");
                return SUCCESS;
        }
        TRY(check_finish(trial->check, reader));
        take_finding(trial);
        return SUCCESS;
}

/* Code that ran could have left a link to a file that it may not read, or a pipe, which would keep the grader waiting. */
static bool is_file(const char *path)
{
        struct stat facts;

        return !lstat(path, &facts) && S_ISREG(facts.st_mode);
}

struct error judge_recording(const char *path, const char *script, const struct judge_rules *rules,
                             struct judgement *out)
{
        struct trial trial = {
                .out = out, .rules = rules, .script = op_script_of(script ? script : "", script ? strlen(script) : 0),
        };
        struct reader *reader;
        struct error error;

        *out = (struct judgement){ .right = true };
        if (!is_file(path)) {
                find_fault(&trial, 0, "there is no recording");
                return SUCCESS;
        }
        if (reader_open(path, &reader).code) {
                find_fault(&trial, 0, "there is no stream: %s", error_message());
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
