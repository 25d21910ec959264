/* The backtrace that a kernel prints when it panics, for people. */
#pragma once

#include "grade.h"

/*
 * Finds the backtrace in what a machine's console said and adds to each function its file and line (addr2line): those
 * in the student's files first. `*out`, which the caller frees, is NULL if there is no backtrace. An error is the
 * grader's own.
 */
struct error backtrace_words(const struct grading *grading, const char *said, char **out);
