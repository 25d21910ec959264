#include "diff/sides.h"
#include "analysis/diff.h"
#include "base/error_message.h"
#include "base/format.h"

#include <inttypes.h>
#include <stdlib.h>

enum { OPERATIONS_NAMED = 5 };

/* --- two recordings --------------------------------------------------------------------------------------- */

/*
 * The trees to be compared; the pair of operations that differs first there, and the one after which they are shown,
 * since looking for an address changes no tree. NULL if none differs.
 */
struct choice {
        const struct diff_tree *tree;
        const struct diff_pair *first, *shown;
};

static struct error no_such_tree(const struct diff *diff, uint64_t tree)
{
        if (!tree)
                return FAILF(NOT_FOUND, "%s: there is no operation on a tree, so there is nothing to compare",
                             diff->a->path);
        return FAILF(NOT_FOUND, "%s: tree %s had no operation, so it cannot be compared", diff->a->path,
                     format_count(tree));
}

static void choose_pairs(struct choice *choice, const struct diff *diff)
{
        const struct diff_tree *tree = choice->tree;

        for (size_t i = tree->first; i < tree->first + tree->pairs; i++) {
                const struct diff_pair *pair = &diff->pair[i];

                if (pair->difference == ALIKE)
                        continue;
                if (!choice->first)
                        choice->first = pair;
                if ((pair->a ? pair->a : pair->b)->kind == FIND)
                        continue;
                choice->shown = pair;
                return;
        }
        choice->shown = choice->first;
}

/* The tree that was asked for, or that differs first, or that has the most operations. */
static struct error choose_tree(struct choice *choice, const struct diff *diff, uint64_t wanted)
{
        *choice = (struct choice){ 0 };
        for (size_t i = 0; i < diff->trees; i++) {
                const struct diff_tree *tree = &diff->tree[i];

                if (wanted ? tree->a && tree->a->tree == wanted :
                    diff->first ? i == diff->first->tree : !choice->tree || tree->pairs >= choice->tree->pairs)
                        choice->tree = tree;
        }
        if (!choice->tree)
                return no_such_tree(diff, wanted);
        choose_pairs(choice, diff);
        if (!choice->tree->a || !choice->tree->b) {
                const struct operation_list *list = choice->tree->a ? choice->tree->a : choice->tree->b;

                return FAILF(NOT_FOUND, "only %s has a tree %s (space \"%s\"): choose another with --tree",
                             choice->tree->a ? diff->a->path : diff->b->path, format_count(list->tree), list->name);
        }
        return SUCCESS;
}

static const struct operation *operation_of(const struct diff_pair *pair, enum compared_side side)
{
        return side == SIDE_A ? pair->a : pair->b;
}

static struct moment_when after(const struct operation *operation)
{
        if (!operation->end)
                return (struct moment_when){ .kind = MOMENT_END };
        return (struct moment_when){ MOMENT_EVENT, operation->end };
}

/*
 * After the pair's operation. A range or a protection may change after the end of the operation, so where these differ
 * it is before the next operation begins.
 */
static struct moment_when moment_of(const struct diff *diff, const struct choice *choice, enum compared_side side)
{
        const struct diff_pair *pair = choice->shown, *first = &diff->pair[choice->tree->first];
        const struct operation_list *list = side == SIDE_A ? choice->tree->a : choice->tree->b;
        const struct operation *operation = pair ? operation_of(pair, side) : NULL;
        const struct diff_pair *before = pair;

        if (!pair)
                return (struct moment_when){ .kind = MOMENT_END };
        if (operation && pair->difference == DIFFERENT_REGIONS && operation + 1 < list->operation + list->count)
                return (struct moment_when){ MOMENT_EVENT, operation[1].begin - 1 };
        while (!operation && before > first)
                operation = operation_of(--before, side);
        if (operation)
                return after(operation);
        if (list->count)
                return (struct moment_when){ MOMENT_EVENT, list->operation[0].begin - 1 };
        return (struct moment_when){ .kind = MOMENT_END };
}

static struct error describe_difference(char **out, const struct diff *diff, const struct choice *choice)
{
        size_t length;
        FILE *file = open_memstream(out, &length);

        if (!file)
                return fail_no_memory();
        if (choice->first) {
                fputs("First difference: ", file);
                diff_write_pair(file, diff, choice->first);
                if (choice->shown != choice->first) {
                        fputs("Shown, since that changes no tree: ", file);
                        diff_write_pair(file, diff, choice->shown);
                }
        } else {
                fprintf(file, "All %s on these trees are alike.\n", format_counted(choice->tree->pairs, "operation"));
        }
        return fclose(file) ? fail_no_memory() : SUCCESS;
}

