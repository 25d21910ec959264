/*
 * What one operation changed in a tree. After the operation only this is looked at, with all that lies above it: the
 * rest obeyed every rule before, and has not changed. So an operation costs O(log n) to check instead of O(n).
 */
#pragma once

#include "check/reference.h"
#include "model/model.h"

struct touched {
        uint64_t *region;               /* ids; one may occur more than once */
        size_t count, room;
        uint64_t operations;            /* since the whole tree was looked at */
};

void touched_free(struct touched *touched);

/*
 * Notes what an event of an operation is about to change, before the model applies it. The event may be one that cannot
 * be applied. NO_MEMORY.
 */
struct error touched_note(struct touched *touched, const struct model *model, const struct event *event);

/*
 * Whether what was touched obeys the rules that rules_hold() checks, given that the rest does. False only says that
 * something is wrong: rules_hold() says what.
 */
bool touched_rules_hold(const struct touched *touched, const struct model *model, const struct model_tree *tree);

/* Likewise for reference_matches(). The regions that the operation names count as touched. */
bool touched_match(const struct touched *touched, const struct model *model, const struct model_tree *tree,
                   const struct reference *reference);
