/*
 * What a step of the page is in words, and which way a search went at it.
 */
#pragma once

#include "shown_operation.h"
#include "steps.h"
#include "units.h"
#include "why.h"

enum { STEP_WORDS_SIZE = 256 };

enum step_choice step_choice(enum decision decision);

/* "2e000: gap 0 < 1: goes right". `decided` are the words of why.h. */
void step_words_of_visit(char words[STEP_WORDS_SIZE], const struct model *model, const struct model_visit *visit,
                         const char *decided);

/* "place_anywhere(heap, 4 pages) → 2e000"; and why it was refused, if it was. */
void step_words_of_operation(char title[STEP_WORDS_SIZE], char refused[WHY_SIZE], const struct model_tree *tree,
                             const struct shown_operation *shown, enum units units);
