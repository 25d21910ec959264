#include "analysis/diff.h"
#include "base/error_message.h"

#include <stdlib.h>
#include <string.h>

/* How far ahead the comparison looks for a pair to go on with, and how many operations in a row make one. */
enum { LOOK_AHEAD = 200, IN_A_ROW = 3 };

/* --- two operations --------------------------------------------------------------------------------------- */

/* Whether two operations stand beside each other. */
static bool corresponds(const struct operation *a, const struct operation *b)
{
        return a->kind == b->kind && a->size == b->size && a->alignment == b->alignment && a->before == b->before &&
               a->after == b->after && strcmp(a->name, b->name) == 0;
}

static bool is_same_range(struct vrange a, struct vrange b)
{
        return a.base == b.base && a.end == b.end;
}

static enum difference difference_of(const struct operation *a, const struct operation *b, enum compare compare)
{
        if (a->address != b->address || !is_same_range(a->window, b->window) ||
            !is_same_range(a->footprint, b->footprint))
                return DIFFERENT_REQUEST;
        if (!a->end != !b->end || a->result != b->result || a->result_address != b->result_address)
                return DIFFERENT_RESULT;
        if (compare == COMPARE_RESULTS)
                return ALIKE;
        if (a->visits != b->visits || a->course.search != b->course.search)
                return DIFFERENT_SEARCH;
        if (a->course.changes != b->course.changes)
                return DIFFERENT_CHANGES;
        return a->course.regions == b->course.regions ? ALIKE : DIFFERENT_REGIONS;
}

const char *difference_words(enum difference difference)
{
        static const char *const words[] = {
                [ALIKE] = "nothing",
                [DIFFERENT_REQUEST] = "the address that was asked for",
                [DIFFERENT_RESULT] = "the result",
                [DIFFERENT_SEARCH] = "the search",
                [DIFFERENT_CHANGES] = "how the tree was changed",
                [DIFFERENT_REGIONS] = "a region's range or protection",
                [ONLY_IN_A] = "an operation that only A has",
                [ONLY_IN_B] = "an operation that only B has",
        };

        return words[difference];
}

/* --- two lists -------------------------------------------------------------------------------------------- */

static struct error add_pair(struct diff *diff, const struct operation *a, const struct operation *b,
                             enum difference difference)
{
        struct diff_pair *pair;

        /* Room grows at each power of two. */
        if ((diff->pairs & (diff->pairs - 1)) == 0) {
                pair = reallocarray(diff->pair, diff->pairs ? 2 * diff->pairs : 1, sizeof *pair);
                if (!pair)
                        return fail_no_memory();
                diff->pair = pair;
        }
        diff->pair[diff->pairs++] = (struct diff_pair){ diff->trees - 1, a, b, difference };
        diff->count[difference]++;
        return SUCCESS;
}

/* Whether operations from a[i] and b[j] on correspond: IN_A_ROW of them, or all that are left if there are fewer. */
static bool runs_alike(const struct operation_list *a, size_t i, const struct operation_list *b, size_t j)
{
        size_t n = 0;

        while (n < IN_A_ROW && i + n < a->count && j + n < b->count &&
               corresponds(&a->operation[i + n], &b->operation[j + n]))
                n++;
        return n == IN_A_ROW || (n > 0 && (i + n == a->count || j + n == b->count));
}

/*
 * Finds the nearest pair to go on with: `*skip_a` and `*skip_b` operations further, the smallest sum first. If there is
 * none within reach, one operation of each side is skipped.
 */
static void find_next(const struct operation_list *a, size_t i, const struct operation_list *b, size_t j,
                      size_t *skip_a, size_t *skip_b)
{
        for (size_t sum = 1; sum <= LOOK_AHEAD; sum++) {
                for (*skip_a = 0; *skip_a <= sum; ++*skip_a) {
                        *skip_b = sum - *skip_a;
                        if (i + *skip_a < a->count && j + *skip_b < b->count &&
                            runs_alike(a, i + *skip_a, b, j + *skip_b))
                                return;
                }
        }
        *skip_a = *skip_b = 1;
}

static struct error compare_lists(struct diff *diff, const struct operation_list *a, const struct operation_list *b,
                                  enum compare compare)
{
        size_t i = 0, j = 0, skip_a, skip_b;

        while (i < a->count || j < b->count) {
                if (i < a->count && j < b->count && corresponds(&a->operation[i], &b->operation[j])) {
                        TRY(add_pair(diff, &a->operation[i], &b->operation[j],
                                     difference_of(&a->operation[i], &b->operation[j], compare)));
                        i++;
                        j++;
                        continue;
                }
                skip_a = a->count - i;
                skip_b = b->count - j;
                if (skip_a && skip_b)
                        find_next(a, i, b, j, &skip_a, &skip_b);
                for (; skip_a; skip_a--)
                        TRY(add_pair(diff, &a->operation[i++], NULL, ONLY_IN_A));
                for (; skip_b; skip_b--)
                        TRY(add_pair(diff, NULL, &b->operation[j++], ONLY_IN_B));
        }
        return SUCCESS;
}

/* --- all trees -------------------------------------------------------------------------------------------- */

static const struct operation_list *counterpart(const struct operations *operations, const struct operation_list *list)
{
        return operations_find(operations, list->name, list->nth);
}

/* A tree that one side lacks is compared with an empty list. */
static struct error compare_trees(struct diff *diff, const struct operation_list *a, const struct operation_list *b,
                                  enum compare compare)
{
        static const struct operation_list empty;
        struct diff_tree *tree = &diff->tree[diff->trees++];

        *tree = (struct diff_tree){ .a = a, .b = b, .first = diff->pairs };
        TRY(compare_lists(diff, a ? a : &empty, b ? b : &empty, compare));
        tree->pairs = diff->pairs - tree->first;
        return SUCCESS;
}

static struct error compare_all(struct diff *diff, enum compare compare)
{
        const struct operations *a = diff->a, *b = diff->b;

        for (size_t i = 0; i < a->trees; i++)
                TRY(compare_trees(diff, &a->tree[i], counterpart(b, &a->tree[i]), compare));
        for (size_t i = 0; i < b->trees; i++)
                if (!counterpart(a, &b->tree[i]))
                        TRY(compare_trees(diff, NULL, &b->tree[i], compare));
        return SUCCESS;
}

/*
 * When an operation began: by the events of A, and those that only B has by B's. Up to the first difference both
 * recordings have about the same events.
 */
static uint64_t begin_of(const struct diff_pair *pair)
{
        return pair->a ? pair->a->begin : pair->b->begin;
}

static void find_first(struct diff *diff)
{
        for (size_t i = 0; i < diff->pairs; i++) {
                const struct diff_pair *pair = &diff->pair[i];

                if (pair->difference != ALIKE && (!diff->first || begin_of(pair) < begin_of(diff->first)))
                        diff->first = pair;
        }
}

struct error diff_create(const struct operations *a, const struct operations *b, enum compare compare,
                         struct diff **out)
{
        struct diff *diff = calloc(1, sizeof *diff);
        struct error error;

        if (!diff)
                return fail_no_memory();
        diff->a = a;
        diff->b = b;
        diff->tree = calloc(a->trees + b->trees + 1, sizeof *diff->tree);
        error = diff->tree ? compare_all(diff, compare) : fail_no_memory();
        if (error.code) {
                diff_free(diff);
                return error;
        }
        find_first(diff);
        *out = diff;
        return SUCCESS;
}

void diff_free(struct diff *diff)
{
        if (!diff)
                return;
        free(diff->tree);
        free(diff->pair);
        free(diff);
}
