/* grade: the options, and what is set up before anything is graded. */
#include "base/error_message.h"
#include "grade.h"
#include "predict.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char help[] =
        "usage: grade --step STEP [OPTIONS]\n"
        "\n"
        "Grades a submission for a step: takes the files that the step names, builds them into a copy of a tree\n"
        "that is built, runs the step's cases and judges them by their recordings. docs/grading.md is the manual.\n"
        "\n"
        "      --step STEP        the step, as in labs/steps: 2a\n"
        "      --tree FOLDER      the tree, built (.)\n"
        "      --submission FOLDER  where the student's files are, with the paths they have in the tree (.)\n"
        "      --cases FOLDER     the cases (labs/LAB/cases of the tree)\n"
        "      --case NAME        only this one\n"
        "  -o, --output FOLDER    where the report, recordings and pictures go (build/grade-report)\n"
        "      --results FILE     write Gradescope's results.json, again after each case\n"
        "      --secret FILE      the assignment's secret, and ...\n"
        "      --student NAME     ... the student: what random scripts are drawn from. Without them it is practice\n"
        "      --sandbox MODE     auto: the best isolation there is here; require: no grade without bubblewrap (auto)\n"
        "      --about            print what the step is: the files, the cases, what to do first\n"
        "      --open             open the live view at the first bad event of --case, on a terminal\n"
        "      --predict          ask what the step's script will do, before the first run, and keep the answers\n"
        "      --score            measure it on captured memory histories, and grade nothing: docs/grading.md\n"
        "      --attack           grade the scripts in attacks/ of the submission: docs/grading.md\n"
        "      --mutants FOLDER   what they attack (labs/grade/build-mutants); without it they run on the tree's\n"
        "                         own kernel\n"
        "      --outcomes-only    shrink, draw and keep nothing of a failure: faster, to grade many mutants\n"
        "      --hint N           print the first N hints of --case, and grade nothing\n"
        "      --explain          print what --case is about, and grade nothing\n"
        "  -h, --help             show this\n"
        "\n"
        "Exit status: 0 every case passed; 1 not; 2 wrong usage, or the grader cannot do its work here.\n";

enum { EXIT_ALL_PASSED = 0, EXIT_NOT_ALL = 1, EXIT_GRADER = 2 };

static int fail(void)
{
        fprintf(stderr, "grade: %s\n", error_message());
        return EXIT_GRADER;
}

static int status_of(const struct grading *grading)
{
        if (grading->attacks && !grading->count && grading->attack_refused)
                return EXIT_NOT_ALL;
        if (grading->build_problem)
                return EXIT_NOT_ALL;
        for (size_t i = 0; i < grading->count; i++)
                if (grading->outcomes[i].kind != PASSED)
                        return EXIT_NOT_ALL;
        return EXIT_ALL_PASSED;
}

/* --- setting up ------------------------------------------------------------------------------------------- */

static struct error absolute(const char **path)
{
        char *full = realpath(*path, NULL);

        if (!full)
                return FAILF(IO, "%s: %s", *path, strerror(errno));
        *path = full;
        return SUCCESS;
}

/* The name comes without a secret: the script is only drawn from it. */
static int ask_predictions(struct grading *grading)
{
        const char *name = grading->student ? grading->student : getenv("USER");

        if (absolute(&grading->tree).code || absolute(&grading->submission).code || step_read(grading).code ||
            predict_ask(grading, name && *name ? name : "unknown").code)
                return fail();
        return EXIT_ALL_PASSED;
}

/* The secret is one line; who may read the file is the teacher's to decide. */
static struct error read_secret(struct grading *grading)
{
        FILE *file = fopen(grading->secret, "r");
        char *line = NULL;
        size_t room = 0;

        if (!file || getline(&line, &room, file) < 1)
                return FAILF(IO, "%s: the secret cannot be read", grading->secret);
        fclose(file);
        line[strcspn(line, "\n")] = 0;
        grading->secret = line;
        return SUCCESS;
}

static struct error choose_cases(struct grading *grading)
{
        char folder[PATH_MAX];

        if (grading->is_watched && !grading->only && !grading->attacks)
                return SUCCESS;                 /* no cases: watch.h */
        if (!grading->cases_folder) {
                snprintf(folder, sizeof folder, "%s/labs/%s/cases", grading->tree, grading->lab);
                grading->cases_folder = strdup(folder);
        }
        TRY(cases_read(grading->cases_folder, grading->step, &grading->cases, &grading->count));
        grading->all_cases = !grading->only;
        for (size_t i = 0; grading->only && i < grading->count; i++) {
                if (strcmp(grading->cases[i].name, grading->only))
                        continue;
                grading->cases += i;
                grading->count = 1;
                grading->only = NULL;
        }
        if (grading->only)
                return FAILF(BAD_ARGUMENT, "step %s has no case \"%s\"", grading->step, grading->only);
        if (!grading->count)
                return FAILF(BAD_ARGUMENT, "%s has no cases for step %s", grading->cases_folder, grading->step);
        grading->outcomes = calloc(grading->count + 1, sizeof *grading->outcomes);
        return grading->outcomes ? SUCCESS : fail_no_memory();
}

static struct error set_up(struct grading *grading, enum sandbox sandbox)
{
        time_t now = time(NULL);
        struct stat facts;

