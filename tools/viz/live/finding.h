/*
 * The first finding of `regiontrace check', searched for a piece at a time between keys, so that the viewer answers
 * meanwhile.
 *
 *      finding_start(view);                    the key; again: gives up
 *      ... while finding_is_searched(view): finding_go_on(view, 10) ...
 */
#pragma once

#include "live/view.h"

struct finding_search;

/* Begins, or says in the view's message why it cannot. If a search goes on it is given up. */
void finding_start(struct view *view);
bool finding_is_searched(const struct view *view);
/* Checks for about so many milliseconds. At the first finding, goes there; at the end, says that there is none. */
void finding_go_on(struct view *view, double milliseconds);
/* Gives up, if a search goes on. */
void finding_stop(struct view *view);
