#include "arch/entropy.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "lib/rng.h"

static bool seeded;
static uint64_t base, drawn;

void entropy_init(const uint64_t *seed)
{
        seeded = seed;
        base = seed ? *seed : clock_ticks();
}

/* Without RDRAND, each number is the first one of a new generator. Processors share only a counter, so none waits. */
uint64_t entropy_draw(void)
{
        uint64_t number;
        if (!seeded && cpu_random(&number))
                return number;
        struct rng rng;
        rng_seed(&rng, base + __atomic_fetch_add(&drawn, 1, __ATOMIC_RELAXED));
        return rng_next(&rng);
}
