/*
 * A small random number generator (xorshift64*): fast, seeded, repeatable. Not for secrets.
 * Source: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (2016).
 */
#pragma once

#include <stdint.h>

struct rng {
        uint64_t state;
};

/* Any seed will do, 0 too: it is spread over all bits first (splitmix64), so that near seeds are not near. */
static inline void rng_seed(struct rng *rng, uint64_t seed)
{
        uint64_t mixed = seed + 0x9e3779b97f4a7c15;
        mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        rng->state = mixed ? mixed : 1;
}

static inline uint64_t rng_next(struct rng *rng)
{
        rng->state ^= rng->state >> 12;
        rng->state ^= rng->state << 25;
        rng->state ^= rng->state >> 27;
        return rng->state * 0x2545f4914f6cdd1d;
}

/* A number from 0 up to, not including, `bound` (not 0): the high half of a 128-bit product, so no division. */
static inline uint64_t rng_below(struct rng *rng, uint64_t bound)
{
        return (unsigned __int128)rng_next(rng) * bound >> 64;
}
