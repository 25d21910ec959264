#include "arch/entropy.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "lib/rng.h"

static uint64_t base, drawn;

void entropy_init(const uint64_t *seed)
{
        if (seed)
                base = *seed;
        else if (!cpu_random(&base))
                base = clock_ticks();
}

/* Each number is the first of a generator of its own, so that nobody waits and no state is shared but a count. */
uint64_t entropy_draw(void)
{
        struct rng rng;
        rng_seed(&rng, base + __atomic_fetch_add(&drawn, 1, __ATOMIC_RELAXED));
        return rng_next(&rng);
}
