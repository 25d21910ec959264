#include "watch.h"
#include "base/error_message.h"
#include "predict.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char file_name[] = "answers.txt";

/* Whether a line begins a question: a number and a dot. */
static bool is_question(const char *line)
{
        const size_t digits = strspn(line, "0123456789");

        return digits && line[digits] == '.';
}

static bool is_blank(const char *line)
{
        return !line[strspn(line, " \t\r")];
}

/* Whether a text has this line. */
static bool has_line(const char *text, const char *line)
{
        const size_t length = strlen(line);

        for (const char *at = text; (at = strstr(at, line)); at++) {
                if ((at == text || at[-1] == '\n') && (at[length] == '\n' || at[length] == '\r' || !at[length]))
                        return true;
        }
        return false;
}

/*
 * Counts the questions that have a line of the student's own below them: one that is not blank and not in the file that
 * was handed out. A question that was taken out is not answered. Cuts `text` into lines.
 */
static unsigned count_answers(const char *handed_out, char *text)
{
        unsigned answers = 0;
        bool in_question = false;
        char *line;

        while ((line = strsep(&text, "\n"))) {
                line[strcspn(line, "\r")] = 0;
                if (is_blank(line))
                        continue;
                if (has_line(handed_out, line)) {
                        in_question = is_question(line) || (in_question && isspace((unsigned char)*line));
                } else if (in_question) {
                        answers++;
                        in_question = false;
                }
        }
        return answers;
}

static unsigned count_questions(const char *handed_out)
{
        unsigned questions = 0;

        for (const char *line = handed_out; *line; line += strcspn(line, "\n"), line += *line == '\n')
                questions += is_question(line);
        return questions;
}

static struct error read_handed_out(const struct grading *grading, char **out)
{
        char path[PATH_MAX];
        size_t room = 0;
        FILE *file;

        snprintf(path, sizeof path, "%s/labs/%s/%s", grading->tree, grading->lab, file_name);
        file = fopen(path, "r");
        if (!file)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        *out = NULL;
        if (getdelim(out, &room, 0, file) < 0)
                add_words(out, "%s", "");
        fclose(file);
        return SUCCESS;
}

static struct error grade_answers(struct grading *grading)
{
        struct grade_case *out = &grading->cases[grading->count];
        char *handed_out, *text, *problem = NULL;
        unsigned questions, answers = 0;
        size_t length;

        TRY(read_handed_out(grading, &handed_out));
        questions = count_questions(handed_out);
        text = submitted_text(grading, file_name, &length, &problem);
        *out = (struct grade_case){ .name = strdup("answers"), .points = WATCH_POINTS };
        if (text)
                answers = count_answers(handed_out, text);
        grading->outcomes[grading->count].kind = answers >= questions ? PASSED : MISSED;
        if (text)
                add_words(&out->title, "%u of %u questions in %s are answered; a teacher reads them", answers,
                          questions, file_name);
        else
                add_words(&out->title, "%s was not handed in", file_name);
        if (problem)
                add_words(&grading->notes, "%s", problem);
        grading->count++;
        free(problem);
        free(handed_out);
        free(text);
        return SUCCESS;
}

struct error watch_grade(struct grading *grading)
{
        enum { CASES = 2 };

        grading->cases = calloc(CASES, sizeof *grading->cases);
        grading->outcomes = calloc(CASES, sizeof *grading->outcomes);
        if (!grading->cases || !grading->outcomes)
                return fail_no_memory();
        TRY(predict_grade(grading));
        return grade_answers(grading);
}
