#include "attack.h"
#include "base/error_message.h"
#include "source.h"
#include "test/op_script.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct mutant {
        char name[64], step[16], kind[64];
        struct judge_rules rules;
};

struct attack_script {
        char *name;                             /* as the student sees it */
        char *text;                             /* with `keyframes' before it */
        bool refused;                           /* it was said that a solution does not pass it */
};

struct attack {
        struct grading *grading;
        struct mutant *mutants;
        size_t count;
        struct attack_script script[ATTACK_SCRIPTS];
        unsigned scripts;
};

/* --- the student's scripts -------------------------------------------------------------------------------- */

/* Counts what a script asks for; false with a note if it is no script, or too long. */
static bool script_is_fine(struct grading *grading, const char *name, const char *text, size_t length)
{
        struct op_script script = op_script_of(text, length);
        unsigned operations = 0;
        struct op op;

        while (op_script_next(&script, &op))
                operations += !op_is_directive(&op);
        if (length > ATTACK_SIZE)
                add_words(&grading->notes, "%s is not taken: it is larger than %d bytes.\n", name, ATTACK_SIZE);
        else if (script.problem)
                add_words(&grading->notes, "%s is not taken: line %u: %s.\n", name, script.line, script.problem);
        else if (!operations || operations > ATTACK_OPERATIONS)
                add_words(&grading->notes, "%s is not taken: it has %u operations; 1 to %d are allowed.\n", name,
                          operations, ATTACK_OPERATIONS);
        else
                return true;
        grading->attack_refused = true;
        return false;
}

static void take_script(struct attack *attack, const char *file)
{
        struct grading *grading = attack->grading;
        char path[NAME_MAX + 16], *problem = NULL, *text, *name;
        size_t length;

        snprintf(path, sizeof path, "attacks/%s", file);
        name = strdup(path);
        text_make_printable(name, strlen(name));
        text = submitted_text(grading, path, &length, &problem);
        if (problem)
                add_words(&grading->notes, "%s", problem);
        if (text && attack->scripts == ATTACK_SCRIPTS) {
                add_words(&grading->notes, "%s is not taken: %d scripts are allowed.\n", name, ATTACK_SCRIPTS);
        } else if (text && script_is_fine(grading, name, text, length)) {
                struct attack_script *script = &attack->script[attack->scripts++];

                *script = (struct attack_script){ .name = name };
                add_words(&script->text, "keyframes\n%s", text);
                name = NULL;
        }
        free(name);
        free(problem);
        free(text);
}

static int is_script(const struct dirent *entry)
{
        const char *end = strrchr(entry->d_name, '.');

        return end && end != entry->d_name && !strcmp(end, ".ops");
}

static struct error take_scripts(struct attack *attack)
{
        struct grading *grading = attack->grading;
        int folder = submitted_open(grading, "attacks");
        struct dirent **entries;
        int found = folder < 0 ? -1 : scandirat(folder, ".", &entries, is_script, alphasort);

        if (folder >= 0)
                close(folder);
        for (int i = 0; i < found; i++) {
                take_script(attack, entries[i]->d_name);
                free(entries[i]);
        }
        if (found >= 0)
                free(entries);
        if (!attack->scripts)
                add_words(&grading->notes,
                          "No script was taken: they belong into the folder attacks, and end in .ops.\n");
        return SUCCESS;
}

/* --- the mutants ------------------------------------------------------------------------------------------ */

/* The rules by which a mutant is judged are those of its case. */
static struct error read_rules(const struct grading *grading, const char *name, struct judge_rules *out)
{
        char path[PATH_MAX + NAME_MAX];
        struct grade_case of;

        snprintf(path, sizeof path, "%s/%s.case", grading->cases_folder, name);
        TRY(case_read(path, &of));
        *out = of.rules;
        case_free(&of);
        return SUCCESS;
}

static struct error read_mutant(struct attack *attack, char *line)
{
        struct mutant *more = realloc(attack->mutants, (attack->count + 1) * sizeof *more), *mutant;
        const char *name = next_field(&line), *step = next_field(&line), *of = next_field(&line),
                   *kind = next_field(&line);

