/*
 * A part of a recording, as a recording of its own. It begins with a keyframe: the state of every tree, space and task
 * before its first event.
 *
 *      TRY(cut_write("run.rtrace", (struct cut){ .from = { CUT_AT_EVENT, 1204 } }, 256 << 20, "part.rtrace"));
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>
#include <stdint.h>

struct cut_end {
        enum { CUT_NOWHERE, CUT_AT_EVENT, CUT_AT_TIME } kind;   /* NOWHERE: the recording's own end */
        uint64_t number;                        /* of the event; nanoseconds since the stream began */
};

struct cut {
        struct cut_end from, to;                /* the first and the last event */
};

/*
 * Both ends are moved to where no operation on a tree is in progress: the first one back to the beginning of an
 * operation, the last one on to the end of one. `memory` bounds the index (history.h). Compressed if `output` ends with
 * .zst; there is no file if it fails. NOT_FOUND (no event between the ends), BAD_INPUT, IO or NO_MEMORY, with an error
 * message. O(events).
 */
struct error cut_write(const char *input, struct cut cut, size_t memory, const char *output);