        TRY(absolute(&grading->submission));
        if (stat(grading->submission, &facts) || !S_ISDIR(facts.st_mode))
                return FAILF(BAD_ARGUMENT, "%s is not a folder", grading->submission);
        if (mkdir(grading->output, 0755) && errno != EEXIST)
                return FAILF(IO, "%s: %s", grading->output, strerror(errno));
        if (grading->secret)
                TRY(read_secret(grading));
        strftime(grading->date, sizeof grading->date, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
        TRY(isolation_find(sandbox, &grading->isolation));
        grading->isolation.shown = grading->tree;
        return SUCCESS;
}

static struct error set_work(struct grading *grading)
{
        const char *output = grading->output;

        TRY(absolute(&output));
        snprintf(grading->work, sizeof grading->work, "%s/work", output);
        return SUCCESS;
}

/* --- options ---------------------------------------------------------------------------------------------- */

enum {
        STEP = 256, TREE, SUBMISSION, CASES, CASE, RESULTS, SECRET, STUDENT,    /* these eight have a text */
        SANDBOX, HINT, EXPLAIN, OUTCOMES, ATTACK, MUTANTS, PREDICT, ABOUT, OPEN, SCORE,
};

static const struct option long_options[] = {
        { "step", required_argument, NULL, STEP },       { "tree", required_argument, NULL, TREE },
        { "submission", required_argument, NULL, SUBMISSION }, { "cases", required_argument, NULL, CASES },
        { "case", required_argument, NULL, CASE },       { "output", required_argument, NULL, 'o' },
        { "results", required_argument, NULL, RESULTS }, { "secret", required_argument, NULL, SECRET },
        { "student", required_argument, NULL, STUDENT }, { "sandbox", required_argument, NULL, SANDBOX },
        { "hint", required_argument, NULL, HINT },       { "explain", no_argument, NULL, EXPLAIN },
        { "attack", no_argument, NULL, ATTACK },         { "mutants", required_argument, NULL, MUTANTS },
        { "about", no_argument, NULL, ABOUT },           { "open", no_argument, NULL, OPEN },
        { "predict", no_argument, NULL, PREDICT },       { "score", no_argument, NULL, SCORE },
        { "outcomes-only", no_argument, NULL, OUTCOMES },  { "help", no_argument, NULL, 'h' },
        { 0 },
};

struct choices {
        enum sandbox sandbox;
        unsigned long hints;
        bool explain, predict, about, open, score;
        const char *mutants;
};

static bool take_option(struct grading *grading, struct choices *choices, int option)
{
        const char **const texts[] = {
                [STEP - STEP] = &grading->step,       [TREE - STEP] = &grading->tree,
                [SUBMISSION - STEP] = &grading->submission, [CASES - STEP] = &grading->cases_folder,
                [CASE - STEP] = &grading->only,       [RESULTS - STEP] = &grading->results,
                [SECRET - STEP] = &grading->secret,   [STUDENT - STEP] = &grading->student,
        };

        if (option == 'o')
                grading->output = optarg;
        else if (option == HINT)
                choices->hints = strtoul(optarg, NULL, 10);
        else if (option == ABOUT)
                choices->about = true;
        else if (option == OPEN)
                choices->open = true;
        else if (option == PREDICT)
                choices->predict = true;
        else if (option == SCORE)
                choices->score = true;
        else if (option == ATTACK)
                grading->attacks = true;
        else if (option == MUTANTS)
                choices->mutants = optarg;
        else if (option == OUTCOMES)
                grading->outcomes_only = true;
        else if (option == EXPLAIN)
                choices->explain = true;
        else if (option == SANDBOX && (!strcmp(optarg, "auto") || !strcmp(optarg, "require")))
                choices->sandbox = *optarg == 'r' ? SANDBOX_REQUIRE : SANDBOX_AUTO;
        else if (option >= STEP && option <= STUDENT)
                *texts[option - STEP] = optarg;
        else
                return false;
        return true;
}

int main(int argc, char **argv)
{
        struct grading grading = { .tree = ".", .submission = ".", .output = "build/grade-report" };
        struct choices choices = { 0 };
        int option;

        while ((option = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return EXIT_ALL_PASSED;
                }
                if (!take_option(&grading, &choices, option)) {
                        fprintf(stderr, "Try `grade --help'.\n");
                        return EXIT_GRADER;
                }
        }
        if (!grading.step || optind < argc || (!choices.predict && !grading.secret != !grading.student) ||
            ((choices.hints || choices.explain || choices.open) && !grading.only)) {
                fprintf(stderr,
                        "grade: --step is needed; --secret and --student come together; --hint and --explain need "
                        "--case. Try `grade --help'.\n");
                return EXIT_GRADER;
        }
        if (choices.predict)
                return ask_predictions(&grading);
        if (absolute(&grading.tree).code || step_read(&grading).code || choose_cases(&grading).code)
                return fail();
        if (choices.about)
                print_about(&grading);
        else if (choices.explain)
                print_explanation(&grading);
        else if (choices.hints)
                print_hints(&grading, choices.hints);
        if (choices.about || choices.explain || choices.hints)
                return EXIT_ALL_PASSED;
        if (set_up(&grading, choices.sandbox).code || set_work(&grading).code ||
            (grading.attacks ? grade_attack(&grading, choices.mutants) :
             choices.score ? grade_score_only(&grading) : grade_cases(&grading)).code)
                return fail();
        if (choices.open)
                open_view(&grading, 0);
        return status_of(&grading);
}
