#include "analysis/diff.h"
#include "base/error_message.h"
#include "base/format.h"
#include "stream/event_print.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <getopt.h>
#include <inttypes.h>

static const char help[] =
        "usage: regiontrace diff [OPTIONS] A B\n"
        "\n"
        "Compares two recordings operation by operation, tree by tree, and says in words where they first\n"
        "differ: in what was asked, in the result, in the search, or in how the tree was changed. Trees of\n"
        "spaces with the same name are compared; regions are told apart by their places, not by their ids.\n"
        "After the first difference the trees may differ, so that later differences may follow from it.\n"
        "\n"
        "  -a, --all N       name up to N differences (1)\n"
        "  -r, --results     compare requests and results only: for kernels that search in different ways\n"
        "  -j, --json        the outcome as one JSON object\n"
        "  -m, --memory MIB  how much memory it may take (1024)\n"
        "  -h, --help        show this\n"
        "\n"
        "Exit status: 0 the operations are alike; 1 they differ; 2 wrong usage, or a file cannot be read.\n";

struct options {
        uint64_t all;
        enum compare compare;
        bool json;
};

/* --- in words --------------------------------------------------------------------------------------------- */

/* The pair that differs first is printed first; then the others, tree by tree. */
static void print_pairs(const struct diff *diff, uint64_t limit)
{
        uint64_t printed = 1;

        diff_write_pair(stdout, diff, diff->first);
        for (size_t i = 0; i < diff->pairs && printed < limit; i++) {
                const struct diff_pair *pair = &diff->pair[i];

                if (pair->difference == ALIKE || pair == diff->first)
                        continue;
                diff_write_pair(stdout, diff, pair);
                printed++;
        }
}

static size_t different(const struct diff *diff)
{
        return diff->pairs - diff->count[ALIKE];
}

static void print_text(const struct diff *diff, uint64_t limit)
{
        if (diff->first)
                print_pairs(diff, limit);
        printf("diff: %s: %s on %s compared, %s alike", diff->first ? "DIFFERENT" : "alike",
               format_counted(diff->pairs, "operation"), format_counted(diff->trees, "tree"),
               format_count(diff->count[ALIKE]));
        for (enum difference difference = ALIKE + 1; difference < DIFFERENCES; difference++)
                if (diff->count[difference])
                        printf("; %s: %s", difference_words(difference), format_count(diff->count[difference]));
        putchar('\n');
}

/* --- JSON ------------------------------------------------------------------------------------------------- */

static void print_json_operation(const char *side, const struct operation *operation)
{
        char words[OPERATION_WORDS_SIZE];

        if (!operation)
                return;
        printf(",\"%s\":{\"operation\":%" PRIu64 ",\"begin\":%" PRIu64 ",\"end\":%" PRIu64 ",\"visits\":%" PRIu64
               ",\"request\":",
               side, operation->number, operation->begin, operation->end, operation->visits);
        operation_request_words(operation, words);
        json_print_string(stdout, words);
        fputs(",\"result\":", stdout);
        operation_result_words(operation, words);
        json_print_string(stdout, words);
        putchar('}');
}

static void print_json_pair(const struct diff *diff, const struct diff_pair *pair)
{
        printf("{\"tree\":%" PRIu64 ",\"space\":", diff_list_of(diff, pair)->tree);
        json_print_string(stdout, diff_list_of(diff, pair)->name);
        fputs(",\"difference\":", stdout);
        json_print_string(stdout, difference_words(pair->difference));
        print_json_operation("a", pair->a);
        print_json_operation("b", pair->b);
        putchar('}');
}

static void print_json(const struct diff *diff, uint64_t limit)
{
        uint64_t printed = 0;

        printf("{\"alike\":%s,\"operations\":%zu,\"different\":%zu,\"differences\":[", diff->first ? "false" : "true",
               diff->pairs, different(diff));
        if (diff->first) {
                print_json_pair(diff, diff->first);
                printed++;
        }
        for (size_t i = 0; i < diff->pairs && printed < limit; i++) {
                if (diff->pair[i].difference == ALIKE || &diff->pair[i] == diff->first)
                        continue;
                putchar(',');
                print_json_pair(diff, &diff->pair[i]);
                printed++;
        }
        puts("]}");
}

/* --- the verb --------------------------------------------------------------------------------------------- */

static int compare(const struct operations *a, const struct operations *b, const struct options *options)
{
        struct diff *diff;
        int status;

        if (diff_create(a, b, options->compare, &diff).code)
                return command_cannot("diff", "%s", error_message());
        if (options->json)
                print_json(diff, options->all);
        else
                print_text(diff, options->all);
        status = diff->first ? EXIT_CHECK_FAILED : EXIT_FINE;
        diff_free(diff);
        return command_flush("diff") ? status : EXIT_CANNOT;
}

/* Events that are missing make operations differ that are alike, so this is said. */
static void warn_of_loss(const struct operations *operations)
{
        if (operations->missing)
                fprintf(stderr, "%s: %s missing: differences may come from that\n", operations->path,
                        format_counted(operations->missing, "event"));
        if (operations->is_cut_short)
                fprintf(stderr, "%s: the stream was cut short: operations after its last event are missing\n",
                        operations->path);
}

static int compare_files(const char *path_a, const char *path_b, const struct options *options)
{
        struct operations *a, *b;
        int status;

        if (operations_read(path_a, &a).code)
                return command_cannot("diff", "%s", error_message());
        if (operations_read(path_b, &b).code) {
                operations_free(a);
                return command_cannot("diff", "%s", error_message());
        }
        warn_of_loss(a);
        warn_of_loss(b);
        status = compare(a, b, options);
        operations_free(a);
        operations_free(b);
        return status;
}

int cmd_diff(int argc, char **argv)
{
        struct options chosen = { .all = 1 };
        uint64_t memory = MEMORY_MEBIBYTES;
        bool results = false;
        const struct command_option options[] = {
                { "all", 'a', .number = &chosen.all },
                { "results", 'r', .flag = &results },
                { "json", 'j', .flag = &chosen.json },
                { "memory", 'm', .number = &memory },
                { 0 },
        };
        int status;

        if (!command_options("diff", argc, argv, help, options, &status))
                return status;
        command_limit_memory(memory);
        if (results)
                chosen.compare = COMPARE_RESULTS;
        if (optind + 2 != argc) {
                command_cannot("diff", "takes two FILEs");
                return command_usage("diff");
        }
        return compare_files(argv[optind], argv[optind + 1], &chosen);
}
