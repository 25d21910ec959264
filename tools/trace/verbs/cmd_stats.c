#include "analysis/stats.h"
#include "base/error_message.h"
#include "base/format.h"
#include "stream/event_print.h"
#include "stream/event_table.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <inttypes.h>

static const char help[] =
        "usage: regiontrace stats [OPTIONS] FILE\n"
        "\n"
        "What the operations of a recording cost: for each kind of operation on a region tree how many there\n"
        "were, the nodes they visited and the rotations they made; for each kind of operation on a space how long\n"
        "it took; how page faults ended; for each class of lock how often it was acquired, how long it was waited\n"
        "for, and how long it was held (if locks were traced: trace=+lock); and how fragmented one tree's\n"
        "memory was over time.\n"
        "\n"
        "  -t, --tree ID     the tree whose memory is shown over time (the first but the kernel's own)\n"
        "  -j, --json        the same as one JSON object; times are in nanoseconds\n"
        "  -m, --memory MIB  how much memory it may take (1024)\n"
        "  -h, --help        show this\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, or FILE cannot be read.\n";

/* What is printed, and the clock that its ticks are of. */
struct report {
        const struct stats *stats;
        uint64_t ticks_per_second;              /* 0: the stream does not say */
};

static double nanoseconds(const struct report *report, double ticks)
{
        return report->ticks_per_second ? ticks * 1e9 / (double)report->ticks_per_second : 0;
}

/* --- tables ----------------------------------------------------------------------------------------------- */

static void print_trees(const struct stats *stats)
{
        printf("%-22s %10s %8s %10s %8s %10s %12s\n", "operation on a tree", "count", "failed", "visits", "most",
               "rotations", "recolourings");
        for (size_t i = 0; i < STATS_TREE_KINDS; i++) {
                const struct stats_tree_kind *kind = &stats->tree[i];

                if (kind->count)
                        printf("  %-20s %10s %8s %10.1f %8s %10s %12s\n", tree_operation_name(i),
                               format_count(kind->count), format_count(kind->failed), stats_mean(&kind->visits),
                               format_count(kind->visits.most), format_count(kind->rotations),
                               format_count(kind->recolourings));
        }
}

static void print_spaces(const struct report *report)
{
        bool has_header = false;

        for (size_t i = 0; i < STATS_SPACE_KINDS; i++) {
                const struct stats_space_kind *kind = &report->stats->space[i];

                if (!kind->count)
                        continue;
                if (!has_header)
                        printf("\n%-22s %10s %8s %10s %10s\n", "operation on a space", "count", "failed", "mean us",
                               "longest us");
                has_header = true;
                printf("  %-20s %10s %8s %10.1f %10.1f\n", space_operation_name(i), format_count(kind->count),
                       format_count(kind->failed), nanoseconds(report, stats_mean(&kind->ticks)) / 1000,
                       nanoseconds(report, (double)kind->ticks.most) / 1000);
        }
}

static void print_faults(const struct stats *stats)
{
        bool has_header = false;

        for (size_t i = 0; i < STATS_FAULT_VERDICTS; i++) {
                if (!stats->fault[i])
                        continue;
                if (!has_header)
                        printf("\n%-22s %10s\n", "page fault", "count");
                has_header = true;
                printf("  %-20s %10s\n", fault_verdict_name(i), format_count(stats->fault[i]));
        }
}

static void print_locks(const struct report *report)
{
        bool has_header = false;

        for (size_t i = 0; i < STATS_LOCK_CLASSES; i++) {
                const struct stats_lock_class *lock = &report->stats->lock[i];

                if (!lock->acquired)
                        continue;
                if (!has_header)
                        printf("\n%-22s %10s %8s %10s %10s %10s %10s\n", "lock", "acquired", "waited", "mean us",
                               "longest us", "held us", "longest us");
                has_header = true;
                printf("  %-20s %10s %8s %10.1f %10.1f %10.1f %10.1f\n", lock_class_name(i),
                       format_count(lock->acquired), format_count(lock->waited.count),
                       nanoseconds(report, stats_mean(&lock->waited)) / 1000,
                       nanoseconds(report, (double)lock->waited.most) / 1000,
                       nanoseconds(report, stats_mean(&lock->held)) / 1000,
                       nanoseconds(report, (double)lock->held.most) / 1000);
        }
}

static void print_samples(const struct report *report)
{
        const struct stats *stats = report->stats;

        if (!stats->samples)
                return;
        printf("\n%-22s %10s %8s %12s %12s %14s\n", format_numbered("memory of tree", stats->sampled), "ms",
               "regions", "mapped", "largest hole", "fragmentation");
        for (size_t i = 0; i < stats->samples; i++) {
                const struct stats_sample *sample = &stats->sample[i];

                printf("  operation %-10s %10.3f %8zu %12s %12s %13.4f%%\n", format_count(sample->operation),
                       nanoseconds(report, (double)(sample->ticks - stats->first_ticks)) / 1e6, sample->regions,
                       format_about(sample->mapped), format_about(sample->largest_hole),
                       100 * stats_fragmentation(sample));
        }
}

static void print_text(const struct report *report)
{
        print_trees(report->stats);
        print_spaces(report);
        print_faults(report->stats);
        print_locks(report);
        print_samples(report);
}

/* --- JSON ------------------------------------------------------------------------------------------------- */

