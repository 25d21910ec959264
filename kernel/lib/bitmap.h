/*
 * A set of numbers below a limit, which finds its lowest member in a few steps: a hierarchical bitmap.
 *
 * Level 0 has one bit for each number, 1 for a member. Each level above has one bit for each 64-bit word of the level
 * below it, 1 if any bit of that word is 1. The highest level is a single word. So the lowest member is found by going
 * down from there, always to the lowest bit that is 1:
 *
 *      level 2                                                  ...01       bit 0: something is in word 0 below
 *      level 1                            ...0000           ...000010       bit 1: something is in word 1 below
 *      level 0        ...00000        ...00000100           ...000000       bit 2 of word 1: the number 64 + 2
 *                       word 2            word 1               word 0
 *
 * Adding and removing change level 0, and the next level only where a word became empty or is no longer empty. All
 * this takes one step a level, and five levels are enough for 2^30 numbers: O(1), whatever is in the set.
 *
 *      static uint64_t words[BITMAP_WORDS(1000)];
 *      struct bitmap free;
 *
 *      bitmap_init(&free, 1000, words);
 *      bitmap_add_range(&free, 0, 1000);
 *      if (bitmap_lowest(&free, &number))
 *              bitmap_remove(&free, number);
 *
 * The caller provides the memory and holds whatever lock guards the set.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BITMAP_LEVELS_MOST = 5, BITMAP_WORD_BITS = 64 };

struct bitmap {
        uint64_t *level[BITMAP_LEVELS_MOST];
        unsigned levels;
        size_t limit;                           /* members are below this */
        size_t count;                           /* how many members there are */
};

/* At least as many words as all levels take for numbers below `limit`: a constant where the limit is one. */
#define BITMAP_WORDS(limit) ((limit) / BITMAP_WORD_BITS + (limit) / (BITMAP_WORD_BITS * (BITMAP_WORD_BITS - 1)) + 8)

/* Makes an empty set of numbers below `limit`, at most 2^30, in `words`, BITMAP_WORDS(limit) of them. O(limit / 64). */
void bitmap_init(struct bitmap *bitmap, size_t limit, uint64_t *words);

/* Whether a number is in the set. O(1). */
bool bitmap_has(const struct bitmap *bitmap, size_t number);

/* Adds a number that is not in the set; removes one that is. O(1). */
void bitmap_add(struct bitmap *bitmap, size_t number);
void bitmap_remove(struct bitmap *bitmap, size_t number);

/* Adds all numbers from `first` up to but without `end` that are not in the set. O((end - first) / 64). */
void bitmap_add_range(struct bitmap *bitmap, size_t first, size_t end);

/* The lowest member; false if the set is empty. O(1). */
bool bitmap_lowest(const struct bitmap *bitmap, size_t *number);

/* The lowest number from `*number` on that is below the limit and not in the set; false if none is. O(words between). */
bool bitmap_next_missing(const struct bitmap *bitmap, size_t *number);
