#include "predict.h"
#include "base/error_message.h"
#include "mm/layout.h"
#include "predict_counted.h"
#include "script/oracle.h"
#include "script/script_generate.h"
#include "seed.h"
#include "watch.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { QUESTIONS_MAX = 16, LINES_MAX = 128, LINE_SIZE = 160 };

static const char arrow[] = " -> ", file_name[] = "predictions.ops";

/* A script, line by line: what is asked, and the right answer behind the arrow. */
struct prediction {
        char shape[32];
        unsigned operations, questions;
        char *text;                             /* cut into the lines */
        char *line[LINES_MAX];                  /* without arrow and answer */
        char *answer[LINES_MAX];                /* NULL: none */
        bool asked[LINES_MAX];
        unsigned lines;
        const struct counted_kind *counted;     /* NULL: the oracle answers */
};

/* Whether the step asks for predictions. */
static bool find_step(const struct grading *grading, struct prediction *out)
{
        char path[PATH_MAX], *line = NULL;
        size_t room = 0;
        FILE *file;

        snprintf(path, sizeof path, "%s/labs/%s/predict", grading->tree, grading->lab);
        file = fopen(path, "r");
        while (file && !out->questions && getline(&line, &room, file) >= 0) {
                char *rest = line;

                if (*line == '#' || strcmp(next_field(&rest), grading->step))
                        continue;
                snprintf(out->shape, sizeof out->shape, "%s", next_field(&rest));
                out->operations = (unsigned)strtoul(next_field(&rest), NULL, 10);
                out->questions = (unsigned)strtoul(next_field(&rest), NULL, 10);
        }
        free(line);
        if (file)
                fclose(file);
        return out->questions && out->questions <= QUESTIONS_MAX;
}

bool predict_is_asked(const struct grading *grading)
{
        struct prediction prediction = { 0 };

        return find_step(grading, &prediction);
}

/* What stands between a line and its answer. */
static const char *mark_of(const struct prediction *prediction)
{
        return prediction->counted ? prediction->counted->mark : arrow;
}

static void cut_into_lines(struct prediction *prediction)
{
        char *rest = prediction->text, *line;

        while ((line = strsep(&rest, "\n")) && prediction->lines < LINES_MAX) {
                const char *mark = mark_of(prediction);
                char *answer = strstr(line, mark);

                if (!*line || *line == '#')
                        continue;
                if (answer) {
                        *answer = 0;
                        answer += strlen(mark);
                }
                prediction->line[prediction->lines] = line;
                prediction->answer[prediction->lines++] = answer;
        }
}

/* The last maps are the questions, or what the kind asks about. */
static void choose_questions(struct prediction *prediction)
{
        const char *asked = prediction->counted ? prediction->counted->line : "map ";
        unsigned left = prediction->questions;

        for (unsigned i = prediction->lines; i-- > 0 && left;) {
                if (strncmp(prediction->line[i], asked, strlen(asked)) ||
                    (!prediction->answer[i] && !prediction->counted))
                        continue;
                prediction->asked[i] = true;
                left--;
        }
        prediction->questions -= left;
}

/* The script of a step and a student. BAD_ARGUMENT if the step has none. */
static struct error prediction_of(const struct grading *grading, const char *student, struct prediction *out)
{
        struct script_request request = { .expect = true };

        *out = (struct prediction){ 0 };
        if (!find_step(grading, out))
                return FAILF(BAD_ARGUMENT, "step %s asks for no predictions", grading->step);
        request.shape = out->shape;
        request.operations = out->operations;
        request.seed = seed_of("prediction", student, grading->step, 0);
        out->counted = counted_kind_of(out->shape);
        if (out->counted)
                TRY(counted_script(out->counted, request.seed, out->operations, out->questions, &out->text));
        else
                TRY(script_generate(&request, &out->text));
        cut_into_lines(out);
        choose_questions(out);
        return SUCCESS;
}

/* --- asking ----------------------------------------------------------------------------------------------- */

static void show_space(const struct oracle *oracle)
{
        printf("\nThe space, from %#llx to %#llx, has these regions, guards included. What is asked happens one after "
               "the other:\n",
               (unsigned long long)oracle->range.base, (unsigned long long)oracle->range.end);
        for (size_t i = 0; i < oracle->count; i++) {
                const struct oracle_region *region = &oracle->region[i];

                printf("    %#8llx to %#8llx   %s\n", (unsigned long long)(region->range.base - region->before),
                       (unsigned long long)(region->range.end + region->after), region->name);
        }
}

static struct error apply_line(struct oracle *oracle, const char *line)
{
        struct op_script script = op_script_of(line, strlen(line));
        struct oracle_answer answer;
        struct op op;

