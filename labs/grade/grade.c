/* Grading a submission: one case after the other, with the report written again after each. */
#include "attack.h"
#include "grade.h"
#include "predict.h"
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void say_progress(const struct grading *grading, size_t i)
{
        if (isatty(STDERR_FILENO))
                fprintf(stderr, "case %zu of %zu: %s ...\r", i + 1, grading->count, grading->cases[i].name);
}

struct error grade_case(struct grading *grading, size_t i)
{
        struct outcome *out = &grading->outcomes[i];

        if (grading->build_problem) {
                out->kind = NOT_BUILT;
                return SUCCESS;
        }
        if (grading->cases[i].places & ON_HOST)
                TRY(host_pass(grading, i));
        if (grading->cases[i].places & ON_MACHINE && (out->kind == NOT_RUN || out->kind == PASSED))
                TRY(machine_pass(grading, i));
        return SUCCESS;
}

static struct error grade_prediction(struct grading *grading)
{
        const size_t cases = grading->count;

        if (!grading->all_cases)
                return SUCCESS;
        TRY(predict_grade(grading));
        if (grading->count == cases)
                return SUCCESS;
        report_case(grading, cases);
        TRY(report_json(grading));
        return report_gradescope(grading);
}

static struct error report_all(const struct grading *grading)
{
        for (size_t i = 0; i < grading->count; i++)
                report_case(grading, i);
        TRY(report_json(grading));
        TRY(report_gradescope(grading));
        report_end(grading);
        return SUCCESS;
}

static bool all_passed(const struct grading *grading)
{
        for (size_t i = 0; i < grading->count; i++)
                if (!grading->cases[i].is_extra && grading->outcomes[i].kind != PASSED)
                        return false;
        return true;
}

static struct error grade_score(struct grading *grading)
{
        char *words;

        TRY(score(grading));
        words = score_words(grading);
        printf("%s%s", *words ? "\n" : "", words);
        free(words);
        TRY(report_json(grading));
        return report_gradescope(grading);
}

struct error grade_score_only(struct grading *grading)
{
        grading->count = 0;
        TRY(prepare(grading));
        if (!grading->build_problem)
                TRY(grade_score(grading));
        report_end(grading);
        return SUCCESS;
}

struct error grade_cases(struct grading *grading)
{
        if (grading->is_watched) {
                TRY(watch_grade(grading));
                return report_all(grading);
        }
        TRY(prepare(grading));
        TRY(report_gradescope(grading));
        for (size_t i = 0; i < grading->count; i++) {
                say_progress(grading, i);
                TRY(grade_case(grading, i));
                report_case(grading, i);
                TRY(report_json(grading));
                TRY(report_gradescope(grading));
        }
        TRY(grade_on_own_files(grading));
        /* The score is for code that is right: a search that answers nothing visits nothing. */
        if (grading->all_cases && !grading->outcomes_only && all_passed(grading))
                TRY(grade_score(grading));
        TRY(grade_prediction(grading));
        report_end(grading);
        return SUCCESS;
}

struct error grade_attack(struct grading *grading, const char *mutants)
{
        TRY(attack(grading, mutants));
        return report_all(grading);
}
