/*
 * What the page marks in the tree at a step: the nodes that the operation visited, with their numbers; what it is
 * about; the subtrees that it skipped, with the reason. All of that is the layout's (layout_highlight.c), which is made
 * of the few nodes that the operation touched, and not of the whole tree at each step.
 */
#pragma once

#include "draw/units.h"
#include "html/row.h"
#include "moment/shown_operation.h"

/*
 * How a node looks: its role, and whether the search followed the edge from its parent, and whether that leads to the
 * insertion point. Nodes of a skipped subtree are pale; on the way to the insertion point they are not.
 */
enum mark_look {
        LOOK_PLAIN, LOOK_PALE, LOOK_VISITED, LOOK_BLOCKING, LOOK_SUBJECT,
        LOOK_FOLLOWED = 8, LOOK_LINKING = 16,   /* added to one of those */
};

/* The fields of a mark follow those of the node (row.h) in the page; texts are indices into "strings". */
#define MARK_FIELDS(X) X(LOOK, look) X(NUMBER, number) X(WHY, why)

enum mark_field {
#define X(symbol, name) MARK_##symbol,
        MARK_FIELDS(X)
#undef X
        MARK_FIELD_COUNT,
};

/* Of each node of a row, in the row's order. */
struct marks {
        size_t nodes;
        uint32_t (*node)[MARK_FIELD_COUNT];
};

/*
 * The marks of `row`, which is what `tree` is now, while `shown` goes on or has just ended; NULL: no marks. NO_MEMORY
 * with an error message. O(regions * skipped subtrees + visits * height).
 */
struct error marks_take(struct marks *out, const struct row *row, const struct model *model,
                        const struct model_tree *tree, const struct shown_operation *shown, struct texts *texts,
                        enum units units);
void marks_clear(struct marks *marks);

/*
 * What leads from the marks of one row to those of the next, as steps.h says; 0 if nothing does. It is applied after
 * the row has changed as `splice` says; nodes that were inserted have no marks until then. `was` is NULL if there were
 * none. O(regions).
 */
void marks_write_change(FILE *out, const struct marks *was, const struct marks *is, const struct row_splice *splice);
