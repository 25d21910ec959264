/*
 * A moment of a recording: the state of one region tree at some event, and the operation to be shown with it.
 *
 *      struct moment moment;
 *
 *      TRY(moment_parse(&moment.when, "op:57"));
 *      TRY(moment_find(&moment, "run.rtrace", 0));
 *      ... moment.tree, moment.shown ...
 *      moment_free(&moment);
 */
#pragma once

#include "history/history.h"
#include "moment/shown_operation.h"

enum moment_kind { MOMENT_END, MOMENT_EVENT, MOMENT_TIME, MOMENT_OPERATION, MOMENT_LAST_SEARCH };

struct moment_when {
        enum moment_kind kind;
        uint64_t number;                        /* of the event or operation; nanoseconds since the stream began */
};

struct moment {
        struct moment_when when;

        struct history *history;                /* what follows is found in it, and belongs to it */
        const struct model *model;
        uint64_t id;                            /* of the tree */
        const struct model_tree *tree;          /* belongs to the model */
        const char *space;                      /* the name of its space, likewise; "tree 3" if it has none */
        uint64_t event;                         /* the number of the last event that was taken in; 0 if there was none */
        struct shown_operation shown;
        bool has_operation;                     /* `shown` belongs to this moment */
        uint64_t refused;                       /* events that the model could not carry out */
        char trees[512];                        /* which other trees there are, in words; empty if none */
        char unnamed[32];
};

/* "1204", "12.5ms" (s, ms, us or ns), "op:57" or "last-search". BAD_ARGUMENT with a complaint. */
struct error moment_parse(struct moment_when *out, const char *text);

/*
 * Reads the recording at `path` up to `moment->when`. Tree 0 is, of those that are there by then, the one with the
 * most operations in the whole recording. An operation is shown as it chose: after its last visit, before it changed
 * anything, with the outcome it will have. At the end, at a time, and just after an operation's last event, that
 * operation is highlighted; in between, the one in progress. The last search is the tree's last operation that looked
 * for a hole (place anywhere, near or random) and visited a node; `moment->when` then becomes that operation. IO,
 * BAD_INPUT, NO_MEMORY or NOT_FOUND (no such tree, event or operation) with a complaint. The recording is read once,
 * and again from the nearest checkpoint.
 */
struct error moment_find(struct moment *moment, const char *path, uint64_t tree);
void moment_free(struct moment *moment);
