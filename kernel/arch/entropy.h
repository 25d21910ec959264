/*
 * Random numbers: for the addresses of stacks and mappings, and for stack canaries. Each comes from the processor's own
 * generator (RDRAND), so a program that learns one of them cannot compute another. On a processor without RDRAND they
 * are computed from the clock at boot, and a program that learns one can compute the rest. With seed=N on the command
 * line all numbers are computed from N, so that a run can be repeated.
 */
#pragma once

#include <stdint.h>

/* To be called before the first number is drawn: with a seed, or with NULL for the processor's own generator. O(1). */
void entropy_init(const uint64_t *seed);

/* Returns a new random number. Any processor may call this at any time. O(1). */
uint64_t entropy_draw(void);
