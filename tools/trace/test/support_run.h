/*
 * A run of the region tree that tests tamper with: taken apart into events, changed, put together again, and checked.
 *
 *      struct run run = run_record();
 *      size_t at = recorded_nth(&run.recorded, EVENT_tree_gap, 30);
 *
 *      *run_field(&run, at, EVENT_FIELD(tree_gap, gap)) += 1;
 *      run_assert_finds(&run, run_end_of(&run, at), "says the gap below it is");
 */
#pragma once

#include "check/check.h"
#include "support_stream.h"

struct run {
        struct bytes bytes;
        struct recorded recorded;
};

/*
 * Forty regions with holes between them, then some that fill holes, some removed, two requests refused, two look-ups:
 * every kind of rotation.
 */
struct run run_record(void);
/* A run with the same events, not put together yet. */
struct run run_copy(const struct run *run);
void run_free(struct run *run);

/* A field of the event at a position. */
uint64_t *run_field(struct run *run, size_t position, size_t i);
/* The position of the end of the operation that an event belongs to: that is where a broken rule shows. */
size_t run_end_of(const struct run *run, size_t position);

/* Puts the run together and frees it; the first finding must be at the event at a position, and say `words`. */
void run_assert_finds(struct run *run, size_t position, const char *words);

/* Checks a whole stream. The caller destroys the check. */
struct check *check_bytes(const struct bytes *bytes);
void assert_passes(const struct bytes *bytes);
/* The first finding must be at an event, numbered from 1 (0: at none). */
void assert_finds(const struct bytes *bytes, uint64_t event, const char *words);

/* Whether a finding says only what a damaged stream must say: that something is missing, or that it is cut short. */
bool is_about_loss(const struct finding *finding);