/* "," between the members of an object or array. */
static const char *comma(bool *is_first)
{
        const char *text = *is_first ? "" : ",";

        *is_first = false;
        return text;
}

static void print_json_times(const struct report *report, const char *name, const struct stats_measure *measure)
{
        printf(",\"%s\":{\"count\":%" PRIu64 ",\"mean\":%.1f,\"most\":%.1f}", name, measure->count,
               nanoseconds(report, stats_mean(measure)), nanoseconds(report, (double)measure->most));
}

static void print_json_operations(const struct report *report)
{
        bool is_first = true;

        fputs("\"trees\":{", stdout);
        for (size_t i = 0; i < STATS_TREE_KINDS; i++) {
                const struct stats_tree_kind *kind = &report->stats->tree[i];

                if (kind->count)
                        printf("%s\"%s\":{\"count\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"visits\":%" PRIu64
                               ",\"most_visits\":%" PRIu64 ",\"rotations\":%" PRIu64 ",\"recolourings\":%" PRIu64 "}",
                               comma(&is_first), tree_operation_name(i), kind->count, kind->failed, kind->visits.sum,
                               kind->visits.most, kind->rotations, kind->recolourings);
        }
        fputs("},\"spaces\":{", stdout);
        is_first = true;
        for (size_t i = 0; i < STATS_SPACE_KINDS; i++) {
                const struct stats_space_kind *kind = &report->stats->space[i];

                if (!kind->count)
                        continue;
                printf("%s\"%s\":{\"failed\":%" PRIu64, comma(&is_first), space_operation_name(i), kind->failed);
                print_json_times(report, "ns", &kind->ticks);
                putchar('}');
        }
}

static void print_json_faults_and_locks(const struct report *report)
{
        bool is_first = true;

        fputs("},\"faults\":{", stdout);
        for (size_t i = 0; i < STATS_FAULT_VERDICTS; i++)
                if (report->stats->fault[i])
                        printf("%s\"%s\":%" PRIu64, comma(&is_first), fault_verdict_name(i), report->stats->fault[i]);
        fputs("},\"locks\":{", stdout);
        is_first = true;
        for (size_t i = 0; i < STATS_LOCK_CLASSES; i++) {
                const struct stats_lock_class *lock = &report->stats->lock[i];

                if (!lock->acquired)
                        continue;
                printf("%s\"%s\":{\"acquired\":%" PRIu64, comma(&is_first), lock_class_name(i), lock->acquired);
                print_json_times(report, "waited_ns", &lock->waited);
                print_json_times(report, "held_ns", &lock->held);
                putchar('}');
        }
}

static void print_json(const struct report *report)
{
        const struct stats *stats = report->stats;
        bool is_first = true;

        putchar('{');
        print_json_operations(report);
        print_json_faults_and_locks(report);
        printf("},\"tree\":%" PRIu64 ",\"samples\":[", stats->sampled);
        for (size_t i = 0; i < stats->samples; i++) {
                const struct stats_sample *sample = &stats->sample[i];

                printf("%s{\"event\":%" PRIu64 ",\"operation\":%" PRIu64
                       ",\"ns\":%.0f,\"regions\":%zu,\"mapped\":%" PRIu64 ",\"free\":%" PRIu64
                       ",\"largest_hole\":%" PRIu64 ",\"fragmentation\":%.9f}",
                       comma(&is_first), sample->event, sample->operation,
                       nanoseconds(report, (double)(sample->ticks - stats->first_ticks)), sample->regions,
                       sample->mapped, sample->free, sample->largest_hole, stats_fragmentation(sample));
        }
        puts("]}");
}

/* --- the verb --------------------------------------------------------------------------------------------- */

/* `tree` was asked for; 0: none was. */
static int gather_and_print(struct reader *reader, struct stats *stats, uint64_t tree, bool json)
{
        const struct report report = { stats, reader_schema(reader)->clock_per_second };
        struct event event;

        while (command_next(reader, &event))
                if (stats_event(stats, &event).code)
                        return command_cannot("stats", "%s", error_message());
        if (reader_failed(reader))
                return command_cannot("stats", "%s", error_message());
        command_print_notices(stderr, reader);
        if (tree && !stats->samples)
                fprintf(stderr, "%s: it has no operation on a tree %" PRIu64 "\n", reader_name(reader), tree);
        if (json)
                print_json(&report);
        else
                print_text(&report);
        return command_flush("stats") ? EXIT_FINE : EXIT_CANNOT;
}

int cmd_stats(int argc, char **argv)
{
        uint64_t tree = 0, memory = MEMORY_MEBIBYTES;
        bool json = false;
        const struct command_option options[] = {
                { "tree", 't', .number = &tree },
                { "json", 'j', .flag = &json },
                { "memory", 'm', .number = &memory },
                { 0 },
        };
        struct reader *reader;
        struct stats *stats;
        int status;

        if (!command_options("stats", argc, argv, help, options, &status))
                return status;
        command_limit_memory(memory);
        if (!command_open("stats", argc, argv, &reader))
                return EXIT_CANNOT;
        if (stats_create(tree, &stats).code) {
                reader_close(reader);
                return command_cannot("stats", "%s", error_message());
        }
        status = gather_and_print(reader, stats, tree, json);
        stats_free(stats);
        reader_close(reader);
        return status;
}
