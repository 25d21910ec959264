/*
 * Compares two recordings operation by operation, tree by tree.
 *
 *      struct diff *diff;
 *
 *      TRY(diff_create(a, b, COMPARE_ALL, &diff));
 *      if (diff->first)
 *              ... diff->first->difference, and the two operations ...
 *      diff_free(diff);
 *
 * Trees are compared that belong to spaces of the same name; of several, the first in one recording with the first in
 * the other. Operations are aligned by kind, size and name. Where these differ, some operations are missing on one
 * side: the comparison goes on at the nearest pair from which several in a row are of the same kind, size and name.
 *
 *      a:  place 4K   place 8K              remove 4K   find           side  a b | a b | - b | a b | a b
 *      b:  place 4K   place 8K   place 1M   remove 4K   find                alike alike only b alike alike
 *
 * After the first difference the two trees may differ, so later differences may follow from it.
 */
#pragma once

#include "analysis/operations.h"

#include <stdio.h>

/* What differs, the most telling first. */
enum difference {
        ALIKE,
        DIFFERENT_REQUEST,                      /* the same kind and size, but about another address or window */
        DIFFERENT_RESULT,                       /* another error, or another place */
        DIFFERENT_SEARCH,                       /* the same place, but other nodes were visited, or other decisions made */
        DIFFERENT_CHANGES,                      /* the tree was changed in another way */
        DIFFERENT_REGIONS,                      /* a range or a protection was changed in another way */
        ONLY_IN_A, ONLY_IN_B,                   /* the other recording has no such operation there */
        DIFFERENCES,                            /* how many there are */
};

/* Results only: for two kernels that search or balance in different ways. */
enum compare { COMPARE_ALL, COMPARE_RESULTS };

struct diff_pair {
        size_t tree;                            /* index in diff->tree */
        const struct operation *a, *b;          /* NULL: only in the other */
        enum difference difference;
};

/* Two trees that are compared, or one that has no counterpart. */
struct diff_tree {
        const struct operation_list *a, *b;     /* NULL: only in the other */
        size_t first, pairs;                    /* its pairs: pair[first] and the following */
};

struct diff {
        const struct operations *a, *b;         /* of the caller, who keeps them while the diff is in use */
        size_t trees, pairs;
        struct diff_tree *tree;
        struct diff_pair *pair;                 /* tree by tree, in the order of its operations */
        const struct diff_pair *first;          /* the first that differs, in time; NULL: none does */
        size_t count[DIFFERENCES];              /* pairs, by what differs */
};

/*
 * NO_MEMORY. O(operations + trees log trees), and up to 20,000 comparisons of operations where they do not correspond.
 */
struct error diff_create(const struct operations *a, const struct operations *b, enum compare compare,
                         struct diff **out);
void diff_free(struct diff *diff);

/* What differs, in words: "the result", "the search". */
const char *difference_words(enum difference difference);

/* The tree of a pair, as the side that has the operation numbers it. */
const struct operation_list *diff_list_of(const struct diff *diff, const struct diff_pair *pair);
/*
 * A pair in some lines of words: the tree, what differs, what was asked, and what each side did. Errors of the file are
 * left for the caller to find with ferror().
 */
void diff_write_pair(FILE *file, const struct diff *diff, const struct diff_pair *pair);
