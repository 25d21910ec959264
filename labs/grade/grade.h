/*
 * The grader: takes the files that a step names from a submission, builds them into a copy of a tree that is built
 * already, runs the step's cases and judges them by their recordings.
 *
 *      grade_cases()   one case after the other                grade.c
 *      prepare()       copy, take, compile, check, link        prepare.c, build
 *      host_pass()     scripts on the host, with sanitizers    host_pass.c
 *      machine_pass()  boots                                   machine_pass.c
 *      score()         captured memory histories               score.c
 *      report_...()    terminal, JSON, results.json            report.c
 */
#pragma once

#include "case.h"
#include "confine.h"
#include "judge.h"
#include "score.h"

#include <limits.h>

enum { FILES_MAX = 8, EARLIER_MAX = 8, TEXT_MAX = 4096 };

enum outcome_kind {
        NOT_RUN,
        PASSED,
        WRONG,                                  /* the answer, the events or the memory are not right */
        CRASHED,                                /* a sanitizer's report, a signal, a panic */
        HUNG,
        NOT_BUILT,
        MISSED,                                 /* a kind of mutant that no script of an attack catches */
};

/* What came of one case. */
struct outcome {
        enum outcome_kind kind;
        struct judgement judgement;
        bool on_machine;                        /* where it failed */
        char place[64];                         /* "on the host", "on a machine of 2 processors" */
        char *script;                           /* the shortest that fails; NULL: none */
        char *details;                          /* a sanitizer's report, the console, what a test of the kernel said; NULL: none */
        char recording[NAME_MAX], picture[NAME_MAX]; /* files in the output folder, the picture without its ending;
                                                        empty: none */
};

struct grading {
        const char *tree, *submission, *step, *output, *cases_folder;
        const char *secret, *student;           /* of a graded run; secret NULL: practice, with fresh seeds */
        bool all_cases;                         /* no case was named */
        const char *only;                       /* the name of the one case to run; NULL: all */
        const char *results;                    /* where Gradescope's file goes; NULL: nowhere */
        bool attacks;                           /* scripts are graded (attack.h), not the step's files */
        bool attack_refused;                    /* one of them was not taken, or a solution does not pass it */
        bool outcomes_only;                     /* failures are not shrunk, and nothing is drawn or kept */
        char work[PATH_MAX];                    /* the folder that belongs to the submission */
        struct isolation isolation;
        char date[32];

        char *file[FILES_MAX];                  /* that the step names */
        size_t files;
        char *earlier_file[EARLIER_MAX];        /* files of steps before, which this tree has and this step does not
                                                   ask for */
        size_t earlier_files;
        char *title, *lab;                      /* of the step; the lab's folder in labs/ */
        bool is_watched;                        /* the step asks for no files: predictions and answers are graded
                                                   (watch.h) */

        struct grade_case *cases;
        struct outcome *outcomes;
        size_t count;

        struct scoring scoring;

        char *build_problem;                    /* why nothing can be run, in words; NULL: it is built */
        char *notes;                            /* what a student should know: files not handed in, links refused */
};

/*
 * Reads labs/steps of the tree: the title, the lab and the files of the step. BAD_INPUT if the step is not there, or
 * asks for neither files nor predictions.
 */
struct error step_read(struct grading *grading);

/* A field of a line `a | b | c`, without the blanks around it; the rest of the line stays in *line. */
char *next_field(char **line);

/*
 * Opens a path of the submission without following a symbolic link anywhere on the way; -1 and errno if there is none.
 */
int submitted_open(const struct grading *grading, const char *path);

/*
 * A file of the submission as text, which the caller frees. NULL if it is not there; or NULL, and why it is not taken
 * is added to `problem`. One that is larger than SOURCE_SIZE_MAX comes with a length of a byte more.
 */
char *submitted_text(const struct grading *grading, const char *path, size_t *length, char **problem);

/* The same, at the path that a file has in the tree, or else at the top of the submission. */
char *handed_in_text(const struct grading *grading, const char *path, size_t *length, char **problem);

/*
 * Runs a command of the grader's own, with no part of a submission in it but file names; yields what waitpid() does, or
 * -1.
 */
int run_unconfined(char *const argv[]);

/* Makes the work folder. A problem of the submission is no error but a build_problem. */
struct error prepare(struct grading *grading);

/*
 * Grade a submission and report it, again after each case: the cases of the step; the score alone (score.h); the scripts of
 * an attack (attack.h). An error is the grader's own.
 */
struct error grade_cases(struct grading *grading);
struct error grade_score_only(struct grading *grading);
struct error grade_attack(struct grading *grading, const char *mutants);

/* Grades a case in the work folder. An error is the grader's own. */
struct error grade_case(struct grading *grading, size_t i);

/*
 * When all cases were graded and points are missing: grades them once more on the student's own files of earlier steps,
 * if any were handed in, and keeps the better. A note says which it was.
 */
struct error grade_on_own_files(struct grading *grading);

/* Run a case and fill its outcome. An error is the grader's own. */
struct error host_pass(struct grading *grading, size_t i);
struct error machine_pass(struct grading *grading, size_t i);

/*
 * Runs a command in the work folder, of which it may write to run/ alone, so that no submission can change what is run after
 * it; its output goes to run/NAME.txt.
 */
struct error run_confined(const struct grading *grading, const char *name, unsigned seconds, char *const argv[],
                          int *status);

/* A file of the work folder as text, cut to `room` bytes; an empty text if it cannot be read. The caller frees it. */
char *work_text(const struct grading *grading, const char *path, size_t room);

/* Puts a failing recording, its script and its picture into the output folder. */
struct error keep_evidence(struct grading *grading, size_t i, const char *run_name);

/* Writes a new file in place of what is there, so that it follows no link. IO. */
struct error write_text(const char *path, const char *text);

[[gnu::format(printf, 2, 3)]] void add_words(char **text, const char *format, ...);

/* The script of a case; the i-th at random if it has none of its own. The caller frees it. */
struct error case_script(const struct grading *grading, const struct grade_case *grade_case, unsigned i, char **out);

/* A script up to and with a line; 0: all of it. The caller frees it. */
char *script_up_to(const char *script, unsigned line);
/* A script as a student sees it: without its first line, `keyframes'. */
const char *script_shown(const char *script);
unsigned score_of(const struct grading *grading, size_t i);
unsigned points_reached(const struct grading *grading);
unsigned points_possible(const struct grading *grading);
const char *outcome_words(enum outcome_kind kind);
void report_case(const struct grading *grading, size_t i);
void report_end(const struct grading *grading);
struct error report_json(const struct grading *grading);
struct error report_gradescope(const struct grading *grading);

/* Print what a student asks for beside a grade: what the step is; what the first case is about; its first hints. */
void print_about(const struct grading *grading);
void print_explanation(const struct grading *grading);
void print_hints(const struct grading *grading, unsigned long hints);

/* Becomes the live view of a failure, if there is one and a person looks at a terminal. */
void open_view(const struct grading *grading, size_t i);
