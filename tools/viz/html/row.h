/*
 * The tree as the page shows it: a row of nodes in address order, and what leads from one such row to the next.
 */
#pragma once

#include "html/texts.h"
#include "model/model.h"

#include <stdio.h>

/* What a node of the picture has; texts are indices into "strings". */
#define NODE_FIELDS(X)                                                                                              \
        X(ID, id) X(DEPTH, depth) X(COLOUR, colour) X(PARENT, parent) X(BASE, base) X(END, end)                     \
        X(BEFORE, before) X(AFTER, after) X(GAP, gap) X(MAX, max) X(HEADING, heading) X(NAME, name) X(GAPS, gaps)

enum node_field {
#define X(symbol, name) NODE_##symbol,
        NODE_FIELDS(X)
#undef X
        NODE_FIELD_COUNT,
        ROW_PROTECTION = NODE_FIELD_COUNT,      /* is not written: the name has it in words */
        ROW_FIELDS
};

struct row {
        size_t nodes;
        uint64_t (*node)[ROW_FIELDS];
        double widest;                          /* of the words in its nodes and in those of earlier rows; pixels */
};

/*
 * The tree as it is now; its words are put into `texts`, but for nodes that look as they did in `before`, which may be
 * empty. NO_MEMORY, or BAD_ARGUMENT for too many regions, with an error message. O(regions * height).
 */
struct error row_take(struct row *out, const struct model_tree *tree, const struct row *before, struct texts *texts);
void row_clear(struct row *row);

bool row_is_same(const struct row *a, const struct row *b);

/*
 * What is replaced from one row to the next. Both begin and end with the same regions:
 *
 *      was:    a b | c   | d e
 *      is:     a b | x y | d e         kept 2, removed 1, inserted 2
 */
struct row_splice {
        size_t kept, removed, inserted;
};

/* O(regions). */
struct row_splice row_find_splice(const struct row *was, const struct row *is);

/* All nodes, as JSON. And, if a row differs from the one before, a comma and the change (steps.h). O(regions). */
void row_write(FILE *out, const struct row *row);
void row_write_change(FILE *out, const struct row *was, const struct row *is, const struct row_splice *splice);
