#include "html/holes.h"
#include "base/error_message.h"
#include "draw/text.h"
#include "moment/event_words.h"
#include "skyline/skyline_columns.h"

#include <math.h>
#include <stdlib.h>

/* Columns narrower than this have no room for words. */
enum { LABELLED_WIDTH = 20, SENTENCE_SIZE = 256 };

struct writer {
        FILE *out;
        const struct skyline *skyline;
        struct skyline_columns columns;
        struct texts *texts;
};

static struct error write_words(struct writer *writer, const char *words)
{
        size_t number;

        TRY(texts_number(writer->texts, words, &number));
        fprintf(writer->out, ",%zu", number);
        return SUCCESS;
}

static size_t column_of(const struct writer *writer, size_t gap)
{
        return (size_t)(skyline_column_of(&writer->columns, gap) - writer->columns.column);
}

/* --- columns ---------------------------------------------------------------------------------------------- */

static int height_of(const struct writer *writer, uint64_t pages)
{
        return (int)lround(skyline_bar_height(&writer->columns, pages));
}

static struct error write_columns(struct writer *writer)
{
        const struct skyline_columns *columns = &writer->columns;
        const struct skyline *skyline = writer->skyline;
        char *heights = calloc(columns->count + 1, 1), *kinds = calloc(columns->count + 1, 1);
        struct error error = SUCCESS;
        size_t number = 0;

        if (!heights || !kinds)
                error = fail_no_memory();
        for (size_t i = 0; i < columns->count && !error.code; i++) {
                const struct skyline_column *column = &columns->column[i];
                const uint64_t pages = skyline->gap[column->highest].pages;

                heights[i] = (char)(HOLES_CODE + height_of(writer, pages));
                kinds[i] = (char)('0' + skyline_stands_alone(skyline, column->first) +
                                  2 * (skyline->gap[column->first].fate == GAP_DISMISSED) +
                                  4 * skyline_is_cut(columns, pages));
        }
        if (!error.code)
                error = texts_number(writer->texts, heights, &number);
        fprintf(writer->out, "[%zu", number);
        if (!error.code)
                error = write_words(writer, kinds);
        fprintf(writer->out, ",%.1f,%.1f", columns->width[0], columns->width[1]);
        free(heights);
        free(kinds);
        return error;
}

/* The size of a hole, if the column has room for the words. */
static const char *size_of(const struct writer *writer, const struct skyline_column *column)
{
        const uint64_t pages = writer->skyline->gap[column->highest].pages;
        const char *words = pages ? units_short(writer->skyline->units, pages) : "";

        return text_width(words, TEXT_HOLE) <= column->width + 2 ? words : "";
}

/* How large each hole is, where all that are not empty have room for it, and on what these words stand. */
static struct error write_sizes(struct writer *writer)
{
        enum { WORD = 16 };
        const struct skyline_columns *columns = &writer->columns;
        const size_t count = columns->width[0] >= LABELLED_WIDTH && columns->widest == 1 ? columns->count : 0;
        char *sizes = calloc(count + 1, WORD), *feet = calloc(count + 1, 1);
        struct error error = sizes && feet ? SUCCESS : fail_no_memory();

        for (size_t i = 0; i < count && !error.code; i++) {
                const struct skyline_column *column = &columns->column[i];
                const uint64_t pages = writer->skyline->gap[column->highest].pages;

                text_append(sizes, count * WORD, "%s%s", i ? " " : "", size_of(writer, column));
                feet[i] = (char)(HOLES_CODE + lround(skyline_size_foot(columns, pages)));
        }
        if (!error.code)
                error = write_words(writer, sizes);
        if (!error.code)
                error = write_words(writer, feet);
        free(sizes);
        free(feet);
        return error;
}

/* --- the request and what looked for it ------------------------------------------------------------------- */

static struct error write_request(struct writer *writer)
{
        const struct skyline *skyline = writer->skyline;
        char needed[64] = "";

        if (skyline->has_request)
                snprintf(needed, sizeof needed, "needed: %s", units_long(skyline->units, skyline->need));
        fprintf(writer->out, ",%d", skyline->has_request ? height_of(writer, skyline->need) : 0);
        return write_words(writer, needed);
}

