/*
 * Cases: what the grader runs, and what a student is told about it. One file each, NAME.case; docs/op-scripts.md has
 * the format.
 */
#pragma once

#include "judge.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CASE_HINTS_MAX = 3, CASE_RANDOM_MAX = 1000 };

enum case_place { ON_HOST = 1, ON_MACHINE = 2 };

struct grade_case {
        char *name, *title, *step;
        size_t place;                           /* among the cases: the line of `order` that names it */
        unsigned points;
        bool is_extra;                          /* its points are beyond the step's hundred */
        unsigned places;                        /* enum case_place, or-ed */
        char *expect, *explain;                 /* in words; NULL: none */
        char *hint[CASE_HINTS_MAX];             /* from vague to plain */
        size_t hints;

        struct judge_rules rules;               /* `asks', `promises' */
        char *script;                           /* the op script; NULL: at random, or none */
        unsigned random;                        /* so many scripts at random ... */
        char *shape;                            /* ... of this shape, ... */
        unsigned operations;                    /* ... each of so many operations */
        char *exec;                             /* the program to boot with; NULL: none */
        char *test;                             /* boot, and run the kernel's test cases with this in their names;
                                                   NULL: none */
};

/* Reads a file. BAD_INPUT with the line and what is wrong with it, or IO. */
struct error case_read(const char *path, struct grade_case *out);
void case_free(struct grade_case *grade_case);

/*
 * All cases of a folder whose step is `step`: in the order in which the folder's file `order` names them, one a line,
 * as the handouts do; behind them, by name, those that it does not name. As case_read.
 */
struct error cases_read(const char *folder, const char *step, struct grade_case **out, size_t *count);
