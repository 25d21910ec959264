/*
 * The holes of one operation as the page shows them: the skyline (skyline.h) as JSON. Where each bar stands, how high
 * it is, what a search did with it at which of its steps, and all words come from there; the page's script draws them,
 * and of a search only as much as has happened by the step that is shown.
 *
 * A skyline is an array in the order of HOLES_FIELDS. Words are indices into "strings". Columns are numbered from 0:
 *
 *      heights         a string, a character for each column: its code less HOLES_CODE is the height of the bar
 *      kinds           a string, a digit for each column: 1 stands alone (it is `wide`) + 2 dismissed with its subtree
 *                      + 4 cut, since it is higher than the picture
 *      width, wide     of the columns, which stand side by side
 *      sizes           a string, a word for each column with blanks between: how large the hole is; a word without
 *                      letters if it has no room. "" if there is none for any
 *      feet            a string, a character for each column: its code less HOLES_CODE is on what that word stands
 *      need, needed    how high the line of the request is, and its words; 0, 0 if nothing is requested
 *      walked          the linear walk looks at so many columns, from the left
 *      expected        the column that it takes; -1: none, or no walk
 *      steps           [visit, column, fate, ...] for each step of the search: the number of the visit, and what its
 *                      gap is from then on (enum gap_fate)
 *      dismissals      [step, first column, last column, words, ...]
 *      counts, summary, alert, wrong
 */
#pragma once

#include "html/texts.h"
#include "model/model.h"
#include "skyline/skyline.h"

#define HOLES_FIELDS(X)                                                                                             \
        X(heights) X(kinds) X(width) X(wide) X(sizes) X(feet) X(need) X(needed) X(walked) X(expected) X(steps)       \
        X(dismissals) X(counts) X(summary) X(alert) X(wrong)

/* The picture's pixels. Heights go from 0 to HOLES_HEIGHT. */
enum { HOLES_WIDTH = 880, HOLES_HEIGHT = 90, HOLES_LEAST_COLUMN = 6, HOLES_CODE = 35 };

/*
 * Before the model applies `event`: if the newest operation of the tree is going on, and this event is the first that
 * changes the tree, or the end, then a search has made its choice, and all holes are still as it found them. Then
 * `skyline` is made; else it stays as it is. NO_MEMORY with an error message. O(regions) once an operation.
 */
struct error holes_before(struct skyline **skyline, const struct model *model, uint64_t tree,
                          const struct event *event);

/* At the operation's end. Writes the skyline, or 0 if there is none, and frees it. NO_MEMORY with an error message. */
struct error holes_after(FILE *out, struct skyline **skyline, const struct shown_operation *shown, struct texts *texts);
