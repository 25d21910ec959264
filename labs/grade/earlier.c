/*
 * A submission may hold the student's own files of earlier steps, too. Then the step is graded on the tree's files of
 * those steps and on the student's, and the better counts: nobody loses points for an earlier mistake, and nobody must
 * give up own work.
 */
#include "base/error_message.h"
#include "grade.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_among(char *const *files, size_t count, const char *file)
{
        for (size_t i = 0; i < count; i++) {
                if (!strcmp(files[i], file))
                        return true;
        }
        return false;
}

/* Whether the student handed in a text for this file, and another one than the tree has. */
static bool is_own(const struct grading *grading, const char *file)
{
        char *problem = NULL, *tree_text;
        size_t length, tree_length;
        struct grading of_tree = { .submission = grading->tree };
        char *text = handed_in_text(grading, file, &length, &problem);
        bool differs;

        free(problem);
        problem = NULL;
        tree_text = submitted_text(&of_tree, file, &tree_length, &problem);
        free(problem);
        differs = text && tree_text && (length != tree_length || memcmp(text, tree_text, length));
        free(text);
        free(tree_text);
        return differs;
}

/* Adds the student's own files to those that are taken. Yields their names in one text; NULL if there are none. */
static char *take_own_files(const struct grading *grading, struct grading *own)
{
        char *names = NULL;

        for (size_t i = 0; i < grading->earlier_files && own->files < FILES_MAX; i++) {
                char *file = grading->earlier_file[i];

                if (is_among(own->file, own->files, file) || !is_own(grading, file))
                        continue;
                own->file[own->files++] = file;
                add_words(&names, "%s%s", names ? ", " : "", file);
        }
        return names;
}

static struct error grade_all(struct grading *own, bool reported)
{
        own->outcomes = calloc(own->count + 1, sizeof *own->outcomes);
        if (!own->outcomes)
                return fail_no_memory();
        own->outcomes_only = !reported;
        own->build_problem = own->notes = NULL;
        TRY(prepare(own));
        for (size_t i = 0; i < own->count; i++) {
                TRY(grade_case(own, i));
                if (reported)
                        report_case(own, i);
        }
        return SUCCESS;
}

/* Puts the grade on the student's own files in the place of the other. */
static struct error replace_by(struct grading *grading, struct grading *own, const char *names)
{
        printf("\nOnce more, on your own %s:\n", names);
        TRY(grade_all(own, true));
        grading->outcomes = own->outcomes;
        grading->build_problem = own->build_problem;
        free(grading->notes);
        grading->notes = own->notes;
        return SUCCESS;
}

struct error grade_on_own_files(struct grading *grading)
{
        struct grading own = *grading;
        const unsigned points = points_reached(grading);
        unsigned own_points;
        char *names;

        if (!grading->all_cases || points == points_possible(grading))
                return SUCCESS;
        names = take_own_files(grading, &own);
        if (!names)
                return SUCCESS;
        TRY(grade_all(&own, false));
        own_points = points_reached(&own);
        if (own_points > points) {
                TRY(replace_by(grading, &own, names));
                add_words(&grading->notes,
                          "On your own %s: %u points; on our solutions of the steps before: %u. The better counts.\n",
                          names, own_points, points);
        } else {
                add_words(&grading->notes,
                          "On our solutions of the steps before: %u points; on your own %s: %u%s. The better counts.\n",
                          points, names, own_points, own.build_problem ? " (it does not build with them)" : "");
        }
        TRY(report_json(grading));
        return report_gradescope(grading);
}
