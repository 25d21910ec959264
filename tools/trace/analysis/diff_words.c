#include "analysis/diff.h"
#include "base/format.h"

#include <inttypes.h>

const struct operation_list *diff_list_of(const struct diff *diff, const struct diff_pair *pair)
{
        const struct diff_tree *tree = &diff->tree[pair->tree];

        return pair->a ? tree->a : tree->b;
}

/* `tree 3 (space "teaching")`, as the side of the operation numbers it. */
static void write_tree(FILE *file, const struct operation_list *list)
{
        fprintf(file, "tree %" PRIu64, list->tree);
        if (list->name[0])
                fprintf(file, " (space \"%s\")", list->name);
}

/* What one side did, and where in its recording. What both were asked for is printed before. */
static void write_side(FILE *file, const char *side, const struct diff_pair *pair, const struct operation *operation,
                       const char *path)
{
        char words[OPERATION_WORDS_SIZE];

        fprintf(file, "  %s  ", side);
        if (pair->difference == DIFFERENT_REQUEST) {
                operation_request_words(operation, words);
                fprintf(file, "%s: ", words);
        }
        operation_result_words(operation, words);
        fprintf(file, "%s, after %s (%s, operation %" PRIu64 ", event %s)\n", words,
               format_counted(operation->visits, "visit"), path, operation->number, format_count(operation->begin));
}

void diff_write_pair(FILE *file, const struct diff *diff, const struct diff_pair *pair)
{
        const struct operation *operation = pair->a ? pair->a : pair->b;
        char words[OPERATION_WORDS_SIZE];

        write_tree(file, diff_list_of(diff, pair));
        fprintf(file, ", operation %" PRIu64 ": %s\n", operation->number,
               pair->difference == ONLY_IN_A ? "only A has it" :
               pair->difference == ONLY_IN_B ? "only B has it" : difference_words(pair->difference));
        if (pair->difference != DIFFERENT_REQUEST) {
                operation_request_words(operation, words);
                fprintf(file, "     %s\n", words);
        }
        if (pair->a)
                write_side(file, "A", pair, pair->a, diff->a->path);
        if (pair->b)
                write_side(file, "B", pair, pair->b, diff->b->path);
}