static struct error find_moments(struct sides *out, const struct sides_request *request, const struct diff *diff)
{
        struct choice choice;

        TRY(choose_tree(&choice, diff, request->tree));
        for (int side = SIDE_A; side <= SIDE_B; side++) {
                struct moment *moment = &out->moment[side];
                const struct operation_list *list = side == SIDE_A ? choice.tree->a : choice.tree->b;

                moment->when = request->has_when[side]   ? request->when[side] :
                               request->has_when[SIDE_A] ? request->when[SIDE_A] :
                                                           moment_of(diff, &choice, side);
                TRY(moment_find(moment, request->path[side], list->tree));
        }
        return describe_difference(&out->words, diff, &choice);
}

static struct error compare_recordings(struct sides *out, const struct sides_request *request)
{
        struct operations *a = NULL, *b = NULL;
        struct diff *diff;
        struct error error = operations_read(request->path[SIDE_A], &a);

        if (!error.code)
                error = operations_read(request->path[SIDE_B], &b);
        if (!error.code)
                error = diff_create(a, b, COMPARE_ALL, &diff);
        if (!error.code) {
                error = find_moments(out, request, diff);
                diff_free(diff);
        }
        operations_free(a);
        operations_free(b);
        return error;
}

/* --- two moments of one recording ------------------------------------------------------------------------- */

static const struct operation_list *list_of(const struct operations *operations, uint64_t tree)
{
        for (size_t i = 0; i < operations->trees; i++)
                if (operations->tree[i].tree == tree)
                        return &operations->tree[i];
        return NULL;
}

/* The operations that ended between the two moments, the first of them by name. */
static void write_operations_between(FILE *file, const struct operation_list *list, uint64_t from, uint64_t to)
{
        char request[OPERATION_WORDS_SIZE], result[OPERATION_WORDS_SIZE];
        uint64_t count = 0;

        for (size_t i = 0; list && i < list->count; i++) {
                const struct operation *operation = &list->operation[i];

                if (operation->end <= from || operation->end > to)
                        continue;
                if (count++ >= OPERATIONS_NAMED)
                        continue;
                operation_request_words(operation, request);
                operation_result_words(operation, result);
                fprintf(file, "%s operation %" PRIu64 ": %s: %s\n", count == 1 ? "Between them:" : "             ",
                        operation->number, request, result);
        }
        if (count > OPERATIONS_NAMED)
                fprintf(file, "              and %s more\n", format_count(count - OPERATIONS_NAMED));
        if (!count)
                fputs("No operation on this tree ended between them.\n", file);
}

static struct error describe_between(char **out, const char *path, const struct moment *moment)
{
        uint64_t from = moment[SIDE_A].event, to = moment[SIDE_B].event;
        struct operations *operations;
        size_t length;
        FILE *file;

        TRY(operations_read(path, &operations));
        file = open_memstream(out, &length);
        if (!file) {
                operations_free(operations);
                return fail_no_memory();
        }
        write_operations_between(file, list_of(operations, moment[SIDE_A].id), from < to ? from : to,
                                 from < to ? to : from);
        operations_free(operations);
        return fclose(file) ? fail_no_memory() : SUCCESS;
}

static struct error compare_moments(struct sides *out, const struct sides_request *request)
{
        const char *path = request->path[SIDE_A];

        out->moment[SIDE_A].when = request->when[SIDE_A];
        out->moment[SIDE_B].when = request->when[SIDE_B];
        TRY(moment_find(&out->moment[SIDE_A], path, request->tree));
        TRY(moment_find(&out->moment[SIDE_B], path, out->moment[SIDE_A].id));
        return describe_between(&out->words, path, out->moment);
}

struct error sides_find(struct sides *out, const struct sides_request *request)
{
        struct error error;

        *out = (struct sides){ 0 };
        error = request->path[SIDE_B] ? compare_recordings(out, request) : compare_moments(out, request);
        if (error.code)
                sides_free(out);
        return error;
}

void sides_free(struct sides *sides)
{
        moment_free(&sides->moment[SIDE_A]);
        moment_free(&sides->moment[SIDE_B]);
        free(sides->words);
        *sides = (struct sides){ 0 };
}
