/* Boots: the student's files in the kernel, on one processor and on two. */
#include "backtrace.h"
#include "base/error_message.h"
#include "grade.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONSOLE_MAX = 6000, NOT_POSSIBLE = 2 };   /* the exit status of `regiontrace record' for that */

/* --- what is left of a failure ---------------------------------------------------------------------------- */

static struct error copy_out(const struct grading *grading, const char *from, const char *to)
{
        char source[PATH_MAX + NAME_MAX], target[PATH_MAX + NAME_MAX], bytes[65536];
        int in, out;
        ssize_t got;

        snprintf(source, sizeof source, "%s/run/%s", grading->work, from);
        snprintf(target, sizeof target, "%s/%s", grading->output, to);
        in = open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        if (in < 0)
                return SUCCESS;                 /* nothing was recorded */
        out = open(target, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        while (out >= 0 && (got = read(in, bytes, sizeof bytes)) > 0)
                if (write(out, bytes, (size_t)got) != got)
                        break;
        close(in);
        if (out < 0 || close(out))
                return FAILF(IO, "%s: %s", target, strerror(errno));
        return SUCCESS;
}

/* What was found, without the event and the tree's operation before it, which the picture has in its title. */
static const char *finding_alone(const struct outcome *out)
{
        const char *end = strstr(out->judgement.words, "): ");

        return !strncmp(out->judgement.words, "event ", 6) && end ? end + 3 : out->judgement.words;
}

/* Draws the tree at the first bad event, with what was found above it. That it cannot be drawn is no error: the words are enough. */
static struct error draw(struct grading *grading, size_t i, const char *recording)
{
        struct outcome *out = &grading->outcomes[i];
        const char *name = grading->cases[i].name;
        static const char *const endings[] = { "svg", "png" };
        char note[NAME_MAX + sizeof out->judgement.words], tool[PATH_MAX + NAME_MAX], at[32], tree[32], path[2 * NAME_MAX], file[NAME_MAX], from[NAME_MAX],
                to[2 * NAME_MAX];
        int status;

        if (!out->judgement.event || !out->judgement.tree)
                return SUCCESS;
        snprintf(tool, sizeof tool, "%s/build/regionviz", grading->tree);
        snprintf(at, sizeof at, "%llu", (unsigned long long)out->judgement.event);
        snprintf(tree, sizeof tree, "%llu", (unsigned long long)out->judgement.tree);
        snprintf(path, sizeof path, "run/%s", recording);
        snprintf(note, sizeof note, "%s%s%s", out->judgement.operation, out->judgement.line ? ": " : "", finding_alone(out));
        for (size_t k = 0; k < 2; k++) {
                char *argv[] = { tool, "tree", path, "--tree", tree, "--at", at, "--fit", "page", "--note", note, "-o", file,
                                 NULL };

                snprintf(from, sizeof from, "picture.%s", endings[k]);
                snprintf(file, sizeof file, "run/%s", from);
                snprintf(to, sizeof to, "%s.%s", name, endings[k]);
                TRY(run_confined(grading, "draw", 20, argv, &status));
                if (status)
                        return SUCCESS;
                TRY(copy_out(grading, from, to));
        }
        snprintf(out->picture, sizeof out->picture, "%s", name);
        return SUCCESS;
}

struct error keep_evidence(struct grading *grading, size_t i, const char *run_name)
{
        struct outcome *out = &grading->outcomes[i];
        const char *name = grading->cases[i].name;
        char from[2 * NAME_MAX], to[PATH_MAX + NAME_MAX];

        if (grading->outcomes_only)
                return SUCCESS;
        snprintf(from, sizeof from, "%s.rtrace", run_name);
        snprintf(out->recording, sizeof out->recording, "%s.rtrace", name);
        TRY(copy_out(grading, from, out->recording));
        snprintf(to, sizeof to, "%s/%s.ops", grading->output, name);
        if (out->script)
                TRY(write_text(to, script_shown(out->script)));
        return draw(grading, i, from);
}

/* --- booting ---------------------------------------------------------------------------------------------- */

/* The initial ramdisk with the script in it: run/initrd.cpio. */
static struct error add_to_initrd(struct grading *grading, const char *name, const char *script)
{
        char command[] =
                "rm -rf run/initrd && cp -R tree/build/initrd run/initrd && cp \"run/$1\" run/initrd/ && cd run/initrd && "
                "ls | LC_ALL=C sort | cpio --create --format=newc --reproducible --owner=0:0 --quiet > ../initrd.cpio";
        char path[PATH_MAX + NAME_MAX];
        char *argv[] = { "sh", "-c", command, "initrd", (char *)name, NULL };
        int status;

