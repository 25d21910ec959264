/*
 * The two sides of a comparison: two recordings, or two moments of one. It chooses the moments and the trees, and says
 * in words which operations make the difference.
 *
 *      struct sides sides;
 *
 *      TRY(sides_find(&sides, &(struct sides_request){ .path = { "good.rtrace", "bad.rtrace" } }));
 *      ... sides.moment[SIDE_A].tree, sides.moment[SIDE_B].tree ...
 *      sides_free(&sides);
 */
#pragma once

#include "diff/compare.h"
#include "moment/moment.h"

struct sides_request {
        const char *path[2];                    /* path[SIDE_B] NULL: the same recording */
        bool has_when[2];                       /* else: of two recordings, where they first differ */
        struct moment_when when[2];
        uint64_t tree;                          /* in A; 0: the one that differs first, or else the busiest */
};

struct sides {
        struct moment moment[2];
        char *words;                            /* lines, each with its end; belongs to the sides */
};

/*
 * Of two recordings the trees are compared that diff.h pairs; at the end of the first operation that differs, unless a
 * moment was asked for. If one side alone has that operation, the other is shown after the operation before it. Errors
 * of moment_find() and operations_read(); NOT_FOUND if B has no such tree. Each recording is read twice.
 */
struct error sides_find(struct sides *out, const struct sides_request *request);
void sides_free(struct sides *sides);
