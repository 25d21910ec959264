/* Scripts on the host, with sanitizers: hundreds of operations a second, and the shortest script that fails. */
#include "base/error_message.h"
#include "grade.h"
#include "lib/rng.h"
#include "script/script_generate.h"
#include "script/script_shrink.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { SHRINK_RUNS = 150, DETAILS_MAX = 3000, ATTEMPTS = 5 };

struct error case_script(const struct grading *grading, const struct grade_case *grade_case, unsigned i, char **out)
{
        struct script_request request = { .shape = grade_case->shape, .operations = grade_case->operations };
        char *text = NULL;

        if (grade_case->script) {
                add_words(&text, "keyframes\n%s", grade_case->script);
                *out = text;
                return SUCCESS;
        }
        if (grading->secret)
                request.seed = seed_of(grading->secret, grading->student, grade_case->name, i);
        else if (getrandom(&request.seed, sizeof request.seed, 0) != sizeof request.seed)
                return FAILF(IO, "no random numbers are to be had");
        request.seed %= 1000000000;             /* short enough to type */
        TRY(script_generate(&request, &text));
        *out = NULL;
        add_words(out, "keyframes\n%s", text);
        free(text);
        return SUCCESS;
}

static struct error write_run_file(const struct grading *grading, const char *name, const char *text)
{
        char path[PATH_MAX + NAME_MAX];

        snprintf(path, sizeof path, "%s/run/%s.ops", grading->work, name);
        return write_text(path, text);
}

/* --- judging one run -------------------------------------------------------------------------------------- */

/* The report of a sanitizer: what it says, then the stack, the student's files first. */
static char *crash_words(const struct grading *grading, const char *said)
{
        char *words = NULL;
        bool any = false;

        for (int theirs = 1; theirs >= 0; theirs--) {
                char *text = strdup(said), *rest = text, *line;

                while ((line = strsep(&rest, "\n"))) {
                        char *at = strstr(line, "    #");
                        bool in_theirs = false;

                        for (size_t i = 0; i < grading->files; i++)
                                in_theirs |= at && strstr(line, grading->file[i]);
                        if (at && (theirs ? in_theirs : !in_theirs && strstr(line, "kernel/")) &&
                            strstr(line, " in ")) {
                                add_words(&words, "    %s%s\n",
                                          theirs ? "your file: " : "called by: ", strstr(line, " in ") + 4);
                        } else if (theirs && !any && !at &&
                                   (strstr(line, "ERROR: ") || strstr(line, "runtime error: ") ||
                                    strstr(line, "HANG: "))) {
                                add_words(&words, "%s\n", line);
                                any = true;
                        } else if (theirs && any && strstr(line, "SUMMARY")) {
                                break;
                        }
                }
                free(text);
        }
        return words ? words : strdup(said);
}

/* Judges run/NAME.*, and says how the process ended if that explains more. */
static struct error judge_run(struct grading *grading, const char *name, const char *script,
                              const struct judge_rules *rules, struct outcome *out)
{
        char path[PATH_MAX + NAME_MAX], end_name[NAME_MAX], said_name[NAME_MAX];
        char *end, *said;

        snprintf(path, sizeof path, "%s/run/%s.rtrace", grading->work, name);
        snprintf(end_name, sizeof end_name, "run/%s.end", name);
        snprintf(said_name, sizeof said_name, "run/%s.txt", name);
        TRY(judge_recording(path, script, rules, &out->judgement));
        end = work_text(grading, end_name, 16);
        said = work_text(grading, said_name, 16 * TEXT_MAX);
        out->kind = out->judgement.right ? PASSED : WRONG;
        if (!out->judgement.right && !out->judgement.event) {
                const bool hung = !strncmp(end, "hang", 4), by_signal = *end >= '0' && *end <= '9';

                out->kind = hung ? HUNG : CRASHED;
                free(out->details);
                out->details = crash_words(grading, said);
                if (hung)
                        snprintf(out->judgement.words, sizeof out->judgement.words,
                                 "the operation did not end within two seconds of processor time");
                else if (!strncmp(end, "large", 5))
                        snprintf(out->judgement.words, sizeof out->judgement.words,
                                 "the operation emits events without end: more than 16 MiB");
                else if (by_signal)
                        snprintf(out->judgement.words, sizeof out->judgement.words,
                                 "the program was ended by signal %d", atoi(end));
                else if (strstr(said, "Sanitizer") || strstr(said, "runtime error"))
                        snprintf(out->judgement.words, sizeof out->judgement.words,
                                 "a sanitizer stopped the program in this operation");
        }
        free(end);
        free(said);
        return SUCCESS;
}

/* What an earlier run left must not be taken for what this one does. */
static void remove_results(const struct grading *grading, const char *name)
{
        static const char *const suffixes[] = { "rtrace", "txt", "end" };

        for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
                char path[PATH_MAX + NAME_MAX];

                snprintf(path, sizeof path, "%s/run/%s.%s", grading->work, name, suffixes[i]);
                unlink(path);
        }
}

