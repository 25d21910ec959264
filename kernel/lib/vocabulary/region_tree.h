/* The operations of a region tree, and the decisions it makes at each node. */
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

/*
 * What was decided at a node. The gap of a node is the hole just below it; node 0 stands for the tail gap. A search for
 * a hole compares gaps, a search for an address compares addresses, and neither goes on once `linking` begins.
 */
#define DECISIONS(X)                                                                                                \
        X(GO_LEFT, go_left, "a hole in the left subtree may fit: the search goes on there")                         \
        X(GO_RIGHT, go_right, "a hole in the right subtree may fit: the search goes on there")                      \
        X(GO_UP, go_up, "no other hole from this node down can fit: the search goes on above it")                   \
        X(ADDRESS_LEFT, address_left, "the address lies below this region: the search goes on in the left subtree") \
        X(ADDRESS_RIGHT, address_right, "the address lies above this region: it goes on in the right subtree")      \
        X(TOO_SMALL, too_small, "the gap is smaller than the region asked for")                                     \
        X(NO_ROOM_FOR_GUARDS, no_room_for_guards, "the gap holds the region, but not its guards too")               \
        X(MISALIGNED, misaligned, "the gap is large enough, but not from an aligned address on")                    \
        X(OUTSIDE_WINDOW, outside_window, "too little of the gap lies inside the window")                           \
        X(FITS, fits, "the gap fits, and another may be nearer to the hint")                                        \
        X(FARTHER, farther, "the gap fits, but another is nearer to the hint")                                      \
        X(TAKEN, taken, "the gap is taken")                                                                         \
        X(FREE, free, "no region is in the way: the addresses asked for are taken, just below this node")           \
        X(IN_THE_WAY, in_the_way, "this region lies where the new one should go")                                   \
        X(FOUND, found, "this is the region sought")                                                                \
        X(LINKING, linking, "the place is known: this node is on the way to where the region is linked")

/* Which child's subtree a search for a hole left out when it was at a node, and why. */
#define SKIPS(X)                                                                                                    \
        X(SKIPPED_NONE, none, "none")                                                                               \
        X(LEFT_TOO_SMALL, left_too_small, "the left one: its largest gap is too small")                             \
        X(RIGHT_TOO_SMALL, right_too_small, "the right one, likewise")                                              \
        X(LEFT_MISALIGNED, left_misaligned, "the left one: no aligned 2 MiB lies in any of its gaps")               \
        X(RIGHT_MISALIGNED, right_misaligned, "the right one, likewise")                                            \
        X(LEFT_OUTSIDE_WINDOW, left_outside_window, "the left one: all of it lies below the window")                \
        X(RIGHT_OUTSIDE_WINDOW, right_outside_window, "the right one: all of it lies above the window")             \
        X(LEFT_BEYOND_HINT, left_beyond_hint, "the left one: all of it lies below the hint")                        \
        X(RIGHT_BEYOND_HINT, right_beyond_hint, "the right one: all of it lies above the hint")

enum tree_operation { TREE_OPERATIONS(ENUMERATOR) };
enum decision { DECISIONS(ENUMERATOR) };
enum skip { SKIPS(ENUMERATOR) };
