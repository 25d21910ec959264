#include "html/steps.h"
#include "base/error_message.h"
#include "html/holes.h"
#include "html/marks.h"
#include "html/step_words.h"
#include "moment/event_words.h"
#include "moment/moment.h"
#include "moment/operation_words.h"
#include "moment/shown_operation.h"
#include "stream/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])
enum { STEPS_BETWEEN_SNAPSHOTS = 400, STEPS_FOR_A_NODE = 32, BYTES_OF_A_NODE = 80 };

/* The JSON that is being written. Its parts grow side by side and are put together at the end. */
struct writer {
        const struct steps_request *request;
        struct steps_totals *totals;
        struct model *model;
        const struct schema *schema;
        uint64_t tree;
        enum units units;
        struct texts texts;
        FILE *steps, *operations, *skylines, *snapshots;
        struct row shown;                       /* as after the newest step */
        struct marks marks;                     /* likewise */
        uint64_t next_snapshot;                 /* after so many steps */
        uint64_t last_event;                    /* of the newest step */
        bool is_writing;                        /* within the operations that were asked for */
        struct {
                uint64_t first_step, number;
                struct skyline *skyline;        /* of its holes, before it changed them; NULL: not made yet */
        } operation;                            /* the newest */
};

/* --- steps ------------------------------------------------------------------------------------------------ */

/* How long the recording in the page is by now. */
static uint64_t bytes_of(const struct writer *writer)
{
        enum { AROUND_A_TEXT = 4 };             /* quotes, a comma, a new line */

        return (uint64_t)(ftello(writer->steps) + ftello(writer->operations) + ftello(writer->skylines) +
                          ftello(writer->snapshots)) + writer->texts.bytes + AROUND_A_TEXT * writer->texts.count;
}

/*
 * The page seeks from the nearest snapshot. One is as long as its tree has nodes, so there are fewer of large trees: or
 * else they would be most of the page.
 */
static void write_snapshot(struct writer *writer)
{
        const uint64_t between = writer->shown.nodes * STEPS_FOR_A_NODE;
        const uint64_t bytes = bytes_of(writer) + writer->shown.nodes * BYTES_OF_A_NODE;

        if (writer->totals->steps < writer->next_snapshot || bytes > STEPS_BYTES_MAX)
                return;
        writer->next_snapshot += between > STEPS_BETWEEN_SNAPSHOTS ? between : STEPS_BETWEEN_SNAPSHOTS;
        fprintf(writer->snapshots, "%s[%" PRIu64 ",", writer->totals->steps ? "," : "", writer->totals->steps);
        row_write(writer->snapshots, &writer->shown);
        fputc(',', writer->snapshots);
        marks_write_change(writer->snapshots, NULL, &writer->marks, NULL);
        fputc(']', writer->snapshots);
}

/* A step as it is written. */
struct step {
        const struct event *event;
        enum step_kind kind;
        uint64_t region;
        const char *words;
        struct row *now;                        /* the row after it, which becomes `shown`; NULL: it is as it was */
        enum step_choice choice;                /* of a visit ... */
        const char *place;                      /* ... and where it was; NULL: it is no visit */
};

/* The operation that is marked at a step: one that goes on, or that ended with this very event. NULL: none. */
static const struct shown_operation *marked_operation(struct shown_operation *shown, const struct model_tree *tree,
                                                      enum step_kind kind)
{
        shown_take(shown, tree);
        return shown->operation.in_progress || kind == STEP_END ? shown : NULL;
}

/* The marks of the row that the step leads to. A step in which an operation begins removes those that there were. */
static struct error write_marks(struct writer *writer, const struct model_tree *tree, const struct step *step,
                                const struct row *now, const struct row_splice *splice)
{
        struct shown_operation operation;
        struct marks marks;

        TRY(marks_take(&marks, now, writer->model, tree, marked_operation(&operation, tree, step->kind), &writer->texts,
                       writer->units));
        marks_write_change(writer->steps, step->kind == STEP_BEGIN ? NULL : &writer->marks, &marks, splice);
        marks_clear(&writer->marks);
        writer->marks = marks;
        return SUCCESS;
}

