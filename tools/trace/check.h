/*
 * The check: rebuilds every tree from events and holds it against every rule, against a reference that knows nothing
 * of links, and against every keyframe.
 *
 *      TRY(check_create(EVERY_EVENT_COUNTS, &check));
 *      while (reader_next(reader, &event))
 *              TRY(check_event(check, &event));
 *      TRY(check_finish(check, reader));
 *      if (check_findings(check)) ...
 *
 * A tree in which something was found is not looked at again until a keyframe shows it anew, so one fault is one
 * finding. What is unknown because events are missing is never called wrong.
 */
#pragma once

#include "model.h"
#include "reader.h"

struct finding {
        uint64_t event;                         /* the first event at which it shows; 0: no single one */
        uint64_t tree, operation;               /* 0 if it is not about one */
        uint64_t region;                        /* a region at fault, or 0 */
        char words[512];                        /* "event 1,204 (tree 2, operation 57: ...): node 12 is ..." */
};

struct check_totals {
        uint64_t operations;                    /* tree operations judged */
        uint64_t trees, keyframes, keyframe_nodes, scripts, cases;
};

/* Whether missing events are a fault: in a lossless stream they are, in one that may discard they are not. */
enum loss_policy { EVERY_EVENT_COUNTS, LOSS_IS_ALLOWED };

struct check;

struct error check_create(enum loss_policy policy, struct check **out);
void check_destroy(struct check *check);

/* Carries out the event and checks. O(regions) at the end of an operation, else O(1). NO_MEMORY only. */
struct error check_event(struct check *check, const struct event *event);
/* After the last event: is the end there, do totals agree, how did the stream arrive. */
struct error check_finish(struct check *check, const struct reader *reader);

size_t check_findings(const struct check *check);
/* The i-th finding, in the order they showed; NULL after the last. The first thousand are kept. */
const struct finding *check_finding(const struct check *check, size_t i);
struct check_totals check_totals(const struct check *check);
/* The state of everything after the newest event. */
const struct model *check_model(const struct check *check);
