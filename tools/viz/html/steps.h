/*
 * The steps of a region tree's operations, as JSON that the page's script plays. Each step is one event, with its words
 * and with what it changed in the picture; all of that comes from the model and the layout, so the script computes
 * neither trees nor words.
 *
 *      {
 *        "base": 16, "end": 144,                         the tree's range, in pages
 *        "strings": ["", "place_anywhere(...)", ...],    everything that is said, each text once
 *        "operations": [[number, first step, call, outcome, failed], ...],
 *        "skylines": [...],                              of each operation, the holes as it found them (holes.h)
 *        "steps": [[event, kind, region, words, marks, change], ...],
 *        or, a visit,      [event, kind, region, words, marks, choice, place]
 *                                                        an event's number is how far it is from the step before
 *        "snapshots": [[steps before it, nodes, marks], ...]
 *      }
 *
 * A node is an array in the order of NODE_FIELDS, all nodes of a state in address order. A change replaces a part of
 * that row, then sets fields. Either may be left out, and with both the change:
 *
 *      [kept in front, removed, [inserted nodes], [index, field, value, ...]]
 *      [kept in front, removed, [inserted nodes]]
 *      [[index, field, value, ...]]
 *
 * How a node is marked is in further fields of it (MARK_FIELDS), which are 0 in a node that is inserted, and in all
 * nodes when an operation begins. Marks, which follow the change, set the look of several nodes side by side, since a
 * whole subtree turns pale at once, and then numbers and reasons of single nodes. 0: none. The second and the third
 * part are left out if they are empty:
 *
 *      [[first node, how many, look, ...], [node, number, ...], [node, why, ...]]
 */
#pragma once

#include "draw/units.h"
#include "html/row.h"

#include <stdio.h>

enum step_kind { STEP_BEGIN, STEP_VISIT, STEP_CHANGE, STEP_END, STEP_REGION };

/* Which way a search went at a visit: what the page asks for in predict mode. */
enum step_choice { CHOICE_NONE, CHOICE_LEFT, CHOICE_RIGHT, CHOICE_UP, CHOICE_HERE, CHOICE_REFUSED };

struct steps_request {
        const char *path;
        uint64_t tree;                          /* 0: the busiest */
        uint64_t from, to;                      /* operations of that tree */
};

struct steps_totals {
        uint64_t tree;                          /* which one it was ... */
        bool is_list;                           /* ... of an early kernel, which has a list in its place */
        char space[MODEL_NAME_SIZE];
        uint64_t operations, steps;             /* written */
        uint64_t left_out;                      /* operations of the tree that were not */
        uint64_t unknown;                       /* nor those: events are missing, so the tree was unknown */
        enum units units;                       /* in which sizes are said */
        double widest;                          /* of the words in the nodes' boxes; pixels */
};

/*
 * A page is less than 3 MB: its scripts are 50 KB, characters that are escaped in texts are not counted, and the last
 * operation may go beyond the limit, but without a snapshot.
 */
enum { STEPS_OPERATIONS_MAX = 2000, STEPS_BYTES_MAX = 2890 * 1000 };

/*
 * Writes the steps of operations `from` to `to`, as many as the limits above allow. The file is read three times. IO,
 * BAD_INPUT, NOT_FOUND, BAD_ARGUMENT (a tree of too many regions) or NO_MEMORY with an error message.
 * O(steps * regions * height).
 */
struct error steps_write(FILE *out, const struct steps_request *request, struct steps_totals *totals);
