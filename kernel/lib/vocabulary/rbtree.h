/* The words for the shape of a red-black tree. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* Which child of a node. `!side` is the other one. */
#define SIDES(X)                                                                                                    \
        X(LEFT, left, "the child with the lower addresses")                                                         \
        X(RIGHT, right, "the child with the higher addresses")

#define COLOURS(X)                                                                                                  \
        X(BLACK, black, "counts towards the black height")                                                          \
        X(RED, red, "has no red child")

enum side { SIDES(ENUMERATOR) };
enum colour { COLOURS(ENUMERATOR) };
