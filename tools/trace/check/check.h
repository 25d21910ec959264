/*
 * The check: rebuilds every tree from events, and compares it with the rules of the tree, with a reference model that
 * does not use links, and with every keyframe.
 *
 *      TRY(check_create(EVERY_EVENT_COUNTS, &check));
 *      while (reader_next(reader, &event))
 *              TRY(check_event(check, &event));
 *      TRY(check_finish(check, reader));
 *      if (check_findings(check)) ...
 *
 * A tree with a finding is not checked again until a keyframe shows it, so one fault gives one finding. What is unknown
 * because events are missing is never reported as wrong.
 */
#pragma once

#include "model/model.h"
#include "stream/reader.h"

struct finding {
        uint64_t event;                         /* the first event at which it shows; 0: no single one */
        uint64_t tree, operation;               /* 0 if it is not about one */
        uint64_t region;                        /* a region at fault, or 0 */
        char words[512];                        /* "event 1,204 (tree 2, operation 57: ...): node 12 is ..." */
};

struct check_totals {
        uint64_t operations;                    /* tree operations checked */
        uint64_t trees, keyframes, keyframe_nodes, scripts, cases;
        uint64_t unsent;                        /* categories (event_table.h) but locks that were not always sent */
        uint64_t not_judged;                    /* tree operations that ended while their tree was not known */
        uint64_t unknown_frames, unknown_blocks;        /* in use when events went missing, and not named since: set by check_finish() */
};

/* Whether missing events are a fault: in a lossless stream they are, in one that may discard they are not. */
enum loss_policy { EVERY_EVENT_COUNTS, LOSS_IS_ALLOWED };

struct check;

struct error check_create(enum loss_policy policy, struct check **out);
/* Says that the recording was made without visits, which those of older kernels do not say themselves. */
void check_expect_no_visits(struct check *check);
void check_destroy(struct check *check);

/*
 * Applies the event to the model and checks it. NO_MEMORY only. At the end of an operation it looks at what the
 * operation changed and all above that: O(log regions) a change; once for as many operations as the tree has regions,
 * at all of it. A search for a hole is verified against every hole, and a clone region by region: O(regions).
 */
struct error check_event(struct check *check, const struct event *event);
/* After the last event: checks the event `end`, its totals, and the losses and damages of the stream. */
struct error check_finish(struct check *check, const struct reader *reader);

/* Bounds the memory that it may take, its model included, in bytes: 1 GiB unless set. See model_set_memory(). */
void check_set_memory(struct check *check, size_t bytes);

size_t check_findings(const struct check *check);
/* The i-th finding, in order of discovery; NULL after the last. The first thousand are kept. */
const struct finding *check_finding(const struct check *check, size_t i);
struct check_totals check_totals(const struct check *check);
/* The state of everything after the newest event. */
const struct model *check_model(const struct check *check);