/* What follows the words. */
static struct error write_changes(struct writer *writer, const struct model_tree *tree, const struct step *step)
{
        const struct row *now = step->now ? step->now : &writer->shown;
        const struct row_splice splice = row_find_splice(&writer->shown, now);
        size_t place;

        TRY(write_marks(writer, tree, step, now, &splice));
        if (step->place) {
                TRY(texts_number(&writer->texts, step->place, &place));
                fprintf(writer->steps, ",%d,%zu", step->choice, place);
        }
        if (step->now) {
                row_write_change(writer->steps, &writer->shown, step->now, &splice);
                row_clear(&writer->shown);
                writer->shown = *step->now;
                *step->now = (struct row){ 0 };
        }
        return SUCCESS;
}

static struct error write_step(struct writer *writer, const struct model_tree *tree, const struct step *step)
{
        size_t words;

        write_snapshot(writer);
        TRY(texts_number(&writer->texts, step->words, &words));
        fprintf(writer->steps, "%s%s[%" PRIu64 ",%d,%" PRIu64 ",%zu,", writer->totals->steps ? "," : "",
                step->kind == STEP_BEGIN ? "\n" : "", step->event->number - writer->last_event, step->kind,
                step->region, words);
        TRY(write_changes(writer, tree, step));
        fputc(']', writer->steps);
        writer->last_event = step->event->number;
        writer->totals->steps++;
        return SUCCESS;
}

/* The tree may have changed. A step for it is written if the operations asked for have begun. */
static struct error step_of_change(struct writer *writer, const struct model_tree *tree, const struct event *event,
                                   enum step_kind kind, uint64_t region, const char *words)
{
        struct row now;
        struct error error;

        if (!writer->is_writing)
                return SUCCESS;
        TRY(row_take(&now, tree, &writer->shown, &writer->texts));
        error = write_step(writer, tree, &(struct step){
                .event = event, .kind = kind, .region = region, .words = words, .now = &now,
        });
        row_clear(&now);
        return error;
}

static struct error step_of_visit(struct writer *writer, const struct model_tree *tree, const struct event *event)
{
        char words[STEP_WORDS_SIZE];
        struct shown_operation shown;
        const struct model_visit *visit;

        shown_take(&shown, tree);
        if (!writer->is_writing || !shown.operation.visits)
                return SUCCESS;
        visit = &shown.operation.visit[shown.operation.visits - 1];
        step_words_of_visit(words, tree, &shown, writer->units);
        return write_step(writer, tree, &(struct step){
                .event = event, .kind = STEP_VISIT, .region = visit->region, .words = words,
                .choice = step_choice(visit->decision), .place = step_place(writer->model, visit->region),
        });
}

/*
 * Before an operation the page must show the tree as it is. The first step begins with it. Later it may have changed
 * without an event, if events are missing and a keyframe has shown what they led to.
 */
static struct error step_of_difference(struct writer *writer, const struct model_tree *tree, const struct event *event)
{
        struct row now;
        bool is_same;

        if (!writer->totals->steps) {
                row_clear(&writer->shown);
                TRY(row_take(&writer->shown, tree, &(struct row){ 0 }, &writer->texts));
                marks_clear(&writer->marks);
                return marks_take(&writer->marks, &writer->shown, writer->model, tree, NULL, &writer->texts,
                                  writer->units);
        }
        TRY(row_take(&now, tree, &writer->shown, &writer->texts));
        is_same = row_is_same(&now, &writer->shown);
        row_clear(&now);
        return is_same ? SUCCESS : step_of_change(writer, tree, event, STEP_REGION, 0, "the tree as it is now");
}

/* --- the begin and the end of an operation ---------------------------------------------------------------- */