        if (!op_script_next(&script, &op))
                return SUCCESS;
        if (op.kind == OP_SPACE)
                oracle_init(oracle, op.range);
        if (op_is_directive(&op))
                return SUCCESS;
        TRY(oracle_answer(oracle, &op, &answer));
        return oracle_apply(oracle, &op, answer);
}

/* An address or `no_memory'; or what the kind of question asks for. */
static bool is_answer(const struct prediction *prediction, const char *text)
{
        char *end;

        if (prediction->counted)
                return counted_is_answer(prediction->counted, text);
        if (!strcmp(text, "no_memory"))
                return true;
        return !strncmp(text, "0x", 2) && isxdigit((unsigned char)text[2]) && (strtoull(text, &end, 16), !*end);
}

/* Reads one answer; false at the end of the input. */
static bool read_answer(const struct prediction *prediction, char *out, size_t room)
{
        const char *wanted = prediction->counted ? prediction->counted->wanted : "an address as 0x14000, or no_memory";
        char line[LINE_SIZE];

        for (;;) {
                printf("    your answer, %s: ", wanted);
                fflush(stdout);
                if (!fgets(line, sizeof line, stdin))
                        return false;
                line[strcspn(line, "\n")] = 0;
                if (is_answer(prediction, line)) {
                        snprintf(out, room, "%s", line);
                        return true;
                }
                printf("    That is %s.\n", prediction->counted ? "no such answer" : "neither");
        }
}

/* How the tree came about: its shape follows from the order. */
static void show_order(const struct prediction *prediction, unsigned first_asked)
{
        printf("\nThis is mapped, in this order. Draw it. What is asked happens one after the other:\n");
        for (unsigned i = 0; i < first_asked; i++)
                printf("    %s\n", prediction->line[i]);
}

/* Asks all questions and adds the script with the answers to `text`. Counts the right ones. */
static struct error ask_all(struct prediction *prediction, char **text, unsigned *right)
{
        struct oracle oracle;
        unsigned asked = 0;
        struct error error = SUCCESS;

        oracle_init(&oracle, (struct vrange){ USER_BASE, USER_END });
        for (unsigned i = 0; i < prediction->lines && !error.code; i++) {
                char answer[LINE_SIZE] = "";

                if (prediction->asked[i]) {
                        if (!asked && prediction->counted)
                                show_order(prediction, i);
                        else if (!asked)
                                show_space(&oracle);
                        printf("%u of %u: %s\n    %s\n", ++asked, prediction->questions,
                               prediction->counted ? prediction->counted->question : "where will this go?",
                               prediction->line[i]);
                        if (!read_answer(prediction, answer, sizeof answer))
                                error = FAILF(BAD_ARGUMENT, "not all questions are answered, so nothing is kept");
                        *right += prediction->answer[i] && !strcmp(answer, prediction->answer[i]);
                } else if (asked && asked < prediction->questions && strncmp(prediction->line[i], "find ", 5)) {
                        printf("then:\n    %s\n", prediction->line[i]);      /* it changes what is there */
                }
                add_words(text, "%s%s%s\n", prediction->line[i], *answer ? mark_of(prediction) : "", answer);
                if (!error.code)
                        error = apply_line(&oracle, prediction->line[i]);
        }
        oracle_free(&oracle);
        return error;
}

static void say_answers(const struct prediction *prediction, unsigned right, bool is_watched)
{
        if (prediction->counted) {
                printf("\nKept in %s. When `make grade' says that your code is right, `make predict' says what your "
                       "kernel answers.\n"
                       "The points are for having predicted.\n",
                       file_name);
                return;
        }
        printf("\nKept in %s. %u of %u are right:\n", file_name, right, prediction->questions);
        for (unsigned i = 0; i < prediction->lines; i++)
                if (prediction->asked[i])
                        printf("    %s%s%s\n", prediction->line[i], arrow, prediction->answer[i]);
        printf("The points are for having predicted. To see it happen: ");
        if (is_watched)
                printf("make record RUN=%s; build/regionviz live predictions.rtrace\n", file_name);
        else
                printf("build/host/run_script %s -o p.rtrace; build/regionviz live p.rtrace\n", file_name);
}

/* Answers that were kept, beside what the tree's kernel answers now. */
static struct error compare(const struct grading *grading, const struct prediction *prediction, char *kept)
{
        struct prediction made = { .text = kept, .counted = prediction->counted };
        char *script = NULL;
        unsigned asked = 0, right = 0;
        struct error error = SUCCESS;

