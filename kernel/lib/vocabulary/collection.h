/*
 * What a collection of regions promises, and the words of the early kernels (labs/), which keep free addresses in a
 * range allocator beside the regions. There, two authorities can answer the same question.
 */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* Each promise but the first holds the ones after it. Unknown to old recordings, which have what is first. */
#define PROMISES(X)                                                                                                 \
        X(PROMISE_GAPS, gaps, "in order, balanced, and each node has its gap and the largest gaps of its children") \
        X(PROMISE_BALANCE, balance, "in order, and a red-black tree")                                               \
        X(PROMISE_BALANCE_AT_FIRST, balance_at_first, "in order, and a red-black tree until a node is unlinked")    \
        X(PROMISE_ORDER, order, "in address order")                                                                 \
        X(PROMISE_NOTHING, nothing, "in any order")

#define AUTHORITIES(X)                                                                                              \
        X(AUTHORITY_REGIONS, regions, "the collection of regions, which records what is used")                      \
        X(AUTHORITY_ALLOCATOR, allocator, "the virtual range allocator, which records what is free")

#define QUESTIONS(X)                                                                                                \
        X(QUESTION_PLACE, place, "where is so much free?")                                                          \
        X(QUESTION_TAKE, take, "take these addresses: are they all free?")                                          \
        X(QUESTION_RELEASE, release, "these addresses are free from now on: were they all taken?")                  \
        X(QUESTION_FIND, find, "what is at this address?")

enum promise { PROMISES(ENUMERATOR) };
enum authority { AUTHORITIES(ENUMERATOR) };
enum question { QUESTIONS(ENUMERATOR) };
