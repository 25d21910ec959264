/*
 * What an operation on a space changes, and what was there before. Only these addresses are compared when it ends: all
 * others are as they were. So an operation costs what it changes, not what the space has.
 */
#pragma once

#include "check/protections.h"

struct changes {
        struct protections touched;             /* the addresses that may have changed; their protection means nothing */
        struct protections before;              /* what was mapped there when the operation began */
        struct protections scratch;
};

void changes_free(struct changes *changes);
/* An operation begins: nothing has changed. */
void changes_begin(struct changes *changes);

/*
 * Notes that what `tree` has in a range is about to change, or will be compared. Must be called before the model
 * applies the change. O(1) if the range was noted already, else O(log regions + ranges noted). NO_MEMORY.
 */
struct error changes_note(struct changes *changes, const struct model_tree *tree, struct vrange range);

/* What is mapped now in the addresses noted. NO_MEMORY. O(ranges noted, log regions each). */
struct error changes_now(const struct changes *changes, const struct model_tree *tree, struct protections *out);
