/* What a student sees in a terminal, and the plain JSON. */
#include "report.h"
#include "base/error_message.h"
#include "grade.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *outcome_words(enum outcome_kind kind)
{
        static const char *const words[] = {
                [NOT_RUN] = "not run",       [PASSED] = "passed", [WRONG] = "wrong",
                [CRASHED] = "crashed",       [HUNG] = "hung",     [NOT_BUILT] = "not built",
                [MISSED] = "missed",
        };

        return words[kind];
}

unsigned score_of(const struct grading *grading, size_t i)
{
        return grading->outcomes[i].kind == PASSED ? grading->cases[i].points : 0;
}

unsigned points_reached(const struct grading *grading)
{
        unsigned points = 0;

        for (size_t i = 0; i < grading->count; i++)
                points += score_of(grading, i);
        return points;
}

unsigned points_possible(const struct grading *grading)
{
        unsigned points = 0;

        for (size_t i = 0; i < grading->count; i++)
                points += grading->cases[i].is_extra ? 0 : grading->cases[i].points;
        return points;
}

/* Adds a text with each line behind `margin`. */
static void add_block(char **text, const char *margin, const char *block)
{
        while (*block) {
                int length = (int)strcspn(block, "\n");

                add_words(text, "%s%.*s\n", margin, length, block);
                block += length + (block[length] == '\n');
        }
}

/* The kernel uses the student's code for its own memory, too: there it may be wrong before a line of the script is run. */
static bool is_of_kernel_alone(const struct outcome *out)
{
        return out->script && out->on_machine && out->judgement.event && !out->judgement.line;
}

char *explain_case(const struct grading *grading, size_t i, const char *folder)
{
        const struct grade_case *grade_case = &grading->cases[i];
        const struct outcome *out = &grading->outcomes[i];
        const struct judgement *judgement = &out->judgement;
        char *text = NULL;

        if (out->kind == NOT_BUILT || out->kind == NOT_RUN || out->kind == MISSED)
                return strdup("");
        add_words(&text, "expected:  ");
        add_words(&text, "%s\n", grade_case->expect);
        if (judgement->line)
                add_words(&text, "operation: %s   (line %u of the script, %s)\n", judgement->operation,
                          judgement->line - 1, out->place);
        else
                add_words(&text, "where:     %s%s\n", out->place, is_of_kernel_alone(out) ? ", in no line of the script: the kernel's own memory" : "");
        add_words(&text, "found:     %s%s\n", out->kind == HUNG ? "it hangs: " : "", judgement->words);
        if (out->details && (out->kind == CRASHED || out->kind == HUNG || out->on_machine))
                add_block(&text, "           ", out->details);
        if (out->script && !is_of_kernel_alone(out)) {
                add_words(&text, "the script that gets there (%s%s.ops):\n", folder, grade_case->name);
                add_block(&text, "    ", script_shown(out->script));
        }
        if (*out->picture)
                add_words(&text, "picture:   %s%s.svg\n", folder, out->picture);
        add_words(&text, "to look closer:\n");
        if (judgement->event && judgement->tree)
                add_words(&text, "    build/regionviz tree %s%s --tree %llu --at %llu --text\n", folder, out->recording,
                          (unsigned long long)judgement->tree, (unsigned long long)judgement->event);
        if (judgement->event)
                add_words(&text, "    build/regiontrace dump %s%s --to %llu | tail -n 30\n", folder, out->recording,
                          (unsigned long long)judgement->event);
        add_words(&text, "    make explain CASE=%s\n    make hint CASE=%s\n", grade_case->name, grade_case->name);
        return text;
}

void report_case(const struct grading *grading, size_t i)
{
        const struct grade_case *grade_case = &grading->cases[i];
        const struct outcome *out = &grading->outcomes[i];
        char *text, *block = NULL, folder[PATH_MAX];

        printf("%-9s %2u/%-2u  %s: %s\n", outcome_words(out->kind), score_of(grading, i), grade_case->points,
               grade_case->name, grade_case->title);
        if (out->kind == WRONG || out->kind == CRASHED || out->kind == HUNG) {
                snprintf(folder, sizeof folder, "%s/", grading->output);
                text = explain_case(grading, i, folder);
                add_block(&block, "    ", text);
                printf("%s\n", block ? block : "");
                free(block);
                free(text);
        }
        fflush(stdout);
}

