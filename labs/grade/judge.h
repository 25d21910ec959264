/*
 * Judging a recording by the script that was run: from events and keyframes alone, never from what was printed.
 *
 * Three witnesses are compared after each operation: what the space answered, what its events say that it did, and what
 * the keyframe shows of memory. The oracle (tools/trace/script/oracle.h) knows what all three must be; `check' (check.h) knows
 * the rules of the tree.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/collection.h"

#include <stdbool.h>
#include <stdint.h>

struct judgement {
        bool right;
        bool whole;                             /* the stream has its END and the script ended */
        unsigned line;                          /* of the script; 0: not about one */
        char operation[160];                    /* that line's text */
        uint64_t event, tree;                   /* the first bad event, and the tree to draw; 0: none */
        char words[1024];                       /* what is wrong */
};

/* What a case asks for beside right answers. */
struct judge_rules {
        bool regions_decide;                    /* the regions must have answered each `map ... anywhere` without align,
                                                   guard and window, and the range allocator all others */
        bool regions_always;                    /* whatever is mapped: the regions answer before the range allocator
                                                   is asked */
        bool whole_regions;                     /* unmapping takes as many searches and changes as regions are in the
                                                   range, and a few more; neither that nor protecting places a region */
        bool searches_tree;                     /* lookups go down the tree: regions are not passed one after the
                                                   other, and the lookup cache is not asked */
        bool regions_alone;                     /* there is no range allocator: none is made, asked or told, no lock
                                                   of one taken */
        enum promise promise;                   /* the script's tree must promise this, or more */
};

static const struct judge_rules no_rules = { .promise = PROMISE_NOTHING };

/*
 * Judges a recording of a run of `script`; NULL: of a program, which only must obey the rules and end well. The
 * judgement is about the submission, whatever the file holds. NO_MEMORY, or IO if it cannot be opened.
 */
struct error judge_recording(const char *path, const char *script, const struct judge_rules *rules,
                             struct judgement *out);
