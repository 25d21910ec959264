/*
 * A step in which nothing is written: a student predicts, watches and answers (lab 0). It is graded by two files that
 * are handed in. There is nothing of a student's to build or run.
 *
 *      predictions.ops         written by `make predict', before anything is run (predict.h)
 *      answers.txt             the questions of labs/LAB/answers.txt, each with an answer below it
 *
 * The points are for predictions made and questions answered, right or not: a teacher reads the answers.
 */
#pragma once

#include "grade.h"

enum { WATCH_POINTS = 50 };                     /* for either of the two */

/* Makes the cases `prediction' and `answers', with their outcomes. The step must be a watched one. */
struct error watch_grade(struct grading *grading);
