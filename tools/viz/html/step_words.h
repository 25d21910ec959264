/*
 * What a step of the page is in words, and which way a search went at it.
 */
#pragma once

#include "draw/units.h"
#include "html/steps.h"
#include "moment/shown_operation.h"
#include "moment/why.h"

enum { STEP_WORDS_SIZE = 256 };

enum step_choice step_choice(enum decision decision);

/* Where a visit was: "2e000"; 0 is the tail gap. Valid until the next call. */
const char *step_place(const struct model *model, uint64_t region);

/*
 * What the newest visits decided at one node: "gap 0 < 1: goes right", "gap 0 < 1, goes right". There is one. In a list
 * a search "goes on" or "ends here".
 */
void step_words_of_visit(char words[STEP_WORDS_SIZE], const struct model_tree *tree,
                         const struct shown_operation *shown, enum units units);

/* An operation that is over: "place_anywhere(heap, 4 pages)", " → 2e000", and why it was refused, if it was. */
struct operation_words {
        char call[STEP_WORDS_SIZE], outcome[64], refused[WHY_SIZE];
};

void step_words_of_operation(struct operation_words *out, const struct model_tree *tree,
                             const struct shown_operation *shown, enum units units);
