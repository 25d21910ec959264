/*
 * Going through the time of a recording: each call moves the timeline, or says in the view's message why it cannot.
 */
#pragma once

#include "live/view.h"

/* The next event that the list shows, or the one before. */
void time_step(struct view *view, enum direction direction);
/* The begin of the next operation, or of the one before. */
void time_operation(struct view *view, enum direction direction);
void time_fault(struct view *view, enum direction direction);
void time_error(struct view *view, enum direction direction);
void time_first(struct view *view);
void time_last(struct view *view);
void time_to_event(struct view *view, uint64_t number);
/* "1204", "12.5ms", "op:57" (of the tree that is shown). */
void time_to_words(struct view *view, const char *words);
/* Goes where the view is to begin, as soon as that is indexed. */
void time_begin(struct view *view);
/* The next event (or the one before) whose words hold the text searched for. */
void time_match(struct view *view, enum direction direction);

/* The next step asks for a prediction first, where the next event decides where the search goes. */
bool predict_asks(struct view *view);
/* What is asked, in words: the node that is visited next. */
void predict_question(char *out, size_t size, struct view *view);
/* Takes an answer: 'l', 'r', 't' (taken), 'n' (not here). False if it is none. */
bool predict_answer(struct view *view, int key);