static bool is_asked_for(const struct writer *writer, uint64_t number)
{
        return number >= writer->request->from && number <= writer->request->to &&
               writer->totals->operations < STEPS_OPERATIONS_MAX && bytes_of(writer) < STEPS_BYTES_MAX;
}

static struct error step_of_begin(struct writer *writer, const struct model_tree *tree, const struct event *event)
{
        char words[STEP_WORDS_SIZE];

        writer->is_writing = !tree->unknown && is_asked_for(writer, tree->operation.number);
        writer->operation.first_step = writer->totals->steps;
        writer->operation.number = tree->operation.number;
        skyline_free(writer->operation.skyline);
        writer->operation.skyline = NULL;
        if (!writer->is_writing) {
                writer->totals->left_out += !tree->unknown;
                writer->totals->unknown += tree->unknown;
                return SUCCESS;
        }
        TRY(step_of_difference(writer, tree, event));
        snprintf(words, sizeof words, "%s begins", tree_operation_name(tree->operation.kind));
        return write_step(writer, tree, &(struct step){
                .event = event, .kind = STEP_BEGIN, .region = tree->operation.region, .words = words,
        });
}

static struct error step_of_end(struct writer *writer, const struct model_tree *tree, const struct event *event)
{
        struct shown_operation shown;
        struct operation_words words;
        size_t call, outcome;

        if (!writer->is_writing || writer->operation.number != tree->operation.number)
                return SUCCESS;
        shown_take(&shown, tree);
        step_words_of_operation(&words, tree, &shown, writer->units);
        TRY(texts_number(&writer->texts, words.call, &call));
        TRY(texts_number(&writer->texts, words.outcome, &outcome));
        TRY(write_step(writer, tree, &(struct step){
                .event = event, .kind = STEP_END, .region = tree->operation.result_region, 
                .words = words.refused[0] ? words.refused : words.outcome,
        }));
        fputs(writer->totals->operations ? ",\n" : "", writer->skylines);
        TRY(holes_after(writer->skylines, &writer->operation.skyline, &shown, &writer->texts));
        fprintf(writer->operations, "%s[%" PRIu64 ",%" PRIu64 ",%zu,%zu,%d]",
                writer->totals->operations ? ",\n" : "", tree->operation.number, writer->operation.first_step, call,
                outcome, tree->operation.result != ERROR_OK);
        writer->totals->operations++;
        return SUCCESS;
}

/* The event has been applied to the model. */
static struct error step_of(struct writer *writer, const struct event *event)
{
        const struct model_tree *tree = model_tree(writer->model, writer->tree);
        const struct model_region *region;
        char words[STEP_WORDS_SIZE];

