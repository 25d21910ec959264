/*
 * An operation on a tree in words, as one would write the call and its result:
 * "place_anywhere(mmap 8, 4 pages, aligned to 2 MiB)" and " → 2e000". Both are added at the end of what `out` holds.
 */
#pragma once

#include "draw/units.h"
#include "moment/shown_operation.h"

#include <stddef.h>

/* `range` is the tree's: a window is only named if it is smaller. */
void operation_call(char *out, size_t size, const struct shown_operation *shown, struct vrange range, enum units units);
/* " … in progress", " → no_memory", " → 2e000", " → done" */
void operation_outcome(char *out, size_t size, const struct shown_operation *shown);