/* A script that has begun has a recording, were it empty. */
static bool has_begun(const struct grading *grading, const char *name)
{
        char path[PATH_MAX + NAME_MAX];

        snprintf(path, sizeof path, "%s/run/%s.rtrace", grading->work, name);
        return !access(path, F_OK);
}

/* Where the machine has no process left for a moment, not one script is run: then all are tried again. */
static struct error run_scripts(struct grading *grading, char **names, unsigned count)
{
        char *argv[CASE_RANDOM_MAX + 4] = { "tree/build/host/grade_runner", "run" };
        char (*path)[NAME_MAX] = calloc(count, sizeof *path);
        struct error error;
        int status;

        for (unsigned i = 0; i < count; i++) {
                snprintf(path[i], sizeof path[i], "run/%s.ops", names[i]);
                argv[2 + i] = path[i];
                remove_results(grading, names[i]);
        }
        for (unsigned attempt = 1; attempt <= ATTEMPTS; attempt++) {
                error = run_confined(grading, "runner", 60, argv, &status);
                if (error.code || has_begun(grading, names[0]))
                        break;
                usleep(attempt * 50000);
        }
        free(path);
        return error;
}

/* --- shrinking -------------------------------------------------------------------------------------------- */

struct shrink_context {
        struct grading *grading;
        const struct judge_rules *rules;
        struct outcome found;                   /* of the newest run */
};

static bool still_fails(void *context, const char *script)
{
        struct shrink_context *shrink = context;
        char *name = "shrink";

        return !write_run_file(shrink->grading, name, script).code && !run_scripts(shrink->grading, &name, 1).code &&
               !judge_run(shrink->grading, name, script, shrink->rules, &shrink->found).code &&
               shrink->found.kind != PASSED;
}

const char *script_shown(const char *script)
{
        return script + strlen("keyframes\n");
}

char *script_up_to(const char *script, unsigned line)
{
        const char *at = script;

        if (!line)
                return strdup(script);
        while (line-- && *at) {
                at += strcspn(at, "\n");
                at += *at == '\n';
        }
        return strndup(script, (size_t)(at - script));
}

static struct error shrink(struct grading *grading, size_t i, char *script)
{
        struct outcome *out = &grading->outcomes[i];
        struct shrink_context context = { .grading = grading, .rules = &grading->cases[i].rules };
        char *first = script_up_to(script, out->judgement.line);
        struct shrinking shrinking = {
                still_fails, &context, out->kind == HUNG ? 10 : SHRINK_RUNS,    /* a hang takes two seconds each time */
        };

        if (!still_fails(&context, first)) {
                free(first);
                first = strdup(script);
        }
        TRY(script_shrink(first, &shrinking, &out->script));
        free(first);
        if (still_fails(&context, out->script)) {
                char *kept = out->script;

                free(out->details);
                *out = context.found;
                out->script = kept;
                out->details = context.found.details;
        }
        return keep_evidence(grading, i, "shrink");
}

/* --- a case ----------------------------------------------------------------------------------------------- */

static struct error judge_scripts(struct grading *grading, size_t i, char **names, char **scripts, unsigned count)
{
        struct outcome *out = &grading->outcomes[i];

        out->kind = PASSED;
        for (unsigned n = 0; n < count && out->kind == PASSED; n++) {
                TRY(judge_run(grading, names[n], scripts[n], &grading->cases[i].rules, out));
                if (out->kind == PASSED)
                        continue;
                if (grading->cases[i].random && !grading->outcomes_only)
                        TRY(shrink(grading, i, scripts[n]));
                else {
                        out->script = script_up_to(scripts[n], out->judgement.line);
                        TRY(keep_evidence(grading, i, names[n]));
                }
        }
        snprintf(out->place, sizeof out->place, "on the host");
        return SUCCESS;
}

struct error host_pass(struct grading *grading, size_t i)
{
        const struct grade_case *grade_case = &grading->cases[i];
        unsigned count = grade_case->random ? grade_case->random : 1;
        char **names = calloc(count, sizeof *names), **scripts = calloc(count, sizeof *scripts);
        struct error error = SUCCESS;

        for (unsigned n = 0; n < count && !error.code; n++) {
                add_words(&names[n], "%s-%u", grade_case->name, n + 1);
                error = case_script(grading, grade_case, n, &scripts[n]);
                if (!error.code)
                        error = write_run_file(grading, names[n], scripts[n]);
        }
        if (!error.code)
                error = run_scripts(grading, names, count);
        if (!error.code)
                error = judge_scripts(grading, i, names, scripts, count);
        for (unsigned n = 0; n < count; n++) {
                free(names[n]);
                free(scripts[n]);
        }
        free(names);
        free(scripts);
        return error;
}
