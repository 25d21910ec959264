/*
 * Choice points: where a run under a schedule seed may turn out differently from one under another.
 *
 * QEMU that counts instructions runs its processors in turns so long that they hardly ever meet. Under a seed each
 * event, each lock that is given back and each way back to a program is a choice point, at which a coin is tossed:
 * whether this processor's turn ends there. The same seed always makes the same run. An event whose category is not
 * chosen is a choice point, too, so that the coins do not depend on what is sent.
 */
#pragma once

#include "lib/types.h"

/* From now on toss coins; until then, never. */
void choice_points_begin(uint64_t seed);

/*
 * Ends this processor's turn, or not. Without a seed it does so at every 256th point, so that one that was woken gets
 * its turn in time.
 */
void choice_point(void);

/* For a choice of another kind than whose turn it is: true one time in four under a seed, never without one. */
bool choice_is_yes(void);
