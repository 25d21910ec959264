/*
 * Fault injection: lets the next n requests for memory succeed and makes all after them fail, until it is
 * switched off. A test that does so for n = 0, 1, 2, ... sees an operation fail at each of its requests.
 *
 * The counts are changed atomically; no lock is needed. Every call is O(1).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Which requests are counted: those for frames, those for blocks of kmalloc, or both in one sequence. (One request for
 * a block may lead to one for a frame, where the heap has to grow.)
 */
enum injection { INJECT_INTO_FRAMES, INJECT_INTO_BLOCKS, INJECT_INTO_BOTH, INJECTIONS };

#define INJECT_NEVER (SIZE_MAX / 2)

/* The next `requests` of these requests succeed, all after them fail. INJECT_NEVER: all succeed. */
void fault_injection_set(enum injection which, size_t requests);