static void write_walk(const struct writer *writer)
{
        const struct skyline *skyline = writer->skyline;
        size_t walked = 0;

        while (walked < writer->columns.count && skyline->gap[writer->columns.column[walked].first].is_walked)
                walked++;
        fprintf(writer->out, ",%zu", walked);
        if (skyline->expected == NOWHERE_IN_SKYLINE)
                fputs(",-1", writer->out);
        else
                fprintf(writer->out, ",%zu", column_of(writer, skyline->expected));
}

static void write_steps(const struct writer *writer)
{
        fputs(",[", writer->out);
        for (size_t i = 0; i < writer->skyline->steps; i++) {
                const struct skyline_step *step = &writer->skyline->step[i];

                fprintf(writer->out, "%s%zu,", i ? "," : "", step->visit + 1);
                if (step->gap == NOWHERE_IN_SKYLINE)
                        fputs("-1,0", writer->out);
                else
                        fprintf(writer->out, "%zu,%d", column_of(writer, step->gap), step->fate);
        }
        fputc(']', writer->out);
}

static struct error write_dismissals(struct writer *writer)
{
        fputs(",[", writer->out);
        for (size_t i = 0; i < writer->skyline->dismissals; i++) {
                const struct skyline_dismissal *dismissal = &writer->skyline->dismissal[i];
                char sentence[SENTENCE_SIZE];

                skyline_dismissal_sentence(sentence, sizeof sentence, dismissal);
                fprintf(writer->out, "%s%zu,%zu,%zu", i ? "," : "", dismissal->step,
                        column_of(writer, dismissal->first), column_of(writer, dismissal->last));
                TRY(write_words(writer, sentence));
        }
        fputc(']', writer->out);
        return SUCCESS;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static struct error write_all(struct writer *writer)
{
        const struct skyline *skyline = writer->skyline;

        TRY(write_columns(writer));
        TRY(write_sizes(writer));
        TRY(write_request(writer));
        write_walk(writer);
        write_steps(writer);
        TRY(write_dismissals(writer));
        TRY(write_words(writer, skyline->counts));
        TRY(write_words(writer, skyline->summary));
        TRY(write_words(writer, skyline->alert));
        fprintf(writer->out, ",%d]", skyline->is_wrong);
        return SUCCESS;
}

static struct error write_skyline(FILE *out, const struct skyline *skyline, struct texts *texts)
{
        struct writer writer = { .out = out, .skyline = skyline, .texts = texts };
        struct error error;

        TRY(skyline_columns_make(&writer.columns, skyline,
                                 &(struct skyline_frame){
                                         .width = HOLES_WIDTH, .height = HOLES_HEIGHT, .least = HOLES_LEAST_COLUMN }));
        error = write_all(&writer);
        skyline_columns_clear(&writer.columns);
        return error;
}

static bool changes_or_ends(const struct event *event, const struct model *model, uint64_t tree)
{
        switch (event->type) {
        case EVENT_tree_begin:
        case EVENT_tree_visit:
        case EVENT_tree_draw:
        case EVENT_list_visit:
                return false;
        case EVENT_region_changed:
        case EVENT_list_link:
        case EVENT_list_unlink:
                return event_tree(event, model) == tree;
        default:
                return event_is_of_tree(event) && event->field[0] == tree;
        }
}

struct error holes_before(struct skyline **skyline, const struct model *model, uint64_t id, const struct event *event)
{
        const struct model_tree *tree = model_tree(model, id);
        struct shown_operation shown;

        if (*skyline || !tree || !tree->operation.in_progress || !changes_or_ends(event, model, id))
                return SUCCESS;
        shown_take(&shown, tree);
        return skyline_make(skyline,
                            &(struct skyline_request){
                                    .tree = tree, .shown = shown_seeks_hole(&shown) ? &shown : NULL, .space = "" });
}

struct error holes_after(FILE *out, struct skyline **skyline, const struct shown_operation *shown, struct texts *texts)
{
        struct error error = SUCCESS;

        if (!*skyline) {
                fputc('0', out);
                return SUCCESS;
        }
        if ((*skyline)->has_request)
                skyline_conclude(*skyline, shown);
        error = write_skyline(out, *skyline, texts);
        skyline_free(*skyline);
        *skyline = NULL;
        return error;
}
