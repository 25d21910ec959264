/*
 * The last step of a lab, attack: a student hands in op scripts, and gets a point for each kind of mutant that one of
 * them catches. A mutant is a solution with one mistake in it; its kind is the kind of mistake. The mutants are built
 * once, by labs/grade/build-mutants, into a folder:
 *
 *      list                    one line each: name | step | case | kind; first the solutions, which are called
 *                              `solution-STEP'
 *      NAME/grade_runner       what host_runner.c is, with the mutant's code in it
 *
 * A script catches a mutant if the judge finds fault with the mutant's recording of it, and none with the recording of
 * the solution of the same step. The rules are those of the case that the mutant names.
 *
 * A script is untrusted input: at most ATTACK_OPERATIONS operations, read by the parser of op scripts, run in the
 * sandbox.
 */
#pragma once

#include "grade.h"

enum { ATTACK_SCRIPTS = 10, ATTACK_OPERATIONS = 20, ATTACK_SIZE = 8192 };

/*
 * Grades the scripts attacks/NAME.ops of the submission: the cases of `grading` become one for each kind. With
 * `mutants` NULL, as for a student, there are no kinds: each script is only run on the tree's own kernel. What is wrong
 * with a script is noted for the student. An error is the grader's own: BAD_INPUT for a list that is not understood,
 * IO.
 */
struct error attack(struct grading *grading, const char *mutants);
