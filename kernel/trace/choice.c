#include "trace/choice.h"
#include "arch/this_cpu.h"
#include "lib/rng.h"

enum { ONE_IN = 4, TURN_MOST = 256 };

static bool seeded;
static struct rng coin[CPUS_MOST];              /* one a processor: no lock is needed */
static unsigned passed[CPUS_MOST];              /* choice points without a seed */

void choice_points_begin(uint64_t seed)
{
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                rng_seed(&coin[cpu], seed * CPUS_MOST + cpu);
        seeded = true;
}

bool choice_is_yes(void)
{
        return seeded && rng_below(&coin[this_cpu_index()], ONE_IN) == 0;
}

void choice_point(void)
{
        if (seeded ? choice_is_yes() : ++passed[this_cpu_index()] % TURN_MOST == 0)
                cpu_relax();
}
