/*
 * Predictions: before the first run a student says where regions will go. The script is drawn from the student's name,
 * so everybody has another; the right answers are computed by the oracle and are in no file that is handed out.
 *
 *      labs/LAB/predict        one line a step: step | shape | operations | questions
 *      predictions.ops         the student's: the script, with their answers behind the last maps; they hand it in
 *
 * Some questions no oracle can answer, since they are about how the kernel works (predict_counted.h): the tree's own
 * kernel answers them, when it is asked again later.
 *
 * The points are for having predicted, not for being right. They are beyond the hundred of the step, but in a step in
 * which nothing is written (watch.h): there they are half of it.
 */
#pragma once

#include "grade.h"

enum { PREDICTION_POINTS = 5 };

/* Whether the step asks for predictions. */
bool predict_is_asked(const struct grading *grading);

/*
 * Asks the questions on standard output, reads answers from standard input, and then, not before, writes
 * predictions.ops into the folder of the submission and says which are right. If the tree's kernel is to answer and the
 * predictions are made already, says what it answers instead. BAD_ARGUMENT with a message if the step has no
 * predictions, they are made already, or not all questions are answered.
 */
struct error predict_ask(const struct grading *grading, const char *student);

/*
 * Adds the case `prediction', with its outcome, if the submission has a predictions.ops and the step asks for one; in a
 * step in which nothing is written, also if there is none. There must be room for one more case and outcome.
 */
struct error predict_grade(struct grading *grading);
