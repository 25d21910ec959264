/*
 * How long it takes to reach events of a recording in random order.
 *
 *      measure_seek FILE [SEEKS]
 *
 * Prints one line of a Markdown table: the recording, indexing, and the median, 99th percentile and longest of the
 * times.
 */
#include "base/error_message.h"
#include "base/format.h"
#include "history/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
        double left = *(const double *)a, right = *(const double *)b;

        return (left > right) - (left < right);
}

static uint64_t next_random(void)
{
        static uint64_t state = 88172645463325252;

        state ^= state << 13;
        state ^= state >> 7;
        return state ^= state << 17;
}

static size_t most_regions(const struct model *model)
{
        const struct model_tree *tree;
        size_t most = 0;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                if (most < tree->regions)
                        most = tree->regions;
        return most;
}

static struct error measure(const char *path, size_t seeks)
{
        double *time = calloc(seeks, sizeof *time), begin = now(), indexed;
        struct history_progress progress;
        struct history *history;
        bool more;

        if (!time)
                return fail_no_memory();
        TRY(history_open(path, HISTORY_WHOLE, (size_t)256 << 20, &history));
        do
                TRY(history_index(history, 1000000, &more));
        while (more);
        indexed = now() - begin;
        progress = history_progress(history);
        for (size_t i = 0; i < seeks; i++) {
                begin = now();
                TRY(history_seek(history, 1 + next_random() % progress.newest));
                time[i] = now() - begin;
        }
        qsort(time, seeks, sizeof *time, by_value);
        printf("| %s | %zu | %.1f s | %zu, %s | %.1f ms | %.1f ms | %.1f ms |\n",
               format_counted(progress.newest, "event"),
               most_regions(history_newest_model(history)), indexed, progress.checkpoints,
               format_about(progress.memory),
               time[seeks / 2] * 1e3, time[seeks * 99 / 100] * 1e3, time[seeks - 1] * 1e3);
        history_close(history);
        free(time);
        return SUCCESS;
}

int main(int argc, char **argv)
{
        size_t seeks = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;

        if (argc < 2 || !seeks) {
                fprintf(stderr, "usage: measure_seek FILE [SEEKS]\n");
                return 2;
        }
        puts("| recording | regions | indexed in | checkpoints | median | 99 % | longest |\n|---|---|---|---|---|---|---|");
        if (measure(argv[1], seeks).code) {
                fprintf(stderr, "measure_seek: %s\n", error_message());
                return 1;
        }
        return 0;
}