        cut_into_lines(&made);
        for (unsigned i = 0; i < made.lines && !error.code; i++) {
                char *answer = NULL;

                add_words(&script, "%s\n", made.line[i]);
                if (!made.answer[i])
                        continue;
                error = counted_answer(made.counted, grading->tree, script, &answer);
                if (!error.code) {
                        printf("    %-40s you said %-10s this kernel: %s\n", made.line[i], made.answer[i], answer);
                        right += !strcmp(answer, made.answer[i]);
                        asked++;
                }
                free(answer);
        }
        free(script);
        if (!error.code)
                printf("%u of %u agree. The points are for having predicted.\n", right, asked);
        return error;
}

static struct error look_again(const struct grading *grading, const char *student, const char *path)
{
        struct prediction prediction;
        char *problem = NULL, *kept;
        struct error error;
        size_t length;

        TRY(prediction_of(grading, student, &prediction));
        free(prediction.text);
        if (!prediction.counted)
                return FAILF(BAD_ARGUMENT, "%s is there already: a prediction is made once, before the first run",
                             path);
        kept = submitted_text(grading, file_name, &length, &problem);
        free(problem);
        if (!kept)
                return FAILF(IO, "%s cannot be read", path);
        error = compare(grading, &prediction, kept);
        free(kept);
        return error;
}

struct error predict_ask(const struct grading *grading, const char *student)
{
        struct prediction prediction;
        char path[PATH_MAX + NAME_MAX], *text = NULL;
        unsigned right = 0;
        struct error error;

        snprintf(path, sizeof path, "%s/%s", grading->submission, file_name);
        if (strchr(student, '\n'))
                return FAILF(BAD_ARGUMENT, "a name is one line");
        if (!access(path, F_OK))
                return look_again(grading, student, path);
        TRY(prediction_of(grading, student, &prediction));
        add_words(&text, "# student %s\n# The predictions of step %s, written by `make predict'. Hand this file in.\n",
                  student, grading->step);
        error = ask_all(&prediction, &text, &right);
        if (!error.code)
                error = write_text(path, text);
        if (!error.code)
                say_answers(&prediction, right, grading->is_watched);
        free(text);
        free(prediction.text);
        return error;
}

/* --- grading ---------------------------------------------------------------------------------------------- */

/* Whether the text is the script of the prediction with an answer at each question; how many are right. */
static bool is_made(const struct prediction *prediction, char *text, unsigned *right)
{
        struct prediction made = { .text = text, .counted = prediction->counted };

        cut_into_lines(&made);
        if (made.lines != prediction->lines)
                return false;
        for (unsigned i = 0; i < made.lines; i++) {
                if (strcmp(made.line[i], prediction->line[i]))
                        return false;
                if (prediction->asked[i] && (!made.answer[i] || !is_answer(prediction, made.answer[i])))
                        return false;
                *right +=
                        prediction->asked[i] && prediction->answer[i] && !strcmp(made.answer[i], prediction->answer[i]);
        }
        return true;
}

struct error predict_grade(struct grading *grading)
{
        static const char first[] = "# student ";
        struct grade_case *out = &grading->cases[grading->count];
        struct outcome *outcome = &grading->outcomes[grading->count];
        struct prediction prediction = { 0 };
        char *problem = NULL, *student, *text;
        unsigned right = 0;
        size_t length;

        if (!find_step(grading, &prediction))
                return SUCCESS;
        text = submitted_text(grading, file_name, &length, &problem);
        if (problem)
                add_words(&grading->notes, "%s", problem);
        free(problem);
        if (!text && !grading->is_watched)
                return SUCCESS;
        *out = (struct grade_case){
                .name = strdup("prediction"),
                .points = grading->is_watched ? WATCH_POINTS : PREDICTION_POINTS,
                .is_extra = !grading->is_watched,
        };
        outcome->kind = MISSED;
        if (!text) {
                add_words(&out->title, "%s was not handed in; `make predict' writes it", file_name);
                grading->count++;
                return SUCCESS;
        }
        student = strncmp(text, first, strlen(first)) ? strdup("") :
                  strndup(text + strlen(first), strcspn(text + strlen(first), "\n"));
        TRY(prediction_of(grading, student, &prediction));
        if (is_made(&prediction, text, &right)) {
                outcome->kind = PASSED;
                text_make_printable(student, strlen(student));
                add_words(&out->title, "made by %s", student);
                if (!prediction.counted)
                        add_words(&out->title, ", %u of %u right", right, prediction.questions);
        } else {
                add_words(&out->title, "%s is not what `make predict' writes", file_name);
        }
        grading->count++;
        free(student);
        free(text);
        free(prediction.text);
        return SUCCESS;
}