void report_end(const struct grading *grading)
{
        if (grading->build_problem)
                printf("\n%s", grading->build_problem);
        if (grading->notes)
                printf("\n%s", grading->notes);
        if (grading->count)
                printf("\nstep %s, %s: %u of %u points\n", grading->step, grading->title, points_reached(grading),
                       points_possible(grading));
        if (grading->is_watched) {
                printf("Points are for predictions made and questions answered, right or not. Grader %s.\n",
                       GRADER_VERSION);
                return;
        }
        if (!grading->attacks)
                printf("%s\n", grading->secret ? "Graded with the seed of the assignment and the student." :
                       "This was practice: random scripts are drawn anew each time, and it gives no points.");
        printf("Isolation: %s. Grader %s.\n", grading->isolation.words, GRADER_VERSION);
}

/* --- JSON ------------------------------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
        return text ? json_string(text) : json_null();
}

static json_t *json_of_case(const struct grading *grading, size_t i)
{
        const struct grade_case *grade_case = &grading->cases[i];
        const struct outcome *out = &grading->outcomes[i];
        const struct judgement *judgement = &out->judgement;
        const bool failed = out->kind == WRONG || out->kind == CRASHED || out->kind == HUNG;

        return json_pack("{s:s, s:s, s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                         "name", grade_case->name,
                         "title", grade_case->title,
                         "outcome", outcome_words(out->kind),
                         "score", (int)score_of(grading, i),
                         "points", (int)grade_case->points,
                         "expected", text_or_null(failed ? grade_case->expect : NULL),
                         "where", text_or_null(failed ? out->place : NULL),
                         "operation", text_or_null(failed && judgement->line ? judgement->operation : NULL),
                         "words", text_or_null(failed ? judgement->words : NULL),
                         "event", failed && judgement->event ? json_integer((json_int_t)judgement->event) : json_null(),
                         "script", text_or_null(failed && out->script ? script_shown(out->script) : NULL),
                         "picture", text_or_null(failed && *out->picture ? out->picture : NULL));
}

static json_t *json_of_scoring(const struct scoring *scoring)
{
        json_t *histories = json_array();

        for (size_t i = 0; i < scoring->count; i++) {
                const struct history_score *of = &scoring->history[i];

                json_array_append_new(histories, json_pack("{s:s, s:f, s:f, s:f, s:f, s:f}",
                                                           "name", of->name,
                                                           "score", of->score,
                                                           "visits", of->visits,
                                                           "rotations", of->rotations,
                                                           "fragmentation", of->fragmentation,
                                                           "largest_hole", of->largest));
        }
        return json_pack("{s:f, s:o}", "score", scoring->score, "of", histories);
}

struct error report_json(const struct grading *grading)
{
        char path[PATH_MAX];
        json_t *cases = json_array(), *report;
        int failed;

        for (size_t i = 0; i < grading->count; i++)
                json_array_append_new(cases, json_of_case(grading, i));
        report = json_pack("{s:s, s:s, s:s, s:o, s:b, s:s, s:i, s:i, s:o, s:o, s:o}",
                           "date", grading->date,
                           "grader", GRADER_VERSION,
                           "step", grading->step,
                           "student", text_or_null(grading->student),
                           "practice", !grading->secret,
                           "isolation", grading->isolation.words,
                           "score", (int)points_reached(grading),
                           "points", (int)points_possible(grading),
                           "problem", text_or_null(grading->build_problem),
                           "notes", text_or_null(grading->notes),
                           "cases", cases);
        if (grading->scoring.count)
                json_object_set_new(report, "histories", json_of_scoring(&grading->scoring));
        snprintf(path, sizeof path, "%s/grade.json", grading->output);
        failed = !report || json_dump_file(report, path, JSON_INDENT(2));
        json_decref(report);
        return failed ? FAILF(IO, "%s cannot be written", path) : SUCCESS;
}
