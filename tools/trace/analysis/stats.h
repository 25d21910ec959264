/*
 * What a recording's operations cost, in numbers: counts, visits and times of each kind of operation, how each class of
 * lock was used, and how a tree's memory came to be divided.
 *
 *      struct stats *stats;
 *
 *      TRY(stats_create(0, &stats));
 *      while (reader_next(reader, &event))
 *              TRY(stats_event(stats, &event));
 *      ... stats->tree[PLACE_ANYWHERE].visits ...
 *      stats_free(stats);
 *
 * Times are in ticks. Events within one tree operation share one time, so only operations on spaces have a duration.
 */
#pragma once

#include "base/id_map.h"
#include "model/model.h"

#define STATS_ONE_MORE(...) +1
enum {
        STATS_TREE_KINDS = 0 TREE_OPERATIONS(STATS_ONE_MORE),
        STATS_SPACE_KINDS = 0 SPACE_OPERATIONS(STATS_ONE_MORE),
        STATS_LOCK_CLASSES = 0 LOCK_CLASSES(STATS_ONE_MORE),
        STATS_FAULT_VERDICTS = 0 FAULT_VERDICTS(STATS_ONE_MORE),
};

/* How often something was measured, and what came of it. */
struct stats_measure {
        uint64_t count, sum, most;
};

struct stats_tree_kind {
        uint64_t count, failed;                 /* failed: the result is an error */
        struct stats_measure visits;
        uint64_t rotations, recolourings;
};

struct stats_space_kind {
        uint64_t count, failed;
        struct stats_measure ticks;             /* from begin to end */
};

struct stats_lock_class {
        uint64_t acquired;
        struct stats_measure waited;            /* ticks from wanted to acquired, of those that had to wait */
        struct stats_measure held;              /* ticks, without the time spent on emitting events */
};

/* A tree after one of its operations. */
struct stats_sample {
        uint64_t event, ticks, operation;
        size_t regions;
        uint64_t mapped, free, largest_hole;    /* bytes; free: not occupied by a region or its guards */
};

/* Samples are evenly spread: at so many every second one is dropped, and the next are taken half as often. */
enum { STATS_SAMPLES_MAX = 32 };

struct stats {
        struct model *model;
        uint64_t first_ticks, last_ticks;
        struct stats_tree_kind tree[STATS_TREE_KINDS];
        struct stats_space_kind space[STATS_SPACE_KINDS];
        struct stats_lock_class lock[STATS_LOCK_CLASSES];
        uint64_t fault[STATS_FAULT_VERDICTS];
        uint64_t sampled;                       /* the tree's id; 0: no tree has had an operation */
        size_t samples;
        struct stats_sample sample[STATS_SAMPLES_MAX];

        struct id_map begun;                    /* space id: ticks at which its operation in progress began, plus 1 */
        uint64_t wanted[MODEL_CPUS_MAX];        /* ticks since when a cpu waits for a lock, plus 1; 0: it does not */
        uint64_t between;                       /* operations from one sample to the next */
};

/*
 * Samples are taken of the tree `sampled`; 0: of the first tree, other than the kernel's own, that has an
 * operation. NO_MEMORY with an error message.
 */
struct error stats_create(uint64_t sampled, struct stats **out);
/* Takes one event in. NO_MEMORY; an event that cannot be applied to the model is left out. */
struct error stats_event(struct stats *stats, const struct event *event);
void stats_free(struct stats *stats);

/* The part of free memory that is not in the largest hole, from 0 to 1. */
double stats_fragmentation(const struct stats_sample *sample);
double stats_mean(const struct stats_measure *measure);