        switch (event->type) {
        case EVENT_tree_begin:
                return event->field[0] == writer->tree ? step_of_begin(writer, tree, event) : SUCCESS;
        case EVENT_list_visit:
        case EVENT_tree_visit:
                return event->field[0] == writer->tree ? step_of_visit(writer, tree, event) : SUCCESS;
        case EVENT_tree_end:
                return event->field[0] == writer->tree ? step_of_end(writer, tree, event) : SUCCESS;
        case EVENT_region_changed:
                region = model_region(writer->model, event->field[0]);
                if (!region || region->tree != tree || !tree)
                        return SUCCESS;
                event_words(words, sizeof words, event, writer->model, writer->schema);
                return step_of_change(writer, tree, event, STEP_REGION, region->id, words);
        default:
                if (!event_is_of_tree(event) || event->field[0] != writer->tree || !tree)
                        return SUCCESS;
                event_words(words, sizeof words, event, writer->model, writer->schema);
                return step_of_change(writer, tree, event, STEP_CHANGE,
                                      event->type == EVENT_tree_draw ? 0 : event->field[1], words);
        }
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static struct error read_steps(struct writer *writer)
{
        struct reader *reader;
        struct event event;
        struct error error = SUCCESS;

        TRY(reader_open(writer->request->path, &reader));
        writer->schema = reader_schema(reader);
        while (!error.code && reader_next(reader, &event)) {
                if (writer->is_writing)
                        error = holes_before(&writer->operation.skyline, writer->model, writer->tree, &event);
                if (error.code)
                        break;
                error = model_apply(writer->model, &event);
                if (error_is(error, ERROR_NO_MEMORY))
                        break;
                error = !error.code && model_carried_out(writer->model) ? step_of(writer, &event) : SUCCESS;
        }
        if (!error.code && reader_failed(reader))
                error = FAIL(IO);
        reader_close(reader);
        return error;
}

static void write_all(const struct writer *writer, FILE *out, const char *steps, const char *operations,
                      const char *skylines, const char *snapshots)
{
        const struct model_tree *tree = model_tree(writer->model, writer->tree);

        fprintf(out, "{\"base\":%" PRIu64 ",\"end\":%" PRIu64 ",\n\"strings\":[", tree->range.base / PAGE_SIZE,
                tree->range.end / PAGE_SIZE);
        for (size_t i = 0; i < writer->texts.count; i++) {
                fputs(i ? ",\n" : "", out);
                texts_write_json(out, writer->texts.text[i]);
        }
        fprintf(out, "],\n\"operations\":[%s],\n\"skylines\":[%s],\n\"steps\":[%s],\n\"snapshots\":[%s]}",
                operations, skylines, steps, snapshots);
}

/* Reads the steps into memory, part by part, then writes the parts. */
static struct error gather(struct writer *writer, FILE *out)
{
        char *steps = NULL, *operations = NULL, *skylines = NULL, *snapshots = NULL;
        size_t length;
        struct error error = SUCCESS;

        writer->steps = open_memstream(&steps, &length);
        writer->operations = open_memstream(&operations, &length);
        writer->skylines = open_memstream(&skylines, &length);
        writer->snapshots = open_memstream(&snapshots, &length);
        if (!writer->steps || !writer->operations || !writer->skylines || !writer->snapshots)
                error = fail_no_memory();
        else
                error = read_steps(writer);
        if (writer->steps)
                fclose(writer->steps);
        if (writer->operations)
                fclose(writer->operations);
        if (writer->skylines)
                fclose(writer->skylines);
        if (writer->snapshots)
                fclose(writer->snapshots);
        if (!error.code && !writer->totals->operations)
                error = FAILF(NOT_FOUND, "%s: tree %" PRIu64 " has %s", writer->request->path, writer->tree,
                              writer->totals->left_out ? "none of these operations" :
                                                         "no operations, so there is nothing to play");
        if (!error.code)
                write_all(writer, out, steps, operations, skylines, snapshots);
        free(steps);
        free(operations);
        free(skylines);
        free(snapshots);
        return error;
}

/* Chooses the tree as the other pictures do. */
static struct error choose_tree(const struct steps_request *request, struct steps_totals *totals, enum units *units)
{
        struct moment moment = { .when = { .kind = MOMENT_END } };

        TRY(moment_find(&moment, request->path, request->tree));
        totals->tree = moment.id;
        totals->is_list = moment.tree->is_list;
        snprintf(totals->space, sizeof totals->space, "%s", moment.space);
        *units = units_for(moment.tree->range);
        moment_free(&moment);
        return SUCCESS;
}

struct error steps_write(FILE *out, const struct steps_request *request, struct steps_totals *totals)
{
        struct writer writer = { .request = request, .totals = totals };
        struct error error;

        *totals = (struct steps_totals){ 0 };
        TRY(choose_tree(request, totals, &writer.units));
        writer.tree = totals->tree;
        TRY(texts_init(&writer.texts));
        error = model_create(&writer.model);
        if (!error.code)
                error = gather(&writer, out);
        totals->units = writer.units;
        totals->widest = writer.shown.widest;
        model_destroy(writer.model);
        skyline_free(writer.operation.skyline);
        texts_clear(&writer.texts);
        row_clear(&writer.shown);
        marks_clear(&writer.marks);
        return error;
}