        snprintf(path, sizeof path, "%s/run/%s", grading->work, name);
        TRY(write_text(path, script));
        TRY(run_confined(grading, "initrd", 20, argv, &status));
        return status ? FAILF(IO, "the initial ramdisk cannot be made: %s/run/initrd.txt says why", grading->work) :
                        SUCCESS;
}

/* What the kernel's own test cases said on the console of what is wrong: "FILE:LINE: words". NULL: nothing. */
static char *test_words(const char *said)
{
        static const char margin[] = "  | # ";
        char *words = NULL;

        while (*said) {
                const int length = (int)strcspn(said, "\n");

                if (!strncmp(said, margin, strlen(margin)))
                        add_words(&words, "%.*s\n", length - (int)strlen(margin), said + strlen(margin));
                said += length + (said[length] == '\n');
        }
        return words;
}

/*
 * What `regiontrace record' said: the reason after "the run failed:", and the console. A kernel that hangs was
 * interrupted, and panicked where it was; then the panic is no news, but the place is.
 */
static struct error explain(const struct grading *grading, struct outcome *out, const char *said)
{
        const char *reason = strstr(said, "the run failed: ");
        const bool hung = strstr(said, "nothing arrived") || strstr(said, "did not end");
        const bool panicked = strstr(out->judgement.words, "the kernel panicked");
        char *places;

        TRY(backtrace_words(grading, said, &places));
        if (!hung && panicked) {
                out->kind = CRASHED;
        } else if (hung && panicked && places) {
                out->kind = HUNG;
                snprintf(out->judgement.words, sizeof out->judgement.words,
                         "nothing came from it any more, with interrupts off; "
                         "this is where it was:");
        } else if (reason && !out->judgement.event) {
                reason += strlen("the run failed: ");
                snprintf(out->judgement.words, sizeof out->judgement.words, "%.*s", (int)strcspn(reason, "\n"), reason);
                out->kind = hung ? HUNG : CRASHED;
        }
        free(out->details);
        out->details = places ? places : out->kind == WRONG ? test_words(said) : strdup(said);
        return SUCCESS;
}

static struct error boot(struct grading *grading, size_t i, unsigned cpus, const char *script)
{
        const struct grade_case *grade_case = &grading->cases[i];
        struct outcome *out = &grading->outcomes[i];
        char tool[PATH_MAX + NAME_MAX], name[NAME_MAX], recording[2 * NAME_MAX], file[2 * NAME_MAX],
                path[PATH_MAX + 2 * NAME_MAX];
        char number[8], *said;
        const char *option = script ? "--run" : grade_case->test ? "--append" : "--exec";
        char test[NAME_MAX], *what = script ? file : grade_case->test ? test : grade_case->exec;
        char *argv[] = {
                tool, "record", "--kernel", "tree/build/kernel/understory.elf", "--initrd",
                script ? "run/initrd.cpio" : "tree/build/initrd.cpio", (char *)option, what, "--cpus", number, "--silence", "4", "--deadline", "8", "--sandbox",
                "-o", recording, NULL,
        };
        int status;

        snprintf(tool, sizeof tool, "%s/build/regiontrace", grading->tree);
        snprintf(test, sizeof test, "test=%s", grade_case->test ? grade_case->test : "");
        snprintf(number, sizeof number, "%u", cpus);
        snprintf(name, sizeof name, "%s-cpus%u", grade_case->name, cpus);
        snprintf(file, sizeof file, "%s.ops", grade_case->name);
        snprintf(recording, sizeof recording, "run/%s.rtrace", name);
        snprintf(path, sizeof path, "%s/%s", grading->work, recording);
        TRY(run_confined(grading, name, 60, argv, &status));
        snprintf(file, sizeof file, "run/%s.txt", name);
        if (status == NOT_POSSIBLE && access(path, F_OK)) {
                said = work_text(grading, file, CONSOLE_MAX);
                return FAILF(IO, "no machine can be run here, which says nothing about the submission: %s", said);
        }
        TRY(judge_recording(path, script, &grade_case->rules, &out->judgement));
        out->kind = out->judgement.right ? PASSED : WRONG;
        out->on_machine = true;
        snprintf(out->place, sizeof out->place, "on a machine of %u processor%s", cpus, cpus == 1 ? "" : "s");
        if (out->kind == PASSED && !status)
                return SUCCESS;
        if (out->kind == PASSED)
                out->kind = CRASHED;
        said = work_text(grading, file, CONSOLE_MAX);
        TRY(explain(grading, out, status == CONFINED_TOO_LONG ?
                    "the run failed: it did not end within a minute, and was stopped\n" : said));
        free(said);
        free(out->script);
        out->script = script ? script_up_to(script, out->judgement.line) : NULL;
        return keep_evidence(grading, i, name);
}

struct error machine_pass(struct grading *grading, size_t i)
{
        const struct grade_case *grade_case = &grading->cases[i];
        struct outcome *out = &grading->outcomes[i];
        char name[NAME_MAX], *script = NULL;

        if (!grade_case->exec && !grade_case->test) {
                TRY(case_script(grading, grade_case, 0, &script));
                snprintf(name, sizeof name, "%s.ops", grade_case->name);
                TRY(add_to_initrd(grading, name, script));
        }
        out->kind = PASSED;
        for (unsigned cpus = 1; cpus <= 2 && out->kind == PASSED; cpus++)
                TRY(boot(grading, i, cpus, script));
        free(script);
        return SUCCESS;
}
