/*
 * mmaps: tries everything that mapping memory can do, once, and says what came of each.
 */
#include "user/lib/trial.h"

int main([[maybe_unused]] const char *argument)
{
        struct rng rng;
        size_t wrong = 0;

        rng_seed(&rng, 1);
        for (size_t i = 0; i < trial_count; i++) {
                const bool right = trials[i].run(&rng);

                printf("%-6s %s\n", right ? "right" : "WRONG", trials[i].sentence);
                wrong += !right;
        }
        return wrong != 0;
}