        if (!more)
                return fail_no_memory();
        attack->mutants = more;
        mutant = &more[attack->count];
        *mutant = (struct mutant){ .rules = no_rules };
        if (!*name || !*step || strchr(name, '/'))
                return FAILF(BAD_INPUT, "the list of mutants has a line that is not name | step | case | kind");
        snprintf(mutant->name, sizeof mutant->name, "%s", name);
        snprintf(mutant->step, sizeof mutant->step, "%s", step);
        snprintf(mutant->kind, sizeof mutant->kind, "%s", kind);
        attack->count++;
        return *of ? read_rules(attack->grading, of, &mutant->rules) : SUCCESS;
}

static struct error read_list(struct attack *attack, const char *folder)
{
        char path[PATH_MAX], *line = NULL;
        struct error error = SUCCESS;
        size_t room = 0;
        FILE *file;

        snprintf(path, sizeof path, "%s/list", folder);
        file = fopen(path, "r");
        if (!file)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        while (!error.code && getline(&line, &room, file) >= 0)
                if (*line != '#')
                        error = read_mutant(attack, line);
        free(line);
        fclose(file);
        return error;
}

/* --- running ---------------------------------------------------------------------------------------------- */

/*
 * Runs scripts from..to-1 with a runner; each leaves run/PREFIX-N.rtrace, but for those behind one that did not end by
 * itself.
 */
static struct error run(const struct attack *attack, const char *runner, const char *prefix, unsigned from, unsigned to)
{
        char file[ATTACK_SCRIPTS][NAME_MAX], path[PATH_MAX + NAME_MAX];
        char *argv[ATTACK_SCRIPTS + 3] = { (char *)runner, "run" };
        int status;

        for (unsigned i = from; i < to; i++) {
                snprintf(path, sizeof path, "%s/run/%s-%u.rtrace", attack->grading->work, prefix, i + 1);
                unlink(path);
                snprintf(file[i], sizeof file[i], "run/%s-%u.ops", prefix, i + 1);
                snprintf(path, sizeof path, "%s/%s", attack->grading->work, file[i]);
                TRY(write_text(path, attack->script[i].text));
                argv[2 + i - from] = file[i];
        }
        return run_confined(attack->grading, "attack", 60, argv, &status);
}

static struct error judge(const struct attack *attack, const char *prefix, unsigned i, const struct judge_rules *rules,
                          struct judgement *out)
{
        char path[PATH_MAX + NAME_MAX];

        snprintf(path, sizeof path, "%s/run/%s-%u.rtrace", attack->grading->work, prefix, i + 1);
        return judge_recording(path, attack->script[i].text, rules, out);
}

static void refuse(struct attack *attack, unsigned i, const char *whose, const struct judgement *judgement)
{
        struct attack_script *script = &attack->script[i];

        attack->grading->attack_refused = true;
        if (script->refused)
                return;
        script->refused = true;
        add_words(&attack->grading->notes, "%s: %s does not pass it: %s%s%s.\n", script->name, whose,
                  judgement->line ? judgement->operation : "", judgement->line ? ": " : "", judgement->words);
}

/* Runs the scripts one at a time: one that does not end keeps none of the others from running. */
static struct error run_on_solution(struct attack *attack, const char *runner, const char *prefix, const char *whose)
{
        struct judgement judgement;

        for (unsigned i = 0; i < attack->scripts; i++) {
                TRY(run(attack, runner, prefix, i, i + 1));
                TRY(judge(attack, prefix, i, &no_rules, &judgement));
                if (!judgement.right)
                        refuse(attack, i, whose, &judgement);
        }
        return SUCCESS;
}

/* The first script that catches a mutant; `*by` stays if none does. */
static struct error catch_mutant(struct attack *attack, const struct mutant *mutant, int *by)
{
        char runner[NAME_MAX], solution[NAME_MAX], whose[NAME_MAX];
        struct judgement judgement;

        snprintf(runner, sizeof runner, "mutants/%s/grade_runner", mutant->name);
        snprintf(solution, sizeof solution, "solution-%s", mutant->step);
        snprintf(whose, sizeof whose, "the solution of step %s", mutant->step);
        TRY(run(attack, runner, "mutant", 0, attack->scripts));
        for (unsigned i = 0; i < attack->scripts; i++) {
                TRY(judge(attack, "mutant", i, &mutant->rules, &judgement));
                if (judgement.right)
                        continue;
                TRY(judge(attack, solution, i, &mutant->rules, &judgement));
                if (judgement.right) {
                        *by = (int)i;
                        return SUCCESS;
                }
                refuse(attack, i, whose, &judgement);
                /* What this mutant does with the scripts behind it is not known if it did not end by itself. */
                TRY(run(attack, runner, "mutant", i + 1, attack->scripts));
        }
        return SUCCESS;
}

