/*
 * The score of a step on captured memory histories (history.h): what the student's code costs, by a published formula,
 * without seconds.
 *
 *      labs/LAB/score          the names of histories, one a line; a lab without this file has no score
 *
 * Of each history, with n operations:
 *
 *      V = nodes visited / n           R = rotations / n
 *      F = the part of free memory that is not in the largest hole, on average over the run
 *      L = the part of free memory that is in the largest hole, at the end
 *
 *      score = 60 * 64 / (64 + V) + 10 / (1 + R) + 20 * (1 - F) + 10 * L
 *
 * It lies between 0 and 100. That of the step is the mean of all histories. It gives no points: it is for comparing.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

struct grading;

enum { HISTORIES_MAX = 8 };

struct history_score {
        char name[32];
        unsigned operations;
        double visits, rotations, fragmentation, largest;       /* V, R, F and L */
        double score;
};

struct scoring {
        size_t count;                                   /* 0: there is no score */
        struct history_score history[HISTORIES_MAX];
        double score;
        char why_not[256];                              /* why there is none, in words; empty: it has one, or the lab
                                                           has none */
};

/*
 * Runs the histories with the code that is built in the work folder (prepare()), and judges them like cases. There is
 * a score only if every answer is right. An error is the grader's own.
 */
struct error score(struct grading *grading);

/* The lines about it in a report; an empty text if there is nothing to say. The caller frees them. */
char *score_words(const struct grading *grading);
