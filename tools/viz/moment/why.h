/*
 * The words that explain a search: what was decided at a node, and why a subtree was skipped. Both are in the trace; the
 * figures are those that the node had when it was visited, not those that it has now.
 */
#pragma once

#include "draw/units.h"
#include "moment/shown_operation.h"

enum { WHY_SIZE = 96 };

/*
 * What was decided at a step: "gap 5 ≥ 4: taken", "gap 2 < 4", "12345 < 14000"; what was decided against its own figures:
 * "gap 2 < 4, but taken". Empty where going on says nothing that the highlighted edge does not say. `gap_now`, in pages, is the same gap as the picture shows it: if it has changed since,
 * the words say "gap was".
 */
void why_decided(char out[static WHY_SIZE], const struct shown_operation *shown,
                 size_t step, uint64_t gap_now, enum units units);

/*
 * Whether the figures of a step contradict what was decided there: a hole without room was taken, one with room
 * refused, or a region that does not meet what was wanted said to be in its way.
 */
bool why_is_contradicted(const struct shown_operation *shown, size_t step);

/* Why the child on `side` of a step's node was skipped: "skipped: max 1 < 4". Empty if it was not. */
void why_skipped(char out[static WHY_SIZE], const struct shown_operation *shown,
                 size_t step, enum side side, enum units units);

/* Why the operation was refused, in a sentence. `largest` is the largest hole, in pages. */
void why_refused(char out[static WHY_SIZE], const struct shown_operation *shown, uint64_t largest, enum units units);
