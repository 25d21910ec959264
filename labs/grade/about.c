/*
 * What a student can ask for beside a grade: what the step is, what a case is about, hints, and the live view of a failure.
 */
#include "grade.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void print_hints(const struct grading *grading, unsigned long hints)
{
        const struct grade_case *of = &grading->cases[0];

        for (size_t i = 0; i < hints && i < of->hints; i++)
                printf("hint %zu of %zu: %s\n", i + 1, of->hints, of->hint[i]);
}

void print_explanation(const struct grading *grading)
{
        const struct grade_case *of = &grading->cases[0];

        printf("%s: %s (%u points)\nexpected: %s\n%s\n", of->name, of->title, of->points, of->expect,
               of->explain ? of->explain : "");
        if (of->script)
                printf("the script:\n%s", of->script);
        else if (of->random)
                printf("%u scripts at random: build/regiontrace script --seed N --shape %s --operations %u\n",
                       of->random, of->shape, of->operations);
}

void print_about(const struct grading *grading)
{
        char explain[2 * NAME_MAX], hint[2 * NAME_MAX];
        unsigned points = 0;
        int width;

        for (size_t i = 0; i < grading->count; i++)
                points += grading->cases[i].points;
        printf("Lab %.*s, step %s: %s\n\n", (int)strcspn(grading->lab, "-"), grading->lab, grading->step, grading->title);
        if (grading->is_watched) {
                printf("You hand in predictions.ops and answers.txt. README.md is the handout. In this order:\n"
                       "    make predict               what do you expect? Before anything runs\n"
                       "    make record RUN=watch.ops  run a script in the kernel, and record what it does\n"
                       "    make live RUN=watch.ops    the kernel itself, step by step\n"
                       "    make grade                 what is still missing\n");
                return;
        }
        printf("You write:\n");
        for (size_t i = 0; i < grading->files; i++)
                printf("    %s\n", grading->file[i]);
        snprintf(explain, sizeof explain, "make explain CASE=%s", grading->cases[0].name);
        snprintf(hint, sizeof hint, "make hint CASE=%s", grading->cases[0].name);
        width = (int)strlen(explain);
        printf("\n%zu cases, %u points. README.md is the handout. In this order:\n", grading->count, points);
        printf("    %-*s  what do you expect? Before anything runs\n", width, "make predict");
        printf("    %-*s  the points now, and what is wrong\n", width, "make grade");
        printf("    %-*s  the first bad event, in the live view\n", width, explain);
        printf("    %-*s  a hint; HINTS=2 and HINTS=3 say more\n", width, hint);
        printf("    %-*s  the kernel itself, step by step\n", width, "make live");
}

void open_view(const struct grading *grading, size_t i)
{
        const struct outcome *out = &grading->outcomes[i];
        char tool[PATH_MAX], recording[PATH_MAX + NAME_MAX], at[32], tree[32];

        if (!*out->recording || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
                return;
        snprintf(tool, sizeof tool, "%s/build/regionviz", grading->tree);
        snprintf(recording, sizeof recording, "%s/%s", grading->output, out->recording);
        snprintf(at, sizeof at, "%llu", (unsigned long long)out->judgement.event);
        snprintf(tree, sizeof tree, "%llu", (unsigned long long)out->judgement.tree);
        if (out->judgement.event && out->judgement.tree)
                execl(tool, tool, "live", recording, "--at", at, "--tree", tree, NULL);
        else
                execl(tool, tool, "live", recording, NULL);
}
