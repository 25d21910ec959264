#include "analysis/stats.h"
#include "base/error_message.h"
#include "grade.h"
#include "history.h"
#include "stream/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- measuring one recording ------------------------------------------------------------------------------ */

static struct error take_all(const char *path, struct stats *stats)
{
        struct error error = SUCCESS;
        struct reader *reader;
        struct event event;

        TRY(reader_open(path, &reader));
        while (!error.code && reader_next(reader, &event))
                error = stats_event(stats, &event);
        reader_close(reader);
        return error;
}

static void compute(const struct stats *stats, struct history_score *out)
{
        uint64_t visits = 0, rotations = 0;

        for (size_t i = 0; i < STATS_TREE_KINDS; i++) {
                visits += stats->tree[i].visits.sum;
                rotations += stats->tree[i].rotations;
        }
        for (size_t i = 0; i < stats->samples; i++)
                out->fragmentation += stats_fragmentation(&stats->sample[i]) / (double)stats->samples;
        if (stats->samples)
                out->largest = 1 - stats_fragmentation(&stats->sample[stats->samples - 1]);
        out->visits = (double)visits / out->operations;
        out->rotations = (double)rotations / out->operations;
        out->score = 60 * 64 / (64 + out->visits) + 10 / (1 + out->rotations) + 20 * (1 - out->fragmentation) +
                     10 * out->largest;
}

static struct error measure(const char *path, struct history_score *out)
{
        struct stats *stats;
        struct error error;

        TRY(stats_create(0, &stats));
        error = take_all(path, stats);
        if (!error.code)
                compute(stats, out);
        stats_free(stats);
        return error;
}

/* --- running one history ---------------------------------------------------------------------------------- */

static struct error read_history(const struct grading *grading, const char *name, char **out, unsigned *operations)
{
        char path[PATH_MAX + NAME_MAX], *text = NULL;
        size_t room = 0;
        struct error error;
        ssize_t length;
        FILE *file;

        snprintf(path, sizeof path, "%s/build/workloads/%s.ops", grading->tree, name);
        file = fopen(path, "r");
        if (!file)
                return FAILF(IO, "%s: %s; is the tree built?", path, strerror(errno));
        length = getdelim(&text, &room, 0, file);
        fclose(file);
        error = length < 0 ? FAILF(IO, "%s is empty", path) : history_relocate(text, (size_t)length, out, operations);
        free(text);
        return error;
}

static struct error run_history(struct grading *grading, const char *script, struct judgement *judgement,
                                char *recording, size_t room)
{
        char *argv[] = { "tree/build/host/grade_runner", "run", "run/history.ops", NULL };
        char path[PATH_MAX + NAME_MAX];
        int status;

        snprintf(path, sizeof path, "%s/run/history.ops", grading->work);
        TRY(write_text(path, script));
        snprintf(recording, room, "%s/run/history.rtrace", grading->work);
        unlink(recording);
        TRY(run_confined(grading, "history-runner", 60, argv, &status));
        return judge_recording(recording, script, &no_rules, judgement);
}

static struct error score_history(struct grading *grading, const char *name)
{
        struct scoring *scoring = &grading->scoring;
        struct history_score *out = &scoring->history[scoring->count];
        char recording[PATH_MAX + NAME_MAX], *script;
        struct judgement judgement;
        struct error error;

        *out = (struct history_score){ 0 };
        snprintf(out->name, sizeof out->name, "%s", name);
        TRY(read_history(grading, name, &script, &out->operations));
        error = run_history(grading, script, &judgement, recording, sizeof recording);
        free(script);
        TRY(error);
        if (!judgement.right) {
                snprintf(scoring->why_not, sizeof scoring->why_not, "%s is not run right: %.60s: %.120s", name,
                         judgement.operation, judgement.words);
                return SUCCESS;
        }
        scoring->count++;
        return measure(recording, out);
}

struct error score(struct grading *grading)
{
        struct scoring *scoring = &grading->scoring;
        char path[PATH_MAX + NAME_MAX], name[NAME_MAX];
        struct error error = SUCCESS;
        FILE *file;

        *scoring = (struct scoring){ 0 };
        snprintf(path, sizeof path, "%s/labs/%s/score", grading->tree, grading->lab);
        file = fopen(path, "r");
        while (file && !error.code && !*scoring->why_not && scoring->count < HISTORIES_MAX &&
               fscanf(file, "%254s", name) == 1)
                error = score_history(grading, name);
        if (file)
                fclose(file);
        if (*scoring->why_not)
                scoring->count = 0;
        for (size_t i = 0; i < scoring->count; i++)
                scoring->score += scoring->history[i].score / (double)scoring->count;
        return error;
}

/* --- saying it -------------------------------------------------------------------------------------------- */

char *score_words(const struct grading *grading)
{
        const struct scoring *scoring = &grading->scoring;
        char *words = strdup("");

        if (*scoring->why_not)
                add_words(&words, "no score: %s\n", scoring->why_not);
        if (!scoring->count)
                return words;
        add_words(&words,
                  "score on captured histories: %.1f of 100 (docs/grading.md has the formula; it gives no points)\n"
                  "    %-10s %6s %11s %14s %14s %12s\n",
                  scoring->score, "history", "score", "visits/op", "rotations/op", "fragmentation", "largest hole");
        for (size_t i = 0; i < scoring->count; i++) {
                const struct history_score *of = &scoring->history[i];

                add_words(&words, "    %-10s %6.1f %11.2f %14.3f %13.1f%% %11.1f%%\n", of->name, of->score, of->visits,
                          of->rotations, 100 * of->fragmentation, 100 * of->largest);
        }
        return words;
}
