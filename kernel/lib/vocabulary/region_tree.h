/* What a region tree is asked to do, and what it decides at each node on the way. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* What a region tree was asked to do. */
#define TREE_OPERATIONS(X)                                                                                          \
        X(PLACE_ANYWHERE, place_anywhere, "take the lowest hole that fits")                                         \
        X(PLACE_SPECIFICALLY, place_specifically, "take exactly this range")                                        \
        X(PLACE_NEAR, place_near, "take the fitting place nearest to a hint")                                       \
        X(PLACE_RANDOM, place_random, "take a place drawn at random")                                               \
        X(REMOVE, remove, "unlink a region")                                                                        \
        X(FIND, find, "find the region at an address, or the first one that meets a range")                         \
        X(RESIZE, resize, "move one or both ends of a region, in place")                                            \
        X(SPLIT, split, "divide a region in two at an address")

/* What was decided at a node. The gap of a node is the hole just below it; node 0 stands for the tail gap. */
#define DECISIONS(X)                                                                                                \
        X(GO_LEFT, go_left, "what is sought lies, or may lie, in the left subtree")                                 \
        X(GO_RIGHT, go_right, "what is sought lies, or may lie, in the right subtree")                              \
        X(TOO_SMALL, too_small, "the gap is smaller than the region asked for")                                     \
        X(NO_ROOM_FOR_GUARDS, no_room_for_guards, "the gap holds the region, but not its guards too")               \
        X(MISALIGNED, misaligned, "the gap is large enough, but not from an aligned address on")                    \
        X(OUTSIDE_WINDOW, outside_window, "too little of the gap lies inside the window")                           \
        X(TAKEN, taken, "the gap is taken")                                                                         \
        X(FOUND, found, "this is the region sought")                                                                \
        X(IN_THE_WAY, in_the_way, "this region lies where the new one should go")

enum tree_operation { TREE_OPERATIONS(ENUMERATOR) };
enum decision { DECISIONS(ENUMERATOR) };
