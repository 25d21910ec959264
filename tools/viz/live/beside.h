/*
 * A second recording beside the first, aligned by operation: while an operation of a tree is shown on the left, the
 * same operation of the tree of the same name is shown on the right, as many events after its begin (diff.h says which
 * it is).
 *
 *      TRY(beside_open(&beside, "good.rtrace", "bad.rtrace", &memory));
 *      view.beside = beside;
 *      ... after each key: beside_align(beside, &view) ...
 *      beside_close(beside);
 */
#pragma once

#include "analysis/diff.h"
#include "live/view.h"

struct beside {
        struct operations *a, *b;
        struct diff *diff;
        struct view view;                       /* of the second recording */
        const struct diff_pair *pair; /* that is shown; NULL: before the first, or the tree has no counterpart */
};

/*
 * Reads both recordings once. `*memory` is what both may take, in bytes, and then what is left for each of them. Errors of
 * operations_read(), diff_create() and timeline_open(), with a message.
 */
struct error beside_open(struct beside **out, const char *a, const char *b, size_t *memory);
void beside_close(struct beside *beside);

/* Indexes the second recording for about so many milliseconds. Errors of timeline_index(). */
struct error beside_index(struct beside *beside, double milliseconds);
bool beside_is_indexed(const struct beside *beside);

/* Moves the second recording to where the first one is. O(pairs). */
void beside_align(struct beside *beside, const struct view *view);

/* Moves both to the begin of the first operation that differs, or says that none does. */
void beside_first_difference(struct view *view);

/* "op 57 | op 57: the search differs": which operations are shown, and how they compare. True if they differ. */
bool beside_words(char *out, size_t size, const struct beside *beside, const struct view *view);
