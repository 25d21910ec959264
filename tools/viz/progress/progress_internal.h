/*
 * The parts in which a progress graph is made, each in a file of its own: which axes (progress_axes.c), what happened on
 * them (progress_spans.c); which part is shown (progress.c).
 */
#pragma once

#include "progress/progress.h"

/* Says which axes, where the request does not. Reads the recording once. */
struct error progress_choose_axes(struct progress *progress);
/* Fills in the steps, the spans and the waits. Reads the recording once. */
struct error progress_read(struct progress *progress);
