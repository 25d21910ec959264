/*
 * Allowances: for tests, how many more requests for memory may succeed. All after them fail, until the allowance is
 * endless again. So a test finds out what becomes of an operation whichever of its requests fails.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Requests for frames, for blocks of kmalloc's, and both in one sequence. (A block may need frames, too.) */
enum allowance { ALLOWANCE_FRAMES, ALLOWANCE_BLOCKS, ALLOWANCE_BOTH, ALLOWANCES };

#define ALLOWANCE_ENDLESS (SIZE_MAX / 2)
void allowance_set(enum allowance which, size_t requests);

/* Whether a request of this kind, FRAMES or BLOCKS, may succeed; it counts for BOTH, too. */
bool allowance_take(enum allowance kind);