/* --- kinds are cases -------------------------------------------------------------------------------------- */

static size_t case_of_kind(struct grading *grading, const char *kind)
{
        size_t i = 0;

        while (i < grading->count && strcmp(grading->cases[i].name, kind))
                i++;
        if (i == grading->count) {
                grading->cases[i] = (struct grade_case){ .name = strdup(kind), .points = 1 };
                grading->outcomes[i].kind = MISSED;
                grading->count++;
        }
        return i;
}

static struct error attack_mutants(struct attack *attack)
{
        struct grading *grading = attack->grading;

        for (size_t i = 0; i < attack->count; i++) {
                const struct mutant *mutant = &attack->mutants[i];
                char runner[2 * NAME_MAX], whose[NAME_MAX];
                size_t kind;
                int by = -1;

                if (!*mutant->kind) {           /* a solution */
                        snprintf(runner, sizeof runner, "mutants/%s/grade_runner", mutant->name);
                        snprintf(whose, sizeof whose, "the solution of step %s", mutant->step);
                        TRY(run_on_solution(attack, runner, mutant->name, whose));
                        continue;
                }
                kind = case_of_kind(grading, mutant->kind);
                if (grading->outcomes[kind].kind == PASSED || !attack->scripts)
                        continue;
                TRY(catch_mutant(attack, mutant, &by));
                if (by < 0)
                        continue;
                grading->outcomes[kind].kind = PASSED;
                add_words(&grading->cases[kind].title, "caught by %s", attack->script[by].name);
        }
        for (size_t i = 0; i < grading->count; i++)
                if (!grading->cases[i].title)
                        add_words(&grading->cases[i].title, "not caught yet");
        return SUCCESS;
}

/* Without mutants: whether the tree's own kernel passes the scripts. */
static struct error try_scripts(struct attack *attack)
{
        TRY(run_on_solution(attack, "mutants/own/grade_runner", "own", "this tree's kernel"));
        for (unsigned i = 0; i < attack->scripts; i++)
                if (!attack->script[i].refused)
                        add_words(&attack->grading->notes, "%s: this tree's kernel passes it.\n",
                                  attack->script[i].name);
        return SUCCESS;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

/* The runners are copied: the user that runs them may not get to where they are. */
static struct error make_work(struct grading *grading, const char *mutants)
{
        static const char script[] =
                "set -e; rm -rf \"$1\"; mkdir -p \"$1/run\" \"$1/mutants/own\"\n"
                "if [ -n \"$2\" ]; then cp -R \"$2/.\" \"$1/mutants\"\n"
                "else cp \"$3/build/host/grade_runner\" \"$1/mutants/own\"; fi\n";
        char *argv[] = { "sh", "-c", (char *)script, "copy", grading->work, (char *)(mutants ? mutants : ""),
                         (char *)grading->tree, NULL };

        if (run_unconfined(argv))
                return FAILF(IO, "%s: the runners cannot be copied; are they built?",
                             mutants ? mutants : grading->tree);
        TRY(confined_own(&grading->isolation, grading->work));
        return confined_keep(&grading->isolation, grading->work, "run");
}

struct error attack(struct grading *grading, const char *mutants)
{
        struct attack attack = { .grading = grading };
        struct error error = SUCCESS;

        grading->count = 0;
        grading->title = "attack";
        if (mutants)
                TRY(read_list(&attack, mutants));
        grading->cases = calloc(attack.count + 1, sizeof *grading->cases);
        grading->outcomes = calloc(attack.count + 1, sizeof *grading->outcomes);
        if (!grading->cases || !grading->outcomes)
                return fail_no_memory();
        error = make_work(grading, mutants);
        if (!error.code)
                error = take_scripts(&attack);
        if (!error.code)
                error = mutants ? attack_mutants(&attack) : try_scripts(&attack);
        for (unsigned i = 0; i < attack.scripts; i++) {
                free(attack.script[i].name);
                free(attack.script[i].text);
        }
        free(attack.mutants);
        return error;
}
