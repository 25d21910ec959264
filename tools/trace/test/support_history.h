/*
 * What tests of a history compare it with: the state of every tree after each event, in words, as a reader finds it
 * that goes through the recording once.
 *
 *      struct bytes bytes = run_on_all_cpus();
 *      struct truth truth = read_truth(&bytes);
 *      struct history *history = open_history(&bytes, 64 << 20);
 *
 *      index_all(history);
 *      assert_int_equal(history_seek(history, truth.state[at].number).code, ERROR_OK);
 *      assert_is_at(history, &truth.state[at]);
 */
#pragma once

#include "history/history.h"
#include "support_run.h"

struct truth {
        size_t count;
        struct state {
                uint64_t number, ticks;
                enum trace_event type;
                char *words;                    /* all trees with their nodes, and the operations on them */
        } *state;                               /* one for each event */
};

struct truth read_truth(const struct bytes *bytes);
void free_truth(struct truth *truth);

/* The run of run_record(), its operations spread over all cpus. To be freed with bytes_free(). */
struct bytes run_on_all_cpus(void);

/* The history of a recording that stays where it is; it may take `memory` bytes. The caller closes it. */
struct history *open_history(const struct bytes *bytes, size_t memory);
void index_all(struct history *history);

/* The history stands at the event of `state`, and its model is in that state. */
void assert_is_at(const struct history *history, const struct state *state);
